// What the checker wrote, made ready to compute with.
function prepare(program) {
  const values = (texts) => new Map(texts.map(([name, text]) => [Number(name), exact(text)]));
  const given = Object.entries(program.given);
  return {
    ...program,
    given: values(given),
    points: program.points.map((texts) => values(texts.map((text, i) => [given[i][0], text]))),
    uses: program.formulas.map((tree) => [...namesIn(tree)]),
    ways: listWays(program),
    throughs: new Map(program.through.map((way) => [`${way.name} ${way.instead}`, way])),
  };
}

// Of each name the formulas by which somebody gets to it: the sheet's and those of mistakes.
function listWays({ names, plan, mistakes, through }) {
  const ways = names.map((_, i) => new Set(plan[i] < 0 ? [] : [plan[i]]));
  for (const { changes } of mistakes) changes.forEach(([name, formula]) => ways[name].add(formula));
  for (const { name, formula } of through) ways[name].add(formula);
  return ways;
}

function prepareAim(aim) {
  const unit = powerOfTen(-aim.places);
  return {
    ...aim, unit,
    value: exact(aim.value), shown: exact(aim.shown), lastUnit: powerOfTen(-aim.last),
    twoUnits: product(fraction(2n), unit),
    said: new Map(aim.said.map(([row, , ...sentences]) => [row, sentences])),
    alone: new Map(aim.alone.map(([row, ...sentences]) => [row, sentences])),
    looks: new Map(aim.said.map(([row, look]) => [row, look])),
  };
}

// The ruling on a count: that of the stretch in which it lies, else the first one.
function ruling({ rulings }, stretches, count) {
  const numbers = stretches.split(" ");
  let end = 0n, index = 0;
  for (let i = 0; i + 2 < numbers.length; i += 3) {
    const low = end + BigInt(numbers[i]);
    end = low + BigInt(numbers[i + 1]);
    if (count > end) continue;
    if (count >= low) index = Number(numbers[i + 2]);
    break;
  }
  const found = rulings[index];
  return { ...found, otherwise: rulings[found.otherwise] };
}

// A text with its slots filled; a noun behind a slot agrees with it.
const fill = (sentence, slots) =>
  sentence.replace(/\{([a-z_]+)(?::([^{|}]+)\|([^{|}]+))?\}/g, (_, slot, one, more) =>
    one ? (String(slots[slot]) === "1" ? one : more) : String(slots[slot]));
