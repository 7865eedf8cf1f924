// What is typed, read as derive/answers/ reads it, as far as numbers, ids and functions go.
// What is not read here has no verdict here: it is left to derive check.
const LARGEST_EXPONENT = 100;
const LONGEST_NUMBER = 60;
const NUMBER = new RegExp(
  "^([+-]?)[ \\t]*(?:(\\d+)(?:\\.(\\d*)|,(\\d+))?|\\.(\\d+))" +
  "(?:e([+-]?\\d+)|[ \\t]e([+-]\\d+)|[ \\t]*[*x][ \\t]*10[ \\t]*(?:\\^|\\*\\*)[ \\t]*" +
  "(?:\\{([+-]?\\d+)\\}|\\(([+-]?\\d+)\\)|([+-]?\\d+)))?$", "i");
const LEADING = /^(?:[≈=~]|약(?=[ \d.+-])|대략|거의|(?:about|approx\.?)(?!\w))[ \t]*/i;
const TRAILING = /[ \t]*(?:정도|쯤|가량)?[ \t]*(?:입니다|이다|이에요|예요)?[ \t]*[.]?$/;
const NO_ANSWER = /^(?:모름|\?+|-{1,3}|n\s?\/\s?a)[.!]?$/i;
const DATE = /^(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4})$/;
const RANGE = /^[\d.,]+\s*--\s*[\d.,]+$/;
const TOLERANCE = /\+\/-|\+-(?=\s*[\d.]+$)/;
const REMARK = /^[+-]?[\d.,_']+(?:e[+-]?\d+)?(\s*)\(([^()]*)\)$/i;
const FORMULA_IN_REMARK = /[A-Za-z]_?\d|[^\w\s.,;:%'-]/;
const EQUALS = /\s*(?:==|=|≈)\s*/;
const HEAD = "[A-Za-z][A-Za-z0-9]*", PART = "_(?:\\d+|[A-Za-z][A-Za-z0-9]*)?";
const CHUNK = `${HEAD}(?:${PART})*`;
const TOKENS = {
  derivative: new RegExp(`d\\s*(${CHUNK})(\\+|@\\d+)?\\s*/\\s*d\\s*(${CHUNK})`, "y"),
  exact: /[A-Za-z][A-Za-z0-9_]*/y,
  chunk: new RegExp(CHUNK, "y"),
  number: /\.?\d(?:\d|[_'](?=\d)|[.,](?=\d))*\.?(?:[eE][+-]?\d+)?/y,
  times: /[xX](?=\s*(?:[\d.([]|[+-][\d.(]))/y,
  call: /([A-Za-z_]+|σ)(?=\s*[([])/y,
  euler: /e\s*(?:\^|\*\*)(\s*[([])?/y,
};
const USE = /\s*\|\s*_?\s*(local|(?:\d+(?:[_,]\d+)*)?(?:[_,]?[ts]\d+){0,2})/y; // one use of a quantity
const COUNTED = /@(\d{1,6})/y;
const UPDATED = /\^?\+(?=\s*(?:$|[*/)\]^,=|]))|\^\+(?!\s*[\w(.[+-])|\^?\+(?=\s*[+-])/y;
const FOREIGN = /['{}\\|]|\^\s*\(\d+\)/y; // scripts behind a name that only derive check reads
const CLOSING = { "(": ")", "[": "]" };

const SIMPLE = /^[\w\s+\-*/^().,[\]]*$/; // derive check reads such a text as this page does,
const GROUPED = /[.,]\s*$|^\s*[+-]?\s*,|\^\s*\(|[A-Za-z]\s*\^\s*\d+\s*[([]|\d_\d|\d \d{3}(?!\d)|\d,\d{3}|\b10\s*(?:\^|\*\*)/; // but for these
const SPOKEN = /^(?:the|answer|ans|result|approx|about|roughly|circa|ca)\b/i;

// Why something is not read: `reason` is a sentence of the checker where it says the same,
// `surely` says that the checker does not read it either, so that nothing comes of it.
class Unread extends Error {
  constructor(reason = "", slots = {}, surely = reason !== "") {
    super(reason);
    Object.assign(this, { reason, slots, surely });
  }
}

const matchAt = (pattern, text, position) => {
  pattern.lastIndex = position;
  return pattern.exec(text);
};

// One spelling of signs that keyboards write in several ways, without words around the answer.
function plain(text) {
  let left = text.trim()
    .replace(/[−‐‑‒–—―]/g, "-")
    .replace(/[×·⋅∙•]/g, "*")
    .replace(/[÷∕⁄]/g, "/")
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  for (let before = ""; before !== left;) {
    before = left;
    left = left.replace(LEADING, "");
  }
  return /\d/.test(left) ? left.replace(TRAILING, "") : left;
}

// A count of 10^power, exactly as typed; null for anything but a plain number. Zeros behind
// the decimals of the sheet are padding, except before an exponent.
function readNumber(text, decimals) {
  const found = NUMBER.exec(text);
  if (found === null) return null;
  const [, sign, whole = "", point, comma, alone, ...exponents] = found;
  const exponent = exponents.find((part) => part !== undefined);
  let places = point ?? comma ?? alone ?? "";
  if (exponent === undefined) {
    places = places.slice(0, decimals) + places.slice(decimals).replace(/0+$/, "");
  }
  const shift = Number(exponent ?? 0);
  if (Math.abs(shift) > LARGEST_EXPONENT) throw new Unread();
  const count = BigInt(whole + places);
  return { count: sign === "-" ? -count : count, power: shift - places.length };
}

// Letters and digits of a name; `_` only between digits that stood apart.
function keyOf(text) {
  let key = "";
  for (const piece of text.match(/[A-Za-z]+|\d+/g) ?? []) {
    key += (/\d$/.test(key) && /^\d/.test(piece) ? "_" : "") + piece;
  }
  return key;
}

function keepUnique(pairs) {
  const table = new Map();
  for (const [key, id] of pairs) table.set(key, table.has(key) && table.get(key) !== id ? null : id);
  return table;
}

// The ids of the page by the ways to write them (derive/answers/names.py and aliases.py).
class Names {
  constructor({ names, listed, states, keys }) {
    this.ids = new Map(names.slice(0, listed).map((id, i) => [id, i]));
    this.keys = new Map(Object.entries(keys));
    const known = [...this.keys].filter(([, id]) => id !== null);
    this.loose = keepUnique(known.map(([key, id]) => [key.replaceAll("_", ""), id]));
    this.folded = keepUnique(known.map(([key, id]) => [key.toLowerCase(), id]));
    this.states = new Map();
    for (const [id, i] of this.ids) {
      const [base, count] = states[id] ?? [id, 0];
      this.states.set(`${base} ${count}`, i);
    }
    this.quantities = new Set(known.map(([, id]) => id));
  }

  updated(base, count) {
    return this.states.get(`${base} ${count}`) ?? null;
  }

  quantity(text) {
    if (this.quantities.has(text)) return text;
    const key = keyOf(text);
    for (const [table, form] of [[this.keys, key], [this.loose, key]]) {
      if (table.has(form)) return table.get(form);
    }
    return key === "e" ? null : this.folded.get(key.toLowerCase()) ?? null;
  }

  // The name that starts at a position: its index and where it ends; null if there is none.
  find(text, position, asked) {
    return this.findDerivative(text, position, asked) ?? this.findQuantity(text, position, asked);
  }

  findDerivative(text, position, asked) {
    const found = matchAt(TOKENS.derivative, text, position);
    if (found === null) return null;
    const [whole, of, over, wrt] = found;
    const top = this.quantity(of);
    for (const end of endsOf(wrt)) {
      const low = this.quantity(wrt.slice(0, end));
      const behind = position + whole.length - wrt.length + end;
      const use = matchAt(USE, text, behind);
      const base = `d${top}/d${low}${use ? this.spellUse(use[1]) : ""}`;
      const after = behind + (use ? use[0].length : 0);
      if (top === null || low === null || this.updated(base, 0) === null) continue;
      if (!over) return this.findState(text, after, base, asked);
      const index = this.updated(base, over === "+" ? 1 : Number(over.slice(1)));
      return index === null ? null : { index, end: after };
    }
    return null;
  }

  // `|t2`, `|2_1`, `|local`: what behind a derivative says in what it is taken.
  spellUse(place) {
    return `|${place === "local" ? place : (place.match(/[ts]?\d+/g) ?? ["local"]).join("_")}`;
  }

  findQuantity(text, position, asked) {
    const exact = matchAt(TOKENS.exact, text, position);
    if (exact && this.updated(exact[0], 0) !== null && !exact[0].includes("/")) {
      return this.findState(text, position + exact[0].length, exact[0], asked);
    }
    const chunk = matchAt(TOKENS.chunk, text, position);
    for (const end of chunk ? endsOf(chunk[0]) : []) {
      const base = this.quantity(chunk[0].slice(0, end));
      if (base !== null) return this.findState(text, position + end, base, asked);
    }
    return null;
  }

  // Names that make up a word without a space between them, if in one way only.
  split(word) {
    const whole = keyOf(word);
    const ways = [[]], counts = [1];
    for (let end = 1; end <= Math.min(whole.length, 40); end++) {
      counts[end] = 0;
      for (let start = 0; start < end; start++) {
        const id = counts[start] > 0 ? this.keys.get(whole.slice(start, end)) ?? null : null;
        if (id === null) continue;
        counts[end] += counts[start];
        ways[end] = [...ways[start], id];
      }
    }
    return counts[whole.length] === 1 ? ways[whole.length] : null;
  }

  // The id with what stands behind the name: `+`, `^+`, `@2`.
  findState(text, end, base, asked) {
    if (matchAt(FOREIGN, text, end)) throw new Unread();
    const counted = matchAt(COUNTED, text, end);
    if (counted) {
      const index = this.updated(base, Number(counted[1]));
      return index === null ? null : { index, end: end + counted[0].length };
    }
    const behind = matchAt(UPDATED, text, end);
    const index = behind ? this.updated(base, 1) : null;
    if (index !== null) {
      const rest = text.slice(end + behind[0].length);
      const alone = !/^\s*[+-]/.test(rest) || /^\s+[+-]\s/.test(rest);
      if (alone || asked === null || index < asked) return { index, end: end + behind[0].length };
    }
    const old = this.updated(base, 0);
    return old === null ? null : { index: old, end };
  }
}

// Where a name may end: behind all its scripts, or behind fewer.
function endsOf(chunk) {
  const pieces = chunk.match(new RegExp(`^${HEAD}|${PART}`, "g")) ?? [];
  const ends = [];
  for (const piece of pieces.slice(0, 6)) ends.push((ends.at(-1) ?? 0) + piece.length);
  return ends.reverse();
}
