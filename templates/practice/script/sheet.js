const IS_NUMBER = /^[\s\d.,+-]*$/; // a formula may use any answer before it

// One page's sheet: what the checker wrote, made ready, and all answers judged in its order.
class Sheet {
  constructor({ table, program, said, words }) {
    this.table = table;
    this.words = { ...words, ...said };
    this.program = prepare(program);
    this.unit = powerOfTen(-program.decimals);
    this.truth = new World(this.program);
    this.mistakes = program.mistakes.map(({ code, changes }) => ({ code, changes: new Map(changes) }));
    this.worlds = this.mistakes.map(({ changes }) =>
      new World(this.program, { truth: this.truth, changes }));
    this.columns = program.aims.map((aim, i) => ({ ...prepareAim(aim), column: table.columns[i] }));
    this.aims = new Map(this.columns.map((aim) => [aim.name, aim]));
    this.order = this.columns.map((_, i) => i)
      .sort((a, b) => this.columns[a].name - this.columns[b].name);
    this.names = new Names(program);
    this.judge = new Judge(this);
    this.formulas = new FormulaJudge(this);
    this.ancestors = new Map();
    this.through = new Map();
    this.sources = new Map();
    this.memory = new Map();
  }

  // Every name that a name is computed from, directly or not.
  needed(name) {
    if (!this.ancestors.has(name)) {
      const found = new Set(), waiting = [name];
      while (waiting.length > 0) {
        for (const used of this.program.uses[this.program.plan[waiting.pop()]] ?? []) {
          if (found.has(used)) continue;
          found.add(used);
          waiting.push(used);
        }
      }
      this.ancestors.set(name, found);
    }
    return this.ancestors.get(name);
  }

  // The error signals of which gradients on the way to an id could be made.
  signalsOf(name) {
    if (!this.through.has(name)) {
      const { throughs, plan } = this.program;
      const ways = [...this.needed(name), name].map((used) => throughs.get(`${used} ${plan[used]}`));
      this.through.set(name, [...new Set(ways.flatMap((way) => (way ? [way.signal] : [])))]);
    }
    return this.through.get(name);
  }

  // Whether a known mistake changes what comes of an id, also by way of an error signal.
  affects(row, name) {
    return [name, ...this.signalsOf(name)].some((used) => this.worlds[row].differs(used));
  }

  changesOf(aim, { mistake, slip }) {
    return slip ? new Map([[aim.name, slip.formula]]) : this.mistakes[mistake].changes;
  }

  // The known mistakes that change something on the way to an id or to some error signals.
  listTouching(aim, signals) {
    const own = this.signalsOf(aim.name).filter((signal) => signals.has(signal));
    return [...aim.said.keys()].filter((row) =>
      [aim.name, ...own].some((name) => this.worlds[row].differs(name)));
  }

  // What each known mistake leads to at an id, made in this step alone and everywhere.
  mistaken(aim) {
    aim.mistaken ??= [...this.listMistaken(aim)].filter(({ value }) => value !== null &&
      isApart(value, aim.value, aim.twoUnits));
    return aim.mistaken;
  }

  *listMistaken(aim) {
    const { formulas } = this.program;
    for (const row of aim.said.keys()) {
      const formula = this.mistakes[row].changes.get(aim.name);
      const alone = formula === undefined ? null : this.truth.evaluate(formulas[formula]);
      yield { row: { mistake: row, alone: true }, value: alone, world: null };
      const world = this.worlds[row];
      const value = world.differs(aim.name) ? world.value(aim.name) : null;
      const twice = value !== null && alone !== null && overlap(value, alone);
      if (!twice) yield { row: { mistake: row }, value, world };
    }
    for (const slip of aim.slips) {
      yield { row: { slip }, value: this.truth.evaluate(formulas[slip.formula]), world: null };
    }
  }

  // The verdict that known mistakes lead to an answer; each code is told of once. Where the
  // step to look at is answered right, only the checker knows the one that is meant.
  name(aim, rows, earlier) {
    const isRight = (name) => RIGHT.includes(earlier?.answers.get(name)?.verdict);
    const everywhere = new Set(rows.filter((row) => !row.alone).map((row) => row.mistake));
    const isHere = (row) => row.alone && !everywhere.has(row.mistake) && aim.alone.has(row.mistake);
    if (rows.some((row) => isRight(aim.looks.get(row.mistake)) && !isHere(row))) throw TOO_CLOSE;
    const sentencesOf = (row) => (isHere(row) ? aim.alone : aim.said).get(row.mistake);
    const isMadeHere = (row) => row.slip || this.mistakes[row.mistake].changes.has(aim.name);
    const made = aim.here ? rows.filter(isMadeHere) : [];
    const told = new Map();
    for (const row of made.length > 0 ? made : rows) {
      const code = row.slip?.code ?? this.mistakes[row.mistake].code;
      if (!told.has(code)) told.set(code, row.slip?.said ?? sentencesOf(row));
    }
    const codes = Object.keys(this.program.codes).filter((code) => told.has(code));
    return { word: "misconception", codes, sentences: [...told.values()].flat() };
  }

  // What the table says of a number: the ruling of the stretch in which its count lies.
  look(aim, { value, unit }) {
    const power = unit.d === 1n ? String(unit.n).length - 1 : 1 - String(unit.d).length;
    const stretches = aim.column.stretches[this.table.coarsest - power];
    if (stretches === undefined) throw new Unread("coarse", {}, false);
    const count = quotient(value, unit);
    return ruling(this.table, stretches, count.n / count.d);
  }

  // The verdicts on texts by column, each with what is said; null for an empty one.
  judgeAll(texts) {
    const results = texts.map(() => null);
    const earlier = new EarlierAnswers(this);
    const open = new Set();
    for (const i of this.order) {
      const text = texts[i].trim();
      if (text === "" || NO_ANSWER.test(text)) continue;
      results[i] = this.recall(this.columns[i], texts[i], earlier, open);
    }
    const perhaps = this.program.others
      .some((other) => mayFollow(other, this, results, earlier, open));
    return results.map((result, i) => perhaps && result && MISSED.includes(result.verdict) ?
      this.refuse("convention", {}, result.text) : this.addFirst(this.columns[i], result, earlier));
  }

  // A verdict as it was, as long as nothing has changed that it comes of.
  recall(aim, text, earlier, open) {
    const sources = IS_NUMBER.test(text) ? this.listSources(aim.name) : [...this.aims.keys()];
    const told = sources.filter((name) => earlier.answers.has(name) || open.has(name))
      .map((name) => `${name} ${open.has(name)} ${earlier.texts.get(name)}`);
    const key = [text, open.size > 0, earlier.asPrinted, earlier.isWrong, ...told].join("\n");
    let known = this.memory.get(aim.name);
    if (known?.key !== key) {
      known = { key, ...this.judgeOne(aim, text, earlier, open) };
      this.memory.set(aim.name, known);
    }
    const { reading, verdict, result } = known;
    if (known.open) open.add(aim.name);
    if (verdict && reading.claim) earlier.note(aim, reading.claim, verdict);
    earlier.texts.set(aim.name, `${verdict?.word} ${text}`);
    return result;
  }

  // All answers that a verdict on an id may come of, also by way of mistakes and error signals.
  listSources(name) {
    if (!this.sources.has(name)) {
      const found = new Set([name, ...this.signalsOf(name)]);
      for (const used of found) { // grows as it is walked
        for (const formula of this.program.ways[used]) {
          for (const other of this.program.uses[formula]) found.add(other);
        }
      }
      this.sources.set(name, [...found].filter((used) => this.aims.has(used)));
    }
    return this.sources.get(name);
  }

  judgeOne(aim, text, earlier, open) {
    try {
      const reading = readAnswer(text, aim, this, earlier);
      const verdict = this.judgeReading(aim, reading, earlier);
      const known = verdict !== null && !this.mayMatter(open, aim, reading, verdict, earlier);
      const result = known ? this.say(verdict, reading) : this.unsure(aim, open, reading);
      return { reading, verdict, result, open: !known };
    } catch (problem) {
      const isUnread = problem instanceof Unread;
      if (!isUnread && problem !== TOO_CLOSE) console.error(problem); // of this answer alone
      const reason = isUnread ? problem.reason : "unsure";
      const result = this.refuse(reason, problem.slots, text);
      return { result, open: !problem.surely };
    }
  }

  judgeReading(aim, { formula, claim }, earlier) {
    if (formula) return this.formulas.judge(aim, formula);
    return this.judge.judgeNumber(aim, claim, this.look(aim, claim), earlier);
  }

  // Whether answers that derive check alone reads, or tells, may change a verdict: because
  // they lead to this one, or because it matters whether any answer was wrong or rounded.
  mayMatter(open, aim, reading, verdict, earlier) {
    const alone = RIGHT.includes(verdict.word) && verdict.remark !== "after_rounded";
    if (open.size === 0 || alone) return false;
    if (this.listSources(aim.name).some((name) => open.has(name))) return true;
    const other = (what) => earlier.suppose(what, () => this.judgeReading(aim, reading, earlier));
    return ["isWrong", "isRounded"].some((what) =>
      JSON.stringify(other(what)) !== JSON.stringify(verdict));
  }

  say(verdict, { text, more }) {
    const { word, codes = [], sentences = [], remark, step } = verdict;
    const told = sentences.map((index) => this.table.sentences[index]);
    if (remark) told.push(fill(this.words.remark[remark], { step }));
    if (codes.length > 0 || remark || told.length === 0) told.unshift(this.headline(word, codes));
    return { verdict: word, right: RIGHT.includes(word), text, said: [...told, ...more] };
  }

  // The verdict in words, with the first three of the known mistakes by name.
  headline(word, codes) {
    const names = codes.map((code, i) => (i < 3 ? this.program.codes[code] : code));
    return [this.words.verdict[word], names.join(", ")].filter(Boolean).join(": ");
  }

  unsure(aim, open, { text }) {
    const before = [...open].find((name) => name !== aim.name);
    const why = before === undefined ? this.words.unsure :
      fill(this.words.unsure_before, { step: this.program.names[before] });
    return { verdict: "unread", right: false, text, said: [why] };
  }

  refuse(reason, slots, text) {
    const sentence = this.words.unreadable[reason];
    const why = sentence ? [this.words.verdict.unreadable, fill(sentence, slots)] :
      [this.words[reason || "unread"]];
    if (slots?.place) why.push(fill(this.words.line, slots));
    return { verdict: "unread", right: false, text, said: why };
  }

  // The first wrong answer that leads to a wrong one, after what is said of it.
  addFirst(aim, result, earlier) {
    if (result === null || !FAULTY.includes(result.verdict)) return result;
    const [first] = earlier.listFaults(aim.name);
    if (first === undefined) return result;
    const step = this.program.names[first];
    return { ...result, said: [...result.said, fill(this.words.first, { step })] };
  }
}
