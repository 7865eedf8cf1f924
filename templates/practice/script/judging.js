// The verdict on a number (derive/checking/judging.py). What no other answer touches stands in
// the table that the checker wrote; here stands what comes of the answers before.
class Judge {
  constructor(sheet) {
    this.sheet = sheet;
  }

  // Word, codes of mistakes, indices of what is said; null where doubles cannot tell.
  judgeNumber(aim, claim, ruling, earlier) {
    if (ruling.right || earlier.answers.size === 0) return said(ruling);
    try {
      return this.judgeByOwn(aim, claim, earlier) ??
        this.judgeMistaken(aim, claim, earlier) ??
        said(ruling.otherwise ?? ruling);
    } catch (problem) {
      if (problem !== TOO_CLOSE) throw problem;
      return null;
    }
  }

  judgeByOwn(aim, claim, earlier) {
    if (earlier.asPrinted || !this.comesOut(aim, claim, earlier)) return null;
    const faults = earlier.listFaults(aim.name);
    if (faults.length === 0 || this.comesOut(aim, claim, earlier, earlier.listHandedOn(faults))) {
      return { word: "rounded", remark: "after_rounded" };
    }
    const first = faults.find((fault) =>
      !this.comesOut(aim, claim, earlier, earlier.listHandedOn([fault]))) ?? faults[0];
    return { word: "carried", remark: "carried", step: this.sheet.program.names[first] };
  }

  // Whether an answer follows from the own answers, but for some of them.
  comesOut(aim, claim, earlier, without) {
    const worlds = earlier.listWorlds(aim.name, without);
    const answer = either(...worlds.map((pair) => () => this.follows(aim, claim, pair)));
    if (answer === null) throw TOO_CLOSE;
    return answer;
  }

  follows(aim, claim, { world, points }) {
    const value = world.value(aim.name);
    if (value === null || !world.differs(aim.name)) return false;
    const point = points.value(aim.name);
    if (point !== null && same(claim.exact, point)) return true;
    const fewest = isExact(value) ? FEWEST : 0;
    if (claim.digits < fewest || !hasEnoughDigits(claim, this.sheet.unit)) return false;
    return either(() => isNear(claim.value, value, claim.half), () => isCut(claim, value));
  }

  judgeMistaken(aim, claim, earlier) {
    if (isBlurred(aim, claim)) return null;
    const tolerance = sum(claim.half, product(SLACK, aim.unit));
    const { decimals } = this.sheet.program;
    let hits = this.sheet.mistaken(aim)
      .filter(({ value, world }) => tell(mayBeNamed(value, claim, decimals, tolerance)) &&
        !this.isRuledOut(aim, world, earlier));
    if (hits.length === 0) hits = this.listOnTop(aim, claim, tolerance, earlier);
    return hits.length > 0 ? this.sheet.name(aim, hits.map(({ row }) => row), earlier) : null;
  }

  // Whether another answer, between the mistake and this one, is not what it leads to.
  isRuledOut(aim, world, earlier) {
    if (world === null) return false;
    const needed = this.sheet.needed(aim.name);
    return [...earlier.answers].some(([name, { claim }]) =>
      needed.has(name) && this.contradicts(this.sheet.aims.get(name), claim, world));
  }

  contradicts(other, claim, world) {
    const wrong = world.differs(other.name) ? world.value(other.name) : null;
    if (wrong === null || tell(isNear(other.value, wrong, other.twoUnits))) return false;
    return !tell(isNear(numberOf(claim), wrong, sum(claim.half, product(SLACK, other.unit))));
  }

  // Known mistakes made after the own answers, where they change anything.
  listOnTop(aim, claim, tolerance, earlier) {
    if (earlier.asPrinted || (claim.digits < FEWEST && !aim.short)) return [];
    const worlds = earlier.listWorlds(aim.name);
    const clean = [aim.value];
    for (const world of [...worlds.map((pair) => pair.world), ...earlier.listUnmistaken(aim.name)]) {
      const value = world.value(aim.name);
      if (value !== null) clean.push(middle(value));
    }
    return [...this.listWrong(aim, worlds, earlier)].filter(({ value }) => value !== null &&
      tell(mayBeNamed(value, claim, this.sheet.program.decimals, tolerance)) &&
      clean.every((other) => isApart(value, other, aim.twoUnits)));
  }

  *listWrong(aim, worlds, earlier) {
    for (const row of this.sheet.listTouching(aim, earlier.signals)) {
      for (const world of earlier.listMistaken(row, aim.name)) {
        yield { row: { mistake: row }, value: world.value(aim.name) };
      }
    }
    for (const { points } of aim.slips.length > 0 ? worlds : []) {
      for (const slip of aim.slips) {
        yield { row: { slip }, value: points.evaluate(this.sheet.program.formulas[slip.formula]) };
      }
    }
  }
}

// Whether zeros behind the point, as in 0.0000, are the value rounded to so few decimals.
const isBlurred = (aim, claim) => isExact(claim.value) && claim.value.n === 0n &&
  claim.unit.d > claim.unit.n && !aim.short && tell(isNear(aim.value, claim.value, claim.half));

const said = ({ verdict, said: sentences, cut }) => ({ word: verdict, sentences, cut });

// An answer to a question that doubles could decide.
function tell(answer) {
  if (answer === null) throw TOO_CLOSE;
  return answer;
}

// The number of a claim as an exact one; a formula's is one of a double.
const numberOf = ({ value }) => (isExact(value) ? value : exactly(value.m));

function exactly(double) {
  let power = 0;
  while (!Number.isInteger(double)) [double, power] = [double * 2, power + 1];
  return made(BigInt(double), 1n << BigInt(power));
}

// Whether two values are further apart than a distance.
function isApart(a, b, distance) {
  if (isExact(a) && isExact(b)) return less(distance, size(difference(a, b)));
  const gap = difference(a, b);
  return tell(atMost(approximate(distance) - Math.abs(gap.m), gap.e, 0));
}
