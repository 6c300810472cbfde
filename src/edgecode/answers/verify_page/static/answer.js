// Whether the answer's figures are the sums of its ranges, and its events say what it says. As edgecode.ledger.pack_answers.

const CITES = {
  cuts: { "cut.added": "cut" },
  versions: { "version.seen": "version", "sequence.seen": "version", "model.known": "version", "dataset.known": "version" },
  steps: { "step.performed": "step" },
  answers: { "answer.given": "answer" },
  decisions: { "conform.decided": "cut" },
  withdrawn: { "step.withdrawn": "step", "answer.withdrawn": "answer" },
};
const BREAKDOWNS = { by_origin: "origin", ai: "ai", by_grade: "grade", by_conform: "conform", by_visibility: "visibility" };
const answerWrong = (what) => ({ code: "pack.answer", object: "answer.json", what, verdict: "INVALID" });
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const object = (value) => { if (!isObject(value)) throw new Error("an object"); return value; };
const list = (value) => { if (!Array.isArray(value)) throw new Error("a list"); return value; };
const rows = (value) => list(value).map(object);
const field = (value, name) => { if (!Object.hasOwn(object(value), name)) throw new Error(name); return value[name]; };
const number = (value) => { if (typeof value !== "number") throw new Error("a number"); return value; };
const alike = (one, other) => one === other || (one !== undefined && other !== undefined && canonical(one) === canonical(other));

function judgePoint(answer, manifest) {
  const point = { origin: manifest.origin, size: manifest.size, root: manifest.root };
  if (isObject(answer) && alike(answer.ledger, point)) return [];
  return [answerWrong("it was given from another state of the log than pack.json says")];
}

function judgeCut(answer, events) {
  const found = [];
  try {
    if (field(answer, "schema") !== "edgecode.pack-answer/1") throw new Error("schema");
    const coverage = object(field(answer, "coverage"));
    judgeSums(coverage, rows(field(answer, "ranges")), "picture", found);
    judgeSums(object(field(coverage, "audio")), rows(field(answer, "sound")), "sound", found);
    if (!alike(field(coverage, "ledger"), field(answer, "ledger"))) found.push(answerWrong("its coverage was given from another state of the log"));
    judgeReferences(answer, found);
    for (const [table, kinds] of Object.entries(CITES)) for (const row of rows(field(answer, table))) judgeRow(table, kinds, row, events, found);
  } catch (error) {
    if (error instanceof Wrong) throw error;
    found.push(answerWrong(`it is not in the form of its schema, at ${String(error.message).slice(0, 40)}`));
  }
  return found;
}

function judgeSums(figures, ranges, medium, found) {
  const sums = Object.fromEntries([...Object.keys(BREAKDOWNS), "mixed"].map((name) => [name, Object.create(null)]));
  let at = 0, hidden = 0;
  const add = (name, value, frames) => { sums[name][value] = (sums[name][value] ?? 0) + frames; };
  for (const one of ranges) {
    const first = number(field(one, "in")), end = number(field(one, "out"));
    if (first !== at || end <= first) found.push(answerWrong(`its ranges of the ${medium} do not follow one another at frame ${at}`));
    at = end;
    for (const [name, of] of Object.entries(BREAKDOWNS)) add(name, String(field(one, of)), end - first);
    if (field(one, "origin") === "M") add("mixed", String(field(one, "classes")), end - first);
    if (one.effects_hidden) hidden += end - first;
  }
  for (const [name, of] of Object.entries(sums)) {
    const said = Object.fromEntries(Object.entries(object(field(figures, name))).filter(([, count]) => count));
    if (!alike(said, of)) found.push(answerWrong(`${name} of the ${medium} is not the sum of its ranges`));
  }
  const open = sums.by_origin.U ?? 0;
  const whole = { frames: at, accounted: at - open, unaccounted: open, effects_not_visible: hidden };
  for (const [name, count] of Object.entries(whole))
    if (field(figures, name) !== count) found.push(answerWrong(`${name} of the ${medium} is not the sum of its ranges`));
  let covered = 0, behind = 0;
  const gaps = rows(field(figures, "gaps")).map((gap) => [number(field(gap, "in")), number(field(gap, "out"))]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const [first, end] of gaps) { covered += Math.max(0, end - Math.max(first, behind)); behind = Math.max(behind, end); }
  if (covered !== open) found.push(answerWrong(`the gaps of the ${medium} are not its unaccounted frames`));
}

function judgeReferences(answer, found) {
  const known = Object.fromEntries(Object.keys(CITES).map((table) => [table, new Set(rows(field(answer, table)).map((row) => field(row, "id")))]));
  const missing = new Set();
  const name = (place, table, record) => { if (!known[table].has(record)) missing.add(`${place} name a record that its ${table} do not hold`); };
  for (const place of ["ranges", "sound"]) for (const one of rows(field(answer, place))) for (const shown of rows(field(one, "shown")))
    for (const [table, key] of [["versions", "version"], ["answers", "answer"], ["decisions", "decision"]])
      if (Object.hasOwn(shown, key)) name(place, table, shown[key]);
  const outputs = new Map(rows(answer.steps).map((row) => [field(row, "id"), list(field(row, "outputs"))]));
  for (const row of rows(answer.versions)) {
    for (const step of list(row.steps ?? [])) {
      name("versions", "steps", step);
      if (!(outputs.get(step) ?? [row.id]).includes(row.id)) found.push(answerWrong("a version names a step that did not make it"));
    }
    for (const one of rows(row.also ?? [])) name("versions", "versions", field(one, "version"));
    if (Object.hasOwn(row, "answer")) name("versions", "answers", row.answer);
  }
  for (const row of rows(answer.steps)) for (const used of rows(row.inputs ?? [])) name("steps", "versions", field(used, "version"));
  for (const what of [...missing].sort()) found.push(answerWrong(what));
}

const making = (said) => canonical([said.kind ?? null, said.grade ?? null, said.outputs ?? null, rows(said.inputs ?? []).map((one) => field(one, "version"))]);

function judgeRow(table, kinds, row, events, found) {
  const cited = (object, what) => found.push({ code: "pack.cited", object, what, verdict: "INVALID" });
  const digests = ["sha256", "sequence_root"].filter((name) => Object.hasOwn(row, name)), backed = new Set();
  if (!list(field(row, "ledger")).length && (table !== "versions" || digests.length)) cited(String(row.id), `a row of the answer's ${table} cites nothing`);
  for (const index of row.ledger) {
    const event = events.get(number(index)), thing = `entry ${index}`, kind = event?.leaf.type.split("/")[0];
    if (!event) cited(thing, `the answer's ${table} cite it, and it is not in the pack`);
    else if (!Object.hasOwn(kinds, kind)) cited(thing, `the answer's ${table} cite it, and it is a ${kind}`);
    else {
      const fact = object(event.sections.fact), content = event.sections.bytes;
      if (fact[kinds[kind]] !== (Object.hasOwn(row, "record") ? row.record : field(row, "id"))) cited(thing, `the answer's ${table} cite it for another record`);
      if (kind === "step.performed" && making(fact) !== making(row)) cited(thing, "the answer says another making than it does");
      if (isObject(content)) digests.filter((name) => content[name] === row[name]).forEach((name) => backed.add(name));
    }
  }
  if (digests.some((name) => !backed.has(name))) cited(String(row.id), "no event of the pack says the digest that the answer gives for it");
}
