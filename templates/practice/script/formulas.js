// The verdict on a formula: equal as a function, with numbers of the sheet in place of names,
// or that of a known mistake (derive/checking/formulas.py and samples.py).
class Point {
  constructor(sheet, given) {
    Object.assign(this, { sheet, given, worlds: new Map() });
    this.truth = new World(sheet.program, { given, stepwise: false });
  }

  choose(aim, row) {
    if (row === null) return this.truth;
    const key = row.slip ? `${aim.name} ${row.slip.formula}` : row.mistake;
    if (!this.worlds.has(key)) {
      const changes = this.sheet.changesOf(aim, row);
      const { given, truth, sheet: { program } } = this;
      this.worlds.set(key, new World(program, { given, truth, changes, stepwise: false }));
    }
    return this.worlds.get(key);
  }

  // Whether a formula has the value that an id has after a mistake, and the mistake shows.
  agrees(tree, aim, row, inside) {
    const world = this.choose(aim, row);
    if (row !== null && !world.differs(aim.name)) return false;
    const wanted = world.value(aim.name);
    const value = wanted && valueOf(tree, inside ? world : this.truth);
    return value !== null && overlap(value, wanted);
  }

  // Which case every formula with cases of its own takes, on the way to an id.
  takes(names) {
    const { program } = this.sheet;
    const get = (name) => this.truth.value(name);
    const cases = names.flatMap((name) => listCases(program.formulas[program.plan[name]]));
    return cases.map(([subject, ...sides]) => attempt(() =>
      JSON.stringify(sides[sign(evaluate(subject, get, program.functions)) + 1]))).join(" ");
  }
}

// The value of a formula from the values of a world; null where it has none.
function valueOf(tree, world) {
  const get = (name) => {
    const value = world.value(name);
    if (value === null) throw NOT_DEFINED;
    return value;
  };
  return attempt(() => evaluate(tree, get, world.program.functions));
}

// Subject and sides of every choice by a sign.
function listCases(tree) {
  if (!Array.isArray(tree)) return [];
  const [sign, ...parts] = tree;
  return [...(sign === "?" ? [parts] : []), ...parts.flatMap(listCases)];
}

class FormulaJudge {
  constructor(sheet) {
    this.sheet = sheet;
    this.here = new Point(sheet, sheet.program.given);
    this.points = sheet.program.points.map((given) => new Point(sheet, given));
    this.fixed = new Map();
    this.known = new Map();
    this.plain = this.findTyped([]).length;
  }

  // The verdict on a formula, which no other answer touches.
  judge(aim, formula) {
    const key = `${aim.name} ${JSON.stringify(formula.tree)}`;
    if (!this.known.has(key)) this.known.set(key, this.compare(aim, formula));
    return this.known.get(key);
  }

  compare(aim, { tree, typed }) {
    if (aim.points.length === 0) throw new Unread();
    if (this.areEqual(tree, aim)) return { word: "correct" };
    const fixed = this.findTyped(typed);
    if (fixed.length > 0 && this.areEqual(tree, aim, null, fixed)) return PARTLY_NUMBERS;
    const hits = this.findWrong(tree, aim, fixed);
    if (hits.length > 0) return this.sheet.name(aim, hits);
    const value = valueOf(tree, this.sheet.truth);
    if (value !== null && typed.some((text) => text.includes("."))) {
      const claim = claimComputed(value, aim.places);
      if (this.sheet.look(aim, claim).verdict === "correct") return PARTLY_NUMBERS;
    }
    return { word: "wrong" };
  }

  // The given ids for which a formula has their number; 0 and 1 are not even written.
  findTyped(typed) {
    const numbers = [ZERO, ONE, ...typed.map(exact)];
    return [...this.sheet.program.given]
      .filter(([, value]) => numbers.some((number) => same(number, value))).map(([name]) => name);
  }

  areEqual(tree, aim, row = null, fixed = [], inside = false) {
    if (!this.here.agrees(tree, aim, row, inside)) return false;
    return this.pointsFor(aim, fixed).every((point) => point.agrees(tree, aim, row, inside));
  }

  pointsFor(aim, fixed) {
    const listed = fixed.length === 0 ? aim.points : fixed.length === this.plain ? aim.plain : null;
    if (listed !== null) return listed.map((i) => this.points[i]);
    if (this.sheet.program.presented) throw TOO_CLOSE; // too few values: points decide by chance
    return this.holdFixed(aim, fixed);
  }

  // The points with some numbers as on the sheet, where the same cases hold as here.
  holdFixed(aim, fixed) {
    const names = [...this.sheet.needed(aim.name), aim.name];
    const wanted = this.here.takes(names);
    return this.listFixed(fixed).filter((point) =>
      point.truth.value(aim.name) !== null && point.takes(names) === wanted);
  }

  listFixed(fixed) {
    const key = fixed.join(" ");
    if (!this.fixed.has(key)) {
      const { program } = this.sheet;
      const rows = program.together.filter((row) => row.some((name) => fixed.includes(name)));
      const held = [...fixed, ...rows.flat()];
      this.fixed.set(key, program.points.map((given) => {
        const own = held.map((name) => [name, program.given.get(name)]);
        return new Point(this.sheet, new Map([...given, ...own]));
      }));
    }
    return this.fixed.get(key);
  }

  // The mistakes whose formula an answer is, its names with their true values; only where
  // none fits so, with those after a mistake that is made in this very step.
  findWrong(tree, aim, fixed) {
    const touching = this.sheet.listTouching(aim, new Set());
    const rows = [...touching.map((mistake) => ({ mistake })), ...aim.slips.map((slip) => ({ slip }))];
    const plain = rows.filter((row) => this.areEqual(tree, aim, row, fixed));
    if (plain.length > 0) return plain;
    return touching.filter((row) => this.sheet.mistakes[row].changes.has(aim.name))
      .map((mistake) => ({ mistake }))
      .filter((row) => this.areEqual(tree, aim, row, fixed, true));
  }
}

const PARTLY_NUMBERS = { word: "correct", remark: "partly_numbers" };
