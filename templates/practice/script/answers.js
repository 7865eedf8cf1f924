const PLAIN = 0.2; // share of a number that no rounding of its factors takes away

// One answer: its members read, the last of them judged.
function readAnswer(text, aim, sheet, earlier) {
  const { program, names, words } = sheet;
  const bare = plain(text);
  const finest = aim.column.stretches.length - 1 - sheet.table.coarsest;
  const parts = splitMembers(bare, aim.name, names, program);
  const members = parts.map((part) => readMember(part, aim, sheet, earlier));
  const last = members.at(-1);
  checkChain(members, aim);
  if (last.number === undefined || last.number.power >= -finest) return { ...last, text, more: [] };
  if (members.length > 1) throw new Unread();
  const shorter = writeRounded(last.number, finest);
  const more = [fill(words.rounded, { decimals: finest })];
  return { ...readMember(shorter, aim, sheet, earlier), text: shorter, more };
}

function readMember(text, aim, { program, names }, earlier) {
  const number = readNumber(text, program.decimals);
  if (number !== null) return { number, claim: claimNumber(number) };
  const formula = readFormula(text, aim.name, names, program);
  if (formula.value !== null) return { claim: claimComputed(formula.value, aim.places) };
  const value = earlier.evaluate(aim.name, formula.tree);
  return { formula, claim: value === null ? null : claimAll(value, aim.places) };
}

// Whether all members are one number, within the digits written.
function checkChain(members, aim) {
  const last = members.at(-1);
  for (const member of members.slice(0, -1)) {
    if (member.claim === null || last.claim === null) throw new Unread("chain");
    let slack = aim.spread + approximate(aim.unit);
    for (const part of [member, last]) slack += part.formula ? 0 : approximate(part.claim.unit);
    const gap = ball(difference(member.claim.value, last.claim.value));
    const agrees = atMost(Math.abs(gap.m) - slack, gap.e + slack * NOISE, 0);
    if (agrees === null) throw TOO_CLOSE;
    if (!agrees) throw new Unread("chain", { line: 1, place: findFalse(members) });
  }
}

// Which sign of a chain of numbers is the first false one, from 1; null where that is not
// plain: derive check also weighs the digits of numbers inside a member.
function findFalse(members) {
  if (members.some((member) => member.formula)) return null;
  for (let place = 1; place < members.length; place += 1) {
    const [one, other] = [members[place - 1].claim, members[place].claim];
    const gap = Math.abs(ball(difference(one.exact, other.exact)).m);
    if (gap > PLAIN * Math.max(...[one, other].map(({ value }) => Math.abs(ball(value).m)))) return place;
    if (gap > approximate(one.unit) + approximate(other.unit)) return null;
  }
  return null;
}

// The text of a number with so many decimals, rounded half away from zero.
function writeRounded({ count, power }, decimals) {
  const size = count < 0n ? -count : count;
  const unit = 10n ** BigInt(-decimals - power);
  const digits = String((2n * size + unit) / (2n * unit)).padStart(decimals + 1, "0");
  return (count < 0n ? "-" : "") + digits.slice(0, -decimals) + "." + digits.slice(-decimals);
}
