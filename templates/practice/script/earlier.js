// What somebody has answered so far, and what the exercise comes to with that
// (derive/checking/earlier.py).
const FAULTY = ["wrong", "misconception"], RIGHT = ["correct", "rounded"];

class EarlierAnswers {
  constructor(sheet) {
    this.sheet = sheet;
    this.answers = new Map();
    this.written = new Map();
    this.faulty = new Map();
    this.signals = new Set();
    this.isRounded = this.isWrong = false;
    this.worlds = new Map();
    this.mistaken = new Map();
    this.texts = new Map();
  }

  note(aim, claim, verdict) {
    const { name } = aim;
    const isStep = claim.formula && RIGHT.includes(verdict.word); // no number to go on from
    const stands = standFor(aim, claim, verdict, this.sheet);
    this.answers.set(name, { claim, verdict: verdict.word, stands, isStep });
    if (isStep) return;
    for (const { without, world, points } of this.worlds.values()) {
      if (without.has(name)) continue;
      world.own.set(name, stands);
      points.own.set(name, claim.value);
    }
    for (const [made, world] of this.mistaken) { // it used what was not answered yet
      if (world.operands.has(name)) this.mistaken.delete(made);
    }
    this.written.set(name, claim.value);
    if (aim.signal) this.signals.add(name);
    if (RIGHT.includes(verdict.word) && !same(claim.value, aim.shown)) this.isRounded = true;
    if (FAULTY.includes(verdict.word) || verdict.word === "carried") {
      this.faulty.set(name, claim.value);
      this.isWrong = true;
    }
  }

  get asPrinted() {
    return !this.isWrong && !this.isRounded;
  }

  // What something comes to if some other answer is wrong, or right and rounded.
  suppose(what, compute) {
    const before = this[what];
    this[what] = true;
    try {
      return compute();
    } finally {
      this[what] = before;
    }
  }

  // By the sheet's way, and by way of an own error signal.
  ways(name) {
    return this.sheet.signalsOf(name).some((signal) => this.signals.has(signal)) ?
      [false, true] : [false];
  }

  // What a formula for an id comes to from the own answers; null where it has no value.
  evaluate(name, tree) {
    return this.listWorlds(name)[0].points.evaluate(tree);
  }

  // The exercise as it goes on from all own answers but some, by every way to an id.
  listWorlds(name, without = new Set()) {
    const left = [...without].sort((a, b) => a - b).join(" ");
    return this.ways(name).map((through) => {
      const key = `${through} ${left}`;
      if (!this.worlds.has(key)) this.worlds.set(key, this.makeWorlds(through, without));
      return this.worlds.get(key);
    });
  }

  makeWorlds(through, without) {
    const { program, truth } = this.sheet;
    const kept = [...this.answers].filter(([name, { isStep }]) => !without.has(name) && !isStep);
    const written = through ? this.written : null;
    const world = new World(program, {
      truth, written, carried: true, own: new Map(kept.map(([name, { stands }]) => [name, stands])),
    });
    const points = new World(program, {
      truth, written, own: new Map(kept.map(([name, { claim }]) => [name, claim.value])),
    });
    return { without, world, points };
  }

  // A known mistake made on top of the own answers, by every way to an id.
  listMistaken(row, name) {
    const { sheet } = this;
    this.latest = name;
    return this.ways(name).map((through) => this.makeMistaken(`${row} ${through}`, {
      truth: sheet.truth, changes: sheet.mistakes[row].changes,
      written: through ? this.written : null, base: this.makeBase(through),
      affect: (used) => used > this.latest || sheet.affects(row, used),
    }));
  }

  // The same answers gone on from without a mistake.
  listUnmistaken(name) {
    this.latest = name;
    return this.ways(name).map((through) => this.makeBase(through));
  }

  makeBase(through) {
    return this.makeMistaken(`base ${through}`, {
      truth: this.sheet.truth, written: through ? this.written : null,
    });
  }

  makeMistaken(key, how) {
    const made = `${key} ${this.isWrong}`;
    if (!this.mistaken.has(made)) {
      const own = this.isWrong ? this.faulty : this.written;
      this.mistaken.set(made, new World(this.sheet.program, { ...how, own }));
    }
    return this.mistaken.get(made);
  }

  listFaults(name) {
    const needed = this.sheet.needed(name), signals = this.sheet.signalsOf(name);
    return [...this.answers].filter(([other, { verdict }]) =>
      FAULTY.includes(verdict) && other !== name && (needed.has(other) || signals.includes(other)))
      .map(([other]) => other).sort((a, b) => a - b);
  }

  // Some wrong answers, and the carried ones that they lead to.
  listHandedOn(faults) {
    const leads = (fault, name) =>
      this.sheet.needed(name).has(fault) || this.sheet.signalsOf(name).includes(fault);
    const led = [...this.answers].filter(([name, { verdict }]) => verdict === "carried" &&
      faults.some((fault) => leads(fault, name)));
    return new Set([...faults, ...led.map(([name]) => name)]);
  }
}

// The numbers that the digits of an answer can stand for: half a unit on both sides, a unit
// away from 0 where it was cut off; itself where it is short or where every step is rounded.
function standFor(aim, claim, { cut }, { program }) {
  const short = aim.short && !less(aim.lastUnit, claim.unit);
  if (program.stepwise || short) return claim.value;
  if (claim.formula) return ball(claim.value); // narrower than doubles tell
  const half = approximate(claim.half);
  if (!cut) return widen(claim.value, half);
  return widen(sum(claim.value, claim.value.n > 0n ? claim.half : negative(claim.half)), half);
}
