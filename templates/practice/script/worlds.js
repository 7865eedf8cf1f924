// The exercise as somebody goes on with it: own answers, known mistakes, other given numbers
// (derive/checking/counterfactuals.py and own.py). A formula is a tree: a number as text, a
// quantity by its index, a parameter of a function below 0, else an operation and its parts.
const literals = new Map();

function literal(text) {
  if (!literals.has(text)) literals.set(text, exact(text));
  return literals.get(text);
}

// An exact zero stays exact, whatever it is multiplied by, if only that has a value.
function multiply(parts, value) {
  let [whole, doubt] = [null, null];
  for (const part of parts) {
    let factor;
    try {
      factor = value(part);
    } catch (problem) {
      if (problem !== UNDECIDED) throw problem;
      doubt = problem;
      continue;
    }
    whole = whole === null ? factor : product(whole, factor);
  }
  if (doubt && !(whole && isExact(whole) && whole.n === 0n)) throw doubt;
  return whole;
}

// The value that belongs to the largest operand, of equal ones to the first.
function pickLargest(parts, value) {
  const count = parts.length / 2;
  let [best, largest] = [0, value(parts[0])];
  for (let i = 1; i < count; i += 1) {
    const other = value(parts[i]);
    if (sign(sum(other, negative(largest))) > 0) [best, largest] = [i, other];
  }
  return value(parts[count + best]);
}

const OPERATIONS = {
  "+": (parts, value) => parts.map(value).reduce(sum),
  "-": ([part], value) => negative(value(part)),
  "*": multiply,
  "/": ([top, bottom], value) => quotient(value(top), value(bottom)),
  "^": ([base, exponent], value) => power(value(base), value(exponent)),
  "?": ([subject, below, zero, above], value) =>
    value([below, zero, above][sign(value(subject)) + 1]),
  pick: pickLargest,
};

// The value of a formula; `get` gives that of a quantity. Throws where it has none.
function evaluate(tree, get, functions, values = []) {
  if (typeof tree === "string") return literal(tree);
  if (typeof tree === "number") return tree < 0 ? values[-1 - tree] : get(tree);
  const [sign, ...parts] = tree;
  const value = (part) => evaluate(part, get, functions, values);
  if (OPERATIONS[sign]) return OPERATIONS[sign](parts, value);
  const { body } = functions[sign];
  const given = parts.map(value);
  return body === null ? PRIMITIVES[sign](given[0]) : evaluate(body, get, functions, given);
}

// Every name in a formula, each once.
function namesIn(tree, found = new Set()) {
  if (typeof tree === "number" && tree >= 0) found.add(tree);
  else if (Array.isArray(tree)) tree.slice(1).forEach((part) => namesIn(part, found));
  return found;
}

// What `compute` gives; null where there is no value.
function attempt(compute) {
  try {
    return compute();
  } catch (problem) {
    if (problem === UNDECIDED || problem === NOT_DEFINED) return null;
    throw problem;
  }
}

// The number that is printed for a value, where every step is rounded (rounding.show).
function printed(value, decimals) {
  const tens = 10n ** BigInt(decimals);
  if (isExact(value) && (value.n * tens) % value.d === 0n) return value;
  const n = nearest(product(value, fraction(tens)));
  if (n >= 100n || n <= -100n) return made(n, tens);
  const size = Math.floor(Math.log10(Math.abs(ball(value).m)));
  const finer = powerOfTen(3 - size);
  return made(nearest(product(value, finer)) * finer.d, finer.n);
}

// The nearest integer, half away from zero.
function nearest(value) {
  if (isExact(value)) {
    const size = value.n < 0n ? -value.n : value.n;
    const whole = (2n * size + value.d) / (2n * value.d);
    return value.n < 0n ? -whole : whole;
  }
  const [size, off] = [Math.abs(value.m), value.r + value.e];
  const whole = Math.floor(size + 0.5);
  if (size > 2 ** 50 || Math.abs(size + 0.5 - whole) < off || whole + 1 - size - 0.5 < off) {
    throw TOO_CLOSE;
  }
  return BigInt(value.m < 0 ? -whole : whole);
}

// One exercise: `changes` are formulas in place of the sheet's, `own` numbers in place of
// computed ones, `written` the answers of which error signals are used where `through` says
// so; `carried` values are intervals, wider by half a digit where a number is printed. What
// the changes do not `affect` is that of the world `base`, which differs in nothing else.
class World {
  constructor(program, { truth = null, given = program.given, changes = new Map(), own = new Map(),
    written = null, carried = false, stepwise = program.stepwise, base = null, affect = null } = {}) {
    Object.assign(this, { program, truth, given, changes, own, written, carried, stepwise });
    Object.assign(this, { base, affect });
    this.values = new Map();
    this.operands = new Map();
    this.differing = new Set();
  }

  // The formula of a name, and whether it is the sheet's own.
  formula(name) {
    const { plan, listed, throughs } = this.program;
    const changed = this.changes.get(name);
    const formula = changed ?? plan[name];
    const way = this.written && throughs.get(`${name} ${formula}`);
    if (way && this.written.has(way.signal)) return [way.formula, false];
    return [formula, changed === undefined && name < listed];
  }

  // The value of a name before its own rounding, null where it has none.
  value(name) {
    if (!this.values.has(name)) this.compute(name);
    return this.values.get(name);
  }

  compute(name) {
    if (this.base && !this.affect(name)) {
      this.values.set(name, this.base.value(name));
      if (this.base.differs(name)) this.differing.add(name);
      return;
    }
    const [formula, fresh] = this.formula(name);
    if (formula < 0) {
      const value = this.given.get(name) ?? null;
      if (value === null) this.differing.add(name);
      this.values.set(name, value);
      this.operands.set(name, value);
      return;
    }
    const used = this.program.uses[formula];
    used.forEach((other) => this.operand(other));
    if (fresh && !used.some((other) => this.differing.has(other))) {
      if (this.truth) {
        this.values.set(name, this.truth.value(name));
        return;
      }
    } else {
      this.differing.add(name);
    }
    this.values.set(name, this.evaluate(this.program.formulas[formula]));
  }

  // The value as the next step uses it.
  operand(name) {
    if (this.operands.has(name)) return this.operands.get(name);
    let value = this.own.get(name);
    if (value !== undefined) {
      this.differing.add(name);
    } else {
      value = this.value(name);
      if (!this.operands.has(name)) value = this.adapt(name, value);
    }
    this.operands.set(name, value);
    return value;
  }

  adapt(name, value) {
    const { program } = this;
    if (value === null) return null;
    if (this.stepwise) {
      if (!this.differing.has(name) && program.printed[name]) return literal(program.printed[name]);
      const copied = typeof program.formulas[this.formula(name)[0]] === "number";
      return copied ? value : attempt(() => printed(value, program.decimals));
    }
    const places = this.carried ? program.halves[name] ?? null : null;
    return places === null ? value : widen(value, 10 ** -places / 2);
  }

  differs(name) {
    this.value(name);
    return this.differing.has(name);
  }

  // The value of any formula; that of intervals at their middles, if they reach too far.
  evaluate(tree) {
    const { functions } = this.program;
    const get = (name) => {
      const value = this.operand(name);
      if (value === null) throw NOT_DEFINED;
      return value;
    };
    const value = attempt(() => evaluate(tree, get, functions));
    if (value !== null || !this.carried) return value;
    return attempt(() => evaluate(tree, (name) => middle(get(name)), functions));
  }
}
