// A number somebody gives, and how many of its digits it takes to judge it
// (derive/checking/claims.py). A comparison is true, false, or null where doubles cannot tell.
const FEWEST = 3, FEWEST_FOR_ROUNDED = 2; // significant digits
const SLACK = fraction(3n, 2n); // units beside half of the own that a mistake's value may be off
const NOISE = 1e-13; // a tie as close as this is one of exact numbers, which Arb takes in

const less = (a, b) => sign(difference(a, b)) < 0;
const same = (a, b) => isExact(a) && isExact(b) && a.n * b.d === b.n * a.d;
const size = (value) => (value.n < 0n ? negative(value) : value);

// true if any is, else null if any cannot be told.
function either(...questions) {
  let doubt = false;
  for (const ask of questions) {
    const answer = ask();
    if (answer) return true;
    if (answer === null) doubt = null;
  }
  return doubt;
}

// Whether an exact number is at most so far, besides its own half width, from a value.
function isNear(number, value, tolerance) {
  if (isExact(value)) return !less(tolerance, size(difference(number, value)));
  const gap = difference(number, middle(value));
  const reach = value.r + approximate(tolerance);
  return atMost(Math.abs(gap.m) - reach, gap.e, Math.abs(gap.m) + reach);
}

// Whether what is computed to be `gap` is 0 or less, for terms of this size.
function atMost(gap, error, terms) {
  if (Math.abs(gap) <= NOISE * terms) return true;
  return Math.abs(gap) <= error ? null : gap < 0;
}

// Whether two values are equal as far as their balls tell.
function overlap(a, b) {
  if (isExact(a) && isExact(b)) return same(a, b);
  const { m, r, e } = difference(a, b);
  return Math.abs(m) <= r + e;
}

// Whether some number of a value, or the value itself, was cut off behind the last digit.
function isCut(claim, value) {
  if (claim.value.n === 0n) return false;
  if (claim.value.n < 0n) {
    const turned = { ...claim, value: negative(claim.value) };
    return isCut(turned, negative(value));
  }
  const beyond = sum(claim.value, claim.unit);
  if (isExact(value)) return less(value, beyond) && less(claim.value, value);
  const [low, high] = [value.m - value.r, value.m + value.r];
  const [from, to] = [approximate(claim.value), approximate(beyond)];
  const above = atMost(low - to, value.e, 0), below = atMost(from - high, value.e, 0);
  return above === false || below === false ? false : above && below;
}

const hasEnoughDigits = (claim, sheetUnit) =>
  claim.digits >= FEWEST_FOR_ROUNDED || (claim.digits > 0 && !less(sheetUnit, claim.unit));

const endsWithin = (value, decimals) => (value.n * 10n ** BigInt(decimals)) % value.d === 0n;

// Whether an answer is what a mistake leads to, with digits enough to say so.
function mayBeNamed(value, claim, decimals, tolerance) {
  if (claim.digits >= FEWEST) return isNear(claim.value, value, tolerance);
  if (isExact(value)) return same(claim.value, value) && endsWithin(value, decimals);
  return overlap(claim.value, value) ? null : false;
}

// The claim of a written number, a count of a power of ten.
function claimNumber({ count, power }) {
  const unit = powerOfTen(power);
  const value = product(fraction(count), unit);
  const digits = count === 0n ? 0 : String(count < 0n ? -count : count).length;
  return { value, unit, half: product(unit, HALF), digits, exact: value };
}

// The claim of a computed number, rounded to the digits of the sheet.
function claimComputed(value, places) {
  const count = nearest(product(value, powerOfTen(places)));
  return { ...claimNumber({ count, power: -places }), exact: value };
}

// The claim of a formula, which stands for itself alone.
function claimAll(value, places) {
  const unit = powerOfTen(-places - 16);
  return { value, unit, half: product(unit, HALF), digits: FEWEST, exact: value, formula: true };
}
