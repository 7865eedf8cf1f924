// Formulas: tokens to a tree, with the precedence of derive/algebra/grammar/.
// Sums of products of powers; a sign binds more loosely than `*` at the start of a term, and
// only its own value behind `*`, `/` or `^`.
class Parser {
  constructor(tokens, functions) {
    Object.assign(this, { tokens, functions, at: 0 });
  }

  run() {
    const tree = this.sum();
    if (this.at < this.tokens.length) throw new Unread();
    return tree;
  }

  get next() {
    return this.tokens[this.at];
  }

  take(...signs) {
    const found = this.next?.kind === "sign" && signs.includes(this.next.value);
    return found ? this.tokens[this.at++].value : null;
  }

  signed(inner) {
    const sign = this.take("+", "-");
    if (sign === null) return inner();
    const value = this.signed(inner);
    return sign === "-" ? ["-", value] : value;
  }

  sum() {
    const term = () => this.signed(() => this.product());
    const terms = [term()];
    for (let sign; (sign = this.take("+", "-"));) {
      terms.push(sign === "-" ? ["-", term()] : term());
    }
    return terms.length === 1 ? terms[0] : ["+", ...terms];
  }

  product() {
    let tree = this.power();
    const factor = () => this.signed(() => this.power());
    for (;;) {
      if (this.take("*")) tree = ["*", tree, factor()];
      else if (this.take("/")) tree = ["/", tree, factor()];
      else if (this.startsFactor()) tree = ["*", tree, this.power()];
      else return tree;
    }
  }

  // Whether a factor follows without a sign; a number does not.
  startsFactor() {
    const { next } = this;
    if (next === undefined || (next.kind === "leaf" && typeof next.value === "string")) return false;
    return next.kind !== "sign" || next.value === "(";
  }

  power() {
    const base = this.atom();
    return this.take("^") ? ["^", base, this.signed(() => this.power())] : base;
  }

  atom() {
    const { next } = this;
    this.at += 1;
    if (next?.kind === "leaf") return next.value;
    if (next?.kind === "call") return this.call(next.value);
    if (next?.value !== "(") throw new Unread();
    const tree = this.sum();
    if (!this.take(")")) throw new Unread();
    return tree;
  }

  call(name) {
    if (!this.take("(")) throw new Unread();
    const parts = [this.sum()];
    while (this.take(",")) parts.push(this.sum());
    if (!this.take(")")) throw new Unread();
    const { takes, defaults } = this.functions[name];
    const left = takes - parts.length;
    const many = `${name}${parts.length}`;
    if (left < 0 && Object.hasOwn(this.functions, many)) return [many, ...parts];
    if (left < 0) throw new Unread("", {}, null); // max and min of more values than are known here
    if (left > defaults.length) throw new Unread();
    return [name, ...parts, ...defaults.slice(defaults.length - left)];
  }
}

// The value of a tree without names, every part of it computed; null if it has names.
function fold(tree, functions) {
  if (typeof tree === "string") return literal(tree);
  if (typeof tree === "number") return null;
  const [sign, ...trees] = tree;
  const parts = trees.map((part) => fold(part, functions));
  if (sign === "/" && parts[1] && isZero(parts[1])) throw new Unread("division_by_zero");
  if (sign === "^" && parts[1] && Math.abs(ball(parts[1]).m) > LARGEST_EXPONENT) throw new Unread();
  if (parts.includes(null)) return null;
  const value = attempt(() => evaluate([sign, ...parts.map((_, i) => -1 - i)], null, functions, parts));
  if (value === null || Math.abs(ball(value).m) > 1e200) throw new Unread();
  return value;
}

// Tokens and tree of a text; what is simple and not read here is read nowhere.
function scan(text, asked, names, { functions, whole }) {
  try {
    const tokens = new Scanner(text, asked, names, functions).run();
    return [tokens, new Parser(tokens, functions).run()];
  } catch (problem) {
    if (!(problem instanceof Unread)) throw problem;
    const simple = SIMPLE.test(text) && !GROUPED.test(text) && !SPOKEN.test(text);
    const surely = whole && simple && problem.surely !== null;
    throw new Unread(problem.reason, problem.slots, surely);
  }
}

// A formula or an arithmetic expression, with its value if it has no names.
function readFormula(text, asked, names, program) {
  const { functions } = program;
  if (TOLERANCE.test(text)) throw new Unread("plus_minus");
  const remark = REMARK.exec(text);
  const hidden = remark && (remark[1] || /[A-Za-z]/.test(remark[2])) &&
    !FORMULA_IN_REMARK.test(remark[2]);
  if (hidden || DATE.test(text) || RANGE.test(text) || text === "") throw new Unread();
  const [tokens, tree] = scan(text, asked, names, program);
  for (const name of namesIn(tree)) {
    const slots = { name: program.names[name], asked: program.names[asked] };
    if (name === asked) throw new Unread("itself", slots);
    if (name > asked) throw new Unread("later", slots);
  }
  const typed = tokens.filter(({ kind, value }) => kind === "leaf" && typeof value === "string")
    .map(({ value }) => value);
  return { tree, typed, value: fold(tree, functions) };
}

// The members of a = b = c, without the asked name in front; the last one counts.
function splitMembers(text, asked, names, program) {
  const parts = text.split(EQUALS);
  if (parts.length === 1) return parts;
  const [own] = program.states[program.names[asked]] ?? [program.names[asked]];
  const wanted = [asked, names.updated(own, 0)];
  const named = names.find(parts[0], 0, null);
  if (named !== null && named.end === parts[0].length) {
    if (!wanted.includes(named.index)) throw new Unread();
    parts.shift();
  }
  if (parts.length > 16) throw new Unread();
  return parts;
}
