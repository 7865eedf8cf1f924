// A GIFT file as another reader takes it: prints its questions as JSON.
import { readFileSync } from "node:fs";
import gift from "gift-pegjs";

console.log(JSON.stringify(gift.parse(readFileSync(process.argv[2], "utf-8"))));
