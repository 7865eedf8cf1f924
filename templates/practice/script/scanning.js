// Formulas: text to tokens. A name is a leaf with its index, a number one with its text.
class Scanner {
  constructor(text, asked, names, functions) {
    Object.assign(this, { text, asked, names, functions, position: 0, tokens: [], open: [] });
  }

  run() {
    while (this.position < this.text.length) {
      const sign = this.text[this.position];
      if (/\s/.test(sign)) this.position += 1;
      else if ("([".includes(sign)) this.openBracket(sign);
      else if (")]".includes(sign)) this.closeBracket(sign);
      else if ("+-*/^,".includes(sign)) this.takeOperator(sign);
      else if (/[\d.]/.test(sign)) this.takeNumber();
      else this.takeWord();
    }
    if (this.open.length > 0) throw new Unread();
    return this.tokens;
  }

  push(kind, value, length) {
    this.tokens.push({ kind, value });
    this.position += length;
  }

  get afterValue() {
    const last = this.tokens.at(-1);
    return last !== undefined && (last.kind === "leaf" || last.value === ")");
  }

  openBracket(sign) {
    this.open.push([CLOSING[sign], this.tokens.at(-1)?.kind === "call"]);
    this.push("sign", "(", 1);
  }

  closeBracket(sign) {
    const [closing] = this.open.pop() ?? [];
    if (closing !== sign) throw new Unread();
    this.push("sign", ")", 1);
  }

  takeOperator(sign) {
    if (sign === "," && !this.open.at(-1)?.[1]) throw new Unread();
    const twice = this.text.startsWith("**", this.position);
    this.push("sign", twice ? "^" : sign, twice ? 2 : 1);
  }

  takeNumber() {
    const found = matchAt(TOKENS.number, this.text, this.position);
    if (found === null) throw new Unread();
    let typed = found[0];
    const inside = this.open.at(-1)?.[1];
    if (inside && typed.includes(",")) typed = typed.slice(0, typed.indexOf(","));
    this.position += typed.length;
    if (/^\s*%/.test(this.text.slice(this.position))) throw new Unread();
    const [mantissa, exponent = "0"] = typed.toLowerCase().replace(",", ".").split("e");
    const [whole, decimals = "", more] = mantissa.split(".");
    const size = whole.length + decimals.length;
    const far = Math.abs(Number(exponent)) + size > LONGEST_NUMBER;
    if (far || more !== undefined || /[_',]/.test(mantissa)) throw new Unread();
    const point = decimals ? `.${decimals}` : "";
    this.push("leaf", `${whole || "0"}${point}${exponent === "0" ? "" : `e${exponent}`}`, 0);
  }

  takeWord() {
    const { text, position } = this;
    if (this.afterValue && this.takeTimes()) return;
    const name = text[position] === "σ" ? null : this.names.find(text, position, this.asked);
    if (name) {
      this.push("leaf", name.index, name.end - position);
      return;
    }
    const call = matchAt(TOKENS.call, text, position);
    const called = call && (/^(?:σ|sigma)$/.test(call[1]) ? "sigmoid" : call[1].toLowerCase());
    if (call && Object.hasOwn(this.functions, called)) {
      this.push("call", called, call[0].length);
      return;
    }
    const euler = matchAt(TOKENS.euler, text, position);
    if (euler === null) {
      this.takeJoined();
      return;
    }
    this.push("call", "exp", euler[0].length - (euler[1] ? 1 : 0));
    if (euler[1]) return;
    this.tokens.push({ kind: "sign", value: "(" }, { kind: "leaf", value: "1" },
      { kind: "sign", value: ")" }, { kind: "sign", value: "^" });
  }

  // Names without a space between them: W5h1.
  takeJoined() {
    const word = matchAt(TOKENS.chunk, this.text, this.position)?.[0] ?? "";
    const indices = this.names.split(word)?.map((id) => this.names.updated(id, 0)) ?? [null];
    if (word === "" || indices.includes(null)) throw new Unread();
    for (const index of indices) this.push("leaf", index, 0);
    this.position += word.length;
  }

  takeTimes() {
    const { text, position, names } = this;
    if (!matchAt(TOKENS.times, text, position) || names.quantity("x") === "x") return false;
    const named = /^[xX]\d+/.exec(text.slice(position));
    if (named && names.quantity(named[0])) return false;
    this.push("sign", "*", 1);
    return true;
  }
}
