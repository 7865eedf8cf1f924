"use strict";
// Reads what is typed, looks it up in the table that the checker wrote, says what stands there.
(() => {
  const { origin, words, table } = JSON.parse(document.getElementById("table").textContent);
  const LARGEST_EXPONENT = 100;
  const NUMBER = new RegExp(
    "^([+-]?)[ \\t]*(?:(\\d+)(?:\\.(\\d*)|,(\\d+))?|\\.(\\d+))" +
    "(?:e([+-]?\\d+)|[ \\t]*[*x][ \\t]*10[ \\t]*(?:\\^|\\*\\*)[ \\t]*" +
    "(?:\\{([+-]?\\d+)\\}|\\(([+-]?\\d+)\\)|([+-]?\\d+)))?$", "i");

  const filled = (sentence, slots) =>
    sentence.replace(/\{([a-z_]+)(?::([^{|}]+)\|([^{|}]+))?\}/g, (_, slot, one, more) =>
      one ? (String(slots[slot]) === "1" ? one : more) : String(slots[slot]));

  const LEADING = /^(?:[≈=~]|약(?=[ \d.+-])|대략|거의|about|approx\.?)[ \t]*/i;
  const TRAILING = /[ \t]*(?:정도|쯤|가량)?[ \t]*(?:입니다|이다|이에요|예요)?[ \t]*[.]?$/;
  const FRACTION = /^([+-]?)[ \t]*(\d+)[ \t]*\/[ \t]*(\d+)$/;

  // One spelling of signs that keyboards write in several ways, without words around the number.
  function plain(text, id) {
    let left = text.trim()
      .replace(/[−‐‑‒–—―]/g, "-")
      .replace(/[×·⋅∙•]/g, "*")
      .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
    const named = left.replace(/[ \t]*[=≈].*$/, "");
    if (named === id) left = left.slice(named.length).trim();
    for (let before = ""; before !== left;) {
      before = left;
      left = left.replace(LEADING, "");
    }
    return /\d/.test(left) ? left.replace(TRAILING, "") : left;
  }

  // The count of 10^-decimals nearest to a fraction; null for a text that is none.
  function fraction(text, decimals) {
    const found = FRACTION.exec(text);
    if (found === null || BigInt(found[3]) === 0n) return null;
    const [over, under] = [BigInt(found[2]) * 10n ** BigInt(decimals), BigInt(found[3])];
    const count = (2n * over + under) / (2n * under);
    return { count: found[1] === "-" ? -count : count, power: -decimals };
  }

  // A count of 10^power, exactly as typed; null for anything but a plain number.
  // Zeros behind the decimals of the sheet are padding, except before an exponent.
  function read(text) {
    const found = NUMBER.exec(text);
    if (found === null) return null;
    const [, sign, whole = "", point, comma, alone, ...exponents] = found;
    const exponent = exponents.find((part) => part !== undefined);
    let fraction = point ?? comma ?? alone ?? "";
    if (exponent === undefined) {
      fraction = fraction.slice(0, table.decimals) +
        fraction.slice(table.decimals).replace(/0+$/, "");
    }
    const shift = Number(exponent ?? 0);
    if (Math.abs(shift) > LARGEST_EXPONENT) return null;
    const count = BigInt(whole + fraction);
    return { count: sign === "-" ? -count : count, power: shift - fraction.length };
  }

  // The text of a number with so many decimals, rounded half away from zero.
  function rounded({ count, power }, decimals) {
    const size = count < 0n ? -count : count;
    const unit = 10n ** BigInt(-decimals - power);
    const digits = String((2n * size + unit) / (2n * unit)).padStart(decimals + 1, "0");
    return (count < 0n ? "-" : "") + digits.slice(0, -decimals) + "." + digits.slice(-decimals);
  }

  // The ruling on a count: that of the stretch in which it lies, else the first one.
  function ruling(stretches, count) {
    const numbers = stretches.split(" ");
    let end = 0n;
    for (let i = 0; i + 2 < numbers.length; i += 3) {
      const low = end + BigInt(numbers[i]);
      end = low + BigInt(numbers[i + 1]);
      if (count < low) break;
      if (count <= end) return table.rulings[Number(numbers[i + 2])];
    }
    return table.rulings[0];
  }

  // Verdict and sentences on a text; `text` is it as it was judged.
  function judged(column, text) {
    const finest = column.stretches.length - 1 - table.coarsest;
    const unread = (why) => ({ verdict: "unread", right: false, text, said: [words[why]] });
    const bare = plain(text, column.id);
    let number = read(bare) ?? fraction(bare, finest - table.finer);
    if (number === null) return unread("unread");
    let more = [];
    if (number.power < -finest) {
      text = rounded(number, finest);
      number = read(text);
      more = [filled(words.rounded, { decimals: finest })];
    }
    const stretches = column.stretches[table.coarsest - number.power];
    if (stretches === undefined) return unread("coarse");
    const { verdict, right, said } = ruling(stretches, number.count);
    return { verdict, right, text, said: [...said.map((i) => table.sentences[i]), ...more] };
  }

  function paragraphs(tag, sentences) {
    return sentences.map((sentence) => {
      const element = document.createElement(tag);
      element.textContent = sentence;
      return element;
    });
  }

  class Entry {
    constructor(form, column) {
      this.column = column;
      this.input = form.querySelector("input");
      this.verdict = form.querySelector(".verdict");
      this.hints = form.querySelector(".hints");
      this.button = form.querySelector(".hint");
      this.shown = 0;
      this.forget();
      form.addEventListener("submit", (event) => { event.preventDefault(); this.check(); changed(); });
      this.input.addEventListener("input", () => { this.forget(); changed(); });
      this.button.addEventListener("click", () => { this.uncover(this.shown + 1); changed(); });
      this.uncover(0);
    }

    forget() {
      this.checked = false;
      this.right = false;
      this.verdict.replaceChildren();
      this.input.removeAttribute("aria-invalid");
    }

    check() {
      this.forget();
      if (this.input.value.trim() === "") return;
      const found = judged(this.column, this.input.value);
      this.input.value = found.text;
      this.checked = true;
      this.right = found.right;
      this.verdict.dataset.verdict = found.verdict;
      this.verdict.replaceChildren(...paragraphs("p", found.said));
      this.input.setAttribute("aria-invalid", String(!found.right));
    }

    uncover(number) {
      const all = this.column.hints.map((i) => table.sentences[i]);
      this.shown = Math.min(number, all.length);
      this.hints.replaceChildren(...paragraphs("li", all.slice(0, this.shown)));
      const left = all.length - this.shown;
      const word = left === 0 ? "hints_used" : left === 1 ? "value" : "hint";
      this.button.textContent = filled(words[word], { number: this.shown + 1, count: all.length - 1 });
      this.button.setAttribute("aria-disabled", String(left === 0));
    }
  }

  // A string of TOML; what it cannot hold becomes the sign for an unknown character.
  const quoted = (text) => JSON.stringify(text.replace(/[\u007f\ud800-\udfff]/gu, "\ufffd"));

  function form() {
    const lines = entries.map(({ column, input }) => `${quoted(column.id)} = ${quoted(input.value.trim())}`);
    return [`# ${origin}`, ...lines, ""].join("\n");
  }

  function changed() {
    const right = entries.filter((entry) => entry.right).length;
    const count = entries.filter((entry) => entry.shown === entry.column.hints.length).length;
    const slots = { right, asked: entries.length, count };
    const text = filled(words.score, slots) + (count ? ` ${filled(words.values, slots)}` : "");
    if (score.textContent !== text) score.textContent = text;
    area.value = form();
    keep();
  }

  // What is typed stays in this browser, where it allows that, until it is cleared.
  function keep() {
    const state = entries.map(({ input, checked, shown }) => [input.value, checked, shown]);
    try { localStorage.setItem(place, JSON.stringify(state)); } catch { /* nothing is kept */ }
  }

  function kept() {
    try { return JSON.parse(localStorage.getItem(place)) ?? []; } catch { return []; }
  }

  function restore(state) {
    entries.forEach((entry, i) => {
      const [text, checked, shown] = state[i] ?? ["", false, 0];
      entry.input.value = text;
      entry.uncover(shown);
      entry.forget();
      if (checked) entry.check();
    });
    changed();
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([form()], { type: "application/toml" }));
    link.download = "answers.toml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const score = document.getElementById("score");
  const area = document.querySelector("#export textarea");
  const place = `${origin} ${table.columns.map((column) => column.id).join(" ")}`;
  const entries = [...document.querySelectorAll(".entry")]
    .map((element, i) => new Entry(element, table.columns[i]));
  document.getElementById("all").addEventListener("click", () => {
    entries.forEach((entry) => entry.check());
    changed();
  });
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("forget").addEventListener("click", () => restore([]));
  restore(kept());
})();
