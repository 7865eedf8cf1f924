// Numbers as the checker has them: exact fractions { n, d } as long as a value is rational,
// else balls { m, r, e }: middle and half width as Arb carries them (derive/numbers/balls.py),
// and how far each end, computed in doubles, may be from Arb's.
const UNDECIDED = "undecided"; // the ball is too wide for a question: the checker's answer, too
const NOT_DEFINED = "not defined"; // a division by zero, a logarithm of 0
const TOO_CLOSE = "too close"; // doubles cannot tell what the checker can
const LONG = 1n << 512n; // denominators are reduced from here on
const LARGE = 1n << 1000n; // within a double's range
const LONGEST = 1n << 16384n; // limits.EXACT_BITS: a longer fraction is a ball
const ULP = 2 ** -51; // of one operation, outward
const COARSE = 1.5e-8; // of a value: Arb's ends of a wide ball have 30 bits,
const RADIUS = 8e-5; // of a half width: and so it rounds these after a division or a function
const MAG = 5e-9; // and in a sum or a product
const WIDE = 2 ** -20; // from this half width on Arb takes the ends instead of the slope

const fraction = (n, d = 1n) => ({ n, d, near: undefined }); // `near` is its double, once asked for
const ZERO = fraction(0n), ONE = fraction(1n), HALF = fraction(1n, 2n);
const isExact = (value) => value.d !== undefined;
const isZero = (value) => (isExact(value) ? value.n === 0n : value.m === 0 && value.r === 0);

function divisor(a, b) {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

// A fraction with a positive denominator, reduced where it is long; a ball where it stays so.
function made(n, d) {
  if (d < 0n) [n, d] = [-n, -d];
  if (n === 0n) return ZERO;
  if (d < LONG) return fraction(n, d);
  const common = divisor(n, d);
  const value = fraction(n / common, d / common);
  return value.d > LONGEST || value.n > LONGEST || value.n < -LONGEST ? ball(value) : value;
}

function powerOfTen(power) {
  return power < 0 ? fraction(1n, 10n ** BigInt(-power)) : fraction(10n ** BigInt(power));
}

// The fraction of a text such as -0.05, 2.5e-4 or 17/40.
function exact(text) {
  const [over, under] = text.split("/");
  if (under !== undefined) return made(BigInt(over), BigInt(under));
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const [whole, decimals = ""] = mantissa.split(".");
  const { n, d } = powerOfTen(Number(exponent) - decimals.length);
  return made(BigInt(whole + decimals) * n, d);
}

const length = (whole) => 4 * whole.toString(16).length;

// The double next to a fraction.
function approximate(value) {
  value.near ??= divide(value);
  return value.near;
}

function divide({ n, d }) {
  if (n < LARGE && -n < LARGE && d < LARGE) return Number(n) / Number(d);
  const size = n < 0n ? -n : n;
  const shift = length(size) - length(d) - 64;
  const whole = Number(shift > 0 ? size / (d << BigInt(shift)) : (size << BigInt(-shift)) / d);
  const half = Math.trunc(shift / 2);
  return (n < 0n ? -1 : 1) * whole * 2 ** half * 2 ** (shift - half);
}

function ball(value) {
  if (!isExact(value)) return value;
  const m = approximate(value);
  return { m, r: 0, e: Math.abs(m) * ULP };
}

// A computed ball; beyond a double's range nothing is told.
function rounded(m, r, e) {
  if (!Number.isFinite(m) || !Number.isFinite(r)) throw TOO_CLOSE;
  return { m, r, e: e + Math.abs(m) * ULP + r * ULP };
}

const widen = (value, half) => {
  const { m, r, e } = ball(value);
  return { m, r: r + half, e: e + half * MAG };
};
const middle = (value) => (isExact(value) ? value : { ...value, r: 0 });

function negative(value) {
  return isExact(value) ? fraction(-value.n, value.d) : { ...value, m: -value.m };
}

function sum(a, b) {
  if (isExact(a) && isExact(b)) {
    if (a.d === b.d) return made(a.n + b.n, a.d);
    if (a.d % b.d === 0n) return made(a.n + b.n * (a.d / b.d), a.d);
    if (b.d % a.d === 0n) return made(a.n * (b.d / a.d) + b.n, b.d);
    return made(a.n * b.d + b.n * a.d, a.d * b.d);
  }
  const [x, y] = [ball(a), ball(b)];
  return rounded(x.m + y.m, x.r + y.r, x.e + y.e + (x.r + y.r) * MAG);
}

const difference = (a, b) => sum(a, negative(b));

function product(a, b) {
  if (isExact(a) && isExact(b)) return made(a.n * b.n, a.d * b.d);
  if ((isExact(a) && a.n === 0n) || (isExact(b) && b.n === 0n)) return ZERO;
  const [x, y] = [ball(a), ball(b)];
  const [p, q] = [Math.abs(x.m), Math.abs(y.m)];
  const r = p * y.r + q * x.r + x.r * y.r;
  return rounded(x.m * y.m, r, (p + x.r) * y.e + (q + y.r) * x.e + x.e * y.e + r * 2 * MAG);
}

// -1, 0 or 1.
function sign(value) {
  if (isExact(value)) return value.n > 0n ? 1 : value.n < 0n ? -1 : 0;
  const { m, r, e } = value;
  if (m - r > e) return 1;
  if (m + r < -e) return -1;
  if (m === 0 && r === 0 && e === 0) return 0;
  throw r - Math.abs(m) > e ? UNDECIDED : TOO_CLOSE;
}

// Whether Arb takes the ends of a ball, or nearly so, for what is computed from it.
const isWide = ({ m, r }) => r > WIDE / 8 * Math.min(1, Math.abs(m));

// The ball with two ends, which a function with this slope at most takes from `x`.
function spread(low, high, x, slope) {
  const [m, r] = [(low + high) / 2, Math.abs(high - low) / 2];
  const coarse = isWide(x) ? COARSE * (Math.abs(m) + r) : 0;
  return rounded(m, r, x.e * slope + coarse + RADIUS * r + Math.abs(low) * ULP);
}

function quotient(a, b) {
  if (sign(b) === 0) throw NOT_DEFINED;
  if (isZero(a)) return ZERO;
  if (isExact(a) && isExact(b)) return made(a.n * b.d, a.d * b.n);
  const [x, y] = [ball(a), ball(b)];
  const least = Math.abs(y.m) - y.r;
  const off = (x.e + (Math.abs(x.m) + x.r) / least * y.e) / least;
  if (y.r < Math.abs(y.m) * WIDE) {
    const size = Math.abs(y.m);
    const r = y.r === 0 ? x.r / size : (Math.abs(x.m) * y.r + size * x.r) / (size * least);
    const wide = isWide(x) || isWide(y) ? COARSE * (Math.abs(x.m) / size + r) : 0;
    return rounded(x.m / y.m, r, off + RADIUS * r + wide);
  }
  const ends = [x.m - x.r, x.m + x.r].flatMap((top) => [top / (y.m - y.r), top / (y.m + y.r)]);
  return spread(Math.min(...ends), Math.max(...ends), { m: 1, r: 1, e: off }, 1);
}

function bits(whole) {
  return whole === 0n ? 0 : (whole < 0n ? -whole : whole).toString(2).length;
}

function wholePower(base, count) {
  if (isExact(base)) {
    if (base.n === 0n && count < 0n) throw NOT_DEFINED;
    const common = divisor(base.n, base.d);
    const [n, d] = [base.n / common, base.d / common];
    const size = Number(count < 0n ? -count : count);
    const unit = n === 0n || (d === 1n && (n === 1n || n === -1n));
    if (unit || size * Math.max(bits(n), bits(d)) <= 16384) {
      const times = BigInt(unit && size ? 2 - (size % 2) : size);
      return count < 0n ? made(d ** times, n ** times) : made(n ** times, d ** times);
    }
  }
  if (count < 0n) {
    return wholePower(quotient(ONE, base), -count);
  }
  if (count > 16384n) throw TOO_CLOSE;
  let result = ball(ONE);
  for (const bit of count.toString(2)) {
    result = product(result, result);
    if (bit === "1") result = product(result, ball(base));
  }
  return result;
}

// A power over the reals; a whole exponent works for every base.
function power(base, exponent) {
  const half = isExact(exponent) ? product(exponent, fraction(2n)) : null;
  if (half && exponent.n % exponent.d === 0n) return wholePower(base, exponent.n / exponent.d);
  const side = sign(base);
  if (side < 0 || (side === 0 && sign(exponent) < 0)) throw NOT_DEFINED;
  if (side === 0) return ZERO;
  if (half && half.n % half.d === 0n) return wholePower(squareRoot(base), half.n / half.d);
  const { m, r, e } = exponential(product(exponent, logarithm(base)));
  return { m, r, e: 4 * e + 2 * RADIUS * r };
}
