// The functions without a formula of their own, on fractions and balls.
function integerRoot(whole) {
  if (whole < 2n) return whole;
  let root = 1n << BigInt((whole.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + whole / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function squareRoot(value) {
  const side = sign(value);
  if (side < 0) throw NOT_DEFINED;
  if (side === 0) return ZERO;
  if (isExact(value)) {
    const common = divisor(value.n, value.d);
    const [n, d] = [value.n / common, value.d / common];
    const [top, bottom] = [integerRoot(n), integerRoot(d)];
    if (top * top === n && bottom * bottom === d) return fraction(top, bottom);
  }
  const x = ball(value);
  return spread(Math.sqrt(x.m - x.r), Math.sqrt(x.m + x.r), x, 0.5 / Math.sqrt(x.m - x.r));
}

function logarithm(value) {
  if (sign(value) <= 0) throw NOT_DEFINED;
  if (isExact(value) && value.n === value.d) return ZERO;
  const x = ball(value);
  const { m, r, e } = spread(Math.log(x.m - x.r), Math.log(x.m + x.r), x, 1 / (x.m - x.r));
  return { m, r, e: e + (isWide(x) ? COARSE : 0) };
}

function exponential(value) {
  if (isExact(value) && value.n === 0n) return ONE;
  const x = ball(value);
  return spread(Math.exp(x.m - x.r), Math.exp(x.m + x.r), x, Math.exp(x.m + x.r));
}

// Arb's half widths of sine and cosine are rougher than the others.
function wave(value, compute, slope) {
  const x = ball(value);
  const { m, r, e } = widen({ m: compute(x.m), r: 0, e: x.e }, x.r * Math.abs(slope(x.m)));
  return rounded(m, r, e + (r ? x.r * x.r + 0.08 * r + COARSE : 0));
}

// 1 - erf: a series near 0, a continued fraction further out.
function erfc(x) {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) {
    let [term, whole] = [x, x];
    for (let k = 1; Math.abs(term) > 1e-18; k++) {
      term *= -x * x / k;
      whole += term / (2 * k + 1);
    }
    return 1 - whole * 2 / Math.sqrt(Math.PI);
  }
  let tail = x;
  for (let k = 60; k > 0; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

const density = (x) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);

function normalCdf(value) {
  if (isExact(value) && value.n === 0n) return HALF;
  const x = ball(value);
  const steepest = density(Math.max(0, Math.abs(x.m) - x.r));
  const off = 0.02 * x.r * steepest + (isWide(x) ? COARSE : 0) + 4e-15;
  return rounded(erfc(-x.m / Math.SQRT2) / 2, x.r * steepest, x.e + off);
}

function normalPdf(value) {
  const square = product(ball(value), ball(value));
  const tall = exponential(negative(quotient(square, fraction(2n))));
  return product(tall, { m: 1 / Math.sqrt(2 * Math.PI), r: 0, e: ULP });
}

const PRIMITIVES = {
  exp: exponential,
  log: logarithm,
  ln: logarithm,
  sqrt: squareRoot,
  sin: (value) => (isZero(value) ? ZERO : wave(value, Math.sin, Math.cos)),
  cos: (value) => (isZero(value) ? ONE : wave(value, Math.cos, Math.sin)),
  normal_cdf: normalCdf,
  normal_pdf: normalPdf,
};
