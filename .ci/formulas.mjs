// Every formula of Markdown pages, as a reader meets it: CommonMark first, then KaTeX
// with all errors and warnings on. Prints one line per complaint and "N formulas".
import { readFileSync } from "node:fs";
import * as commonmark from "commonmark";
import katex from "katex";

const FORMULA = /\$\$([\s\S]*?)\$\$|\$([^$\n]+)\$/g;
const NONE = /```[\s\S]*?```|`[^`\n]*`|\\\$/g; // code, and a dollar that is one
const complaints = [];
let count = 0;

function formulas(text) {
  return [...text.replace(NONE, "").matchAll(FORMULA)].map((found) => ({
    display: found[1] !== undefined,
    tex: found[1] ?? found[2],
  }));
}

// The text of each paragraph after Markdown has taken its marks out of it.
function paragraphs(text) {
  const found = [];
  const walker = new commonmark.Parser().parse(text).walker();
  for (let event = walker.next(); event; event = walker.next()) {
    const { node, entering } = event;
    if (!entering) continue;
    if (node.type === "paragraph" || node.type === "heading") found.push("");
    else if (node.type === "text") found[found.length - 1] += node.literal;
    else if (node.type === "softbreak" || node.type === "linebreak")
      found[found.length - 1] += "\n";
  }
  return found.join("\n\n");
}

// Readers of display formulas know that a row ends in two backslashes.
const rows = (tex) => tex.replace(/\\\\\n/g, "\\\n").replace(/^ +/gm, "");

for (const path of process.argv.slice(2)) {
  const source = readFileSync(path, "utf-8");
  const left = formulas(paragraphs(source)).map((formula) => rows(formula.tex));
  formulas(source).forEach(({ display, tex }, index) => {
    count += 1;
    if (rows(tex) !== left[index])
      complaints.push(`${path}: Markdown changes ${tex} into ${left[index]}`);
    try {
      katex.renderToString(tex, {
        displayMode: display,
        throwOnError: true,
        strict: (code, message) => complaints.push(`${path}: ${tex}: ${code}: ${message}`),
      });
    } catch (error) {
      complaints.push(`${path}: ${tex}: ${error.message}`);
    }
  });
}
for (const complaint of complaints) console.log(complaint);
console.log(`${count} formulas`);
