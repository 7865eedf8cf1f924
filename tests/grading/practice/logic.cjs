// Runs the page's script without a page: reads { logic, body, input } and prints what body gives.
const { readFileSync } = require("node:fs");
const { Script, createContext } = require("node:vm");

const { logic, body, input } = JSON.parse(readFileSync(0, "utf-8"));
const run = new Script(`${logic}\n(input) => {${body}}`).runInContext(createContext({ performance }));
process.stdout.write(JSON.stringify(run(input)));
