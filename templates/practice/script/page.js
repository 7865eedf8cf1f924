// The page: entries, verdicts, hints, what is kept. Everything that is typed counts as an
// answer for those after it, as derive check would take it.
const PAUSE = 150; // milliseconds without typing until other verdicts are looked at again
let waiting;

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
    this.checked = this.right = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.check(); });
    this.input.addEventListener("input", () => this.change());
    this.button.addEventListener("click", () => { this.uncover(this.shown + 1); changed(); });
    this.uncover(0);
  }

  check() {
    this.checked = this.input.value.trim() !== "";
    judge();
  }

  // What is being typed; the other answers follow when there is time.
  change() {
    this.checked = false;
    this.show(null);
    changed();
    clearTimeout(waiting);
    waiting = setTimeout(judge, PAUSE);
  }

  // What is said of the answer; nothing before it is checked.
  show(found) {
    this.right = this.checked && found !== null && found.right;
    if (!this.checked || found === null) {
      if (this.verdict.firstChild) this.verdict.replaceChildren();
      this.input.removeAttribute("aria-invalid");
      return;
    }
    if (this.input.value !== found.text) this.input.value = found.text;
    this.verdict.dataset.verdict = found.verdict;
    if ([...this.verdict.children].map((line) => line.textContent).join("\n") !== found.said.join("\n")) {
      this.verdict.replaceChildren(...paragraphs("p", found.said));
    }
    this.input.setAttribute("aria-invalid", String(!found.right));
  }

  uncover(number) {
    const all = this.column.hints.map((i) => table.sentences[i]);
    this.shown = Math.min(number, all.length);
    this.hints.replaceChildren(...paragraphs("li", all.slice(0, this.shown)));
    const left = all.length - this.shown;
    const word = left === 0 ? "hints_used" : left === 1 ? "value" : "hint";
    this.button.textContent = fill(words[word], { number: this.shown + 1, count: all.length - 1 });
    this.button.setAttribute("aria-disabled", String(left === 0));
  }
}

// All answers anew: what stands further down may come of what was changed.
function judge() {
  clearTimeout(waiting);
  const found = sheet.judgeAll(entries.map(({ input }) => input.value));
  entries.forEach((entry, i) => entry.show(found[i]));
  changed();
}

// A string of TOML; what it cannot hold becomes the sign for an unknown character.
const quoted = (text) => JSON.stringify(text.replace(/[\u007f\ud800-\udfff]/gu, "\ufffd"));

function form() {
  const lines = entries.map(({ column, input }) => `${quoted(column.id)} = ${quoted(input.value.trim())}`);
  const own = data.code ? [`code = ${quoted(data.code)}`] : [];
  return [`# ${data.origin}`, ...own, ...lines, ""].join("\n");
}

function changed() {
  const right = entries.filter((entry) => entry.right).length;
  const count = entries.filter((entry) => entry.shown === entry.column.hints.length).length;
  const slots = { right, asked: entries.length, count };
  const text = fill(words.score, slots) + (count ? ` ${fill(words.values, slots)}` : "");
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
    entry.checked = checked;
    entry.uncover(shown);
  });
  judge();
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([form()], { type: "application/toml" }));
  link.download = "answers.toml";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const data = JSON.parse(document.getElementById("table").textContent);
const { words, table } = data;
const sheet = new Sheet(data);
const score = document.getElementById("score");
const area = document.querySelector("#export textarea");
const place = `${data.origin} ${table.columns.map((column) => column.id).join(" ")}`;
const entries = [...document.querySelectorAll(".entry")]
  .map((element, i) => new Entry(element, table.columns[i]));
document.getElementById("all").addEventListener("click", () => {
  entries.forEach((entry) => { entry.checked = entry.input.value.trim() !== ""; });
  judge();
});
document.getElementById("save").addEventListener("click", save);
document.getElementById("forget").addEventListener("click", () => restore([]));
restore(kept());
