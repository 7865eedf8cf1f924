// Other conventions, which only derive check can tell (derive/checking/conventions.py).
const MISSED = [...FAULTY, "carried"];

// Whether all that shows a convention may follow it, with what derive check takes for evidence;
// an answer that only derive check reads or tells (`open`) may be evidence of either kind.
function mayFollow({ values, proofs, enough }, { columns, unit }, results, earlier, open) {
  const answered = ([i]) => earlier.answers.has(columns[i].name);
  const isBeside = ([i, text]) => {
    const wanted = approximate(exact(text));
    const off = Math.abs(ball(earlier.answers.get(columns[i].name).claim.value).m - wanted);
    return off <= 1.001 * Math.max(Math.abs(wanted) / 10, 20 * approximate(unit));
  };
  const shown = values.filter(answered);
  const wrong = shown.filter(([i]) => MISSED.includes(results[i].verdict));
  const unseen = [...proofs, ...values.map(([i]) => i)].some((i) => open.has(columns[i].name));
  if (wrong.length === 0 || !wrong.every(isBeside)) return false;
  if (unseen) return true;
  const told = proofs.filter((i) => answered([i]));
  return told.length > 0 ? told.some((i) => results[i].right) : shown.length >= enough;
}
