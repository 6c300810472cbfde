// Certificates of erasure and disclosures say what the opened events behind them say. As edgecode.ledger.pack_papers.

const SAME = ["requested", "requester", "verified", "ground", "scope", "record_copy", "keys"];
const fields = (said, names) => Object.fromEntries(names.map((name) => [name, said[name]]));
function factOf(events, index, kind) {
  const event = events.get(index), fact = event && kindOf(event) === kind ? event.sections.fact : undefined;
  return isObject(fact) && misfit(fact, `#${kind}`) === null ? fact : null;
}

async function judgeErasure(said, about, events) {
  const unfit = misfit(said, "#erasure");
  if (unfit !== null) return [answerWrong(`it is not in the form of its schema, at ${unfit}`)];
  const found = [], fact = factOf(events, said.entry, "person.erased"), add = (what, isWrong) => { if (isWrong) found.push(answerWrong(what)); };
  if (!fact || said.number !== about || fact.erasure !== about) return [citedWrong(`entry ${said.entry}`, "it is not the erasure that the certificate is of")];
  const kept = or(fact.kept, []).map((one) => ({ until: "", ...one }));
  add("it says something else than the event of the erasure", !alike(fields(said, SAME), fields(fact, SAME)) || !alike(said.kept, kept));
  const named = said.records.filter((one) => events.has(one.ledger)).map((one) => [events.get(one.ledger).leaf, one]);
  const gone = fact.erased.map((one) => [one.event, one.sections]);
  add("the entries that it names are not those of the erasure", named.length !== said.records.length || !alike(named.map(([leaf, one]) => [leaf.id, one.sections]), gone));
  add("an entry is of another type than it says", named.some(([leaf, one]) => leaf.type !== one.type));
  add("the record before and after is not that around its entry", said.before.size !== said.entry || said.after.size !== said.entry + 1);
  await judgeApprovals(said, fact, events, add);
  return found;
}

async function judgeApprovals(said, fact, events, add) {
  const keys = new Map(), approvals = or(fact.approvals, []), signed = new Set();
  for (const index of [...events.keys()].filter((index) => index < said.entry).sort(byNumber)) {
    const named = factOf(events, index, "approver.named");
    if (named) keys.set(named.approver, or(named.retired, false) ? "" : named.key);
  }
  const wanted = approvals.map((one) => ({ approver: one.approver, key: keys.get(one.approver) ?? "" }));
  add("its approvers are not those of the erasure, named before it", !alike(said.approvals, wanted));
  const { approvals: _, ...rest } = fact, statement = joined(utf8("edgecode erasure order v1\n"), utf8(canonical(rest)));
  for (const one of approvals) {
    const key = keys.get(one.approver);
    if (key && /^[A-Za-z0-9+/]{86}==$/.test(one.signature) && (await ed25519Holds(unhex(key), ascii(atob(one.signature)), statement))) signed.add(key);
  }
  add("two approvers have not signed what the event of the erasure says", signed.size < Math.max(2, approvals.length));
}

function judgeDisclosure(said, about, events) {
  const isOwn = isObject(said) && said.schema === "edgecode.own-record/1", unfit = misfit(said, isOwn ? "#own" : "#disclosure");
  if (unfit !== null) return [answerWrong(`it is not in the form of its schema, at ${unfit}`)];
  const found = [], add = (what, isWrong) => { if (isWrong) found.push(answerWrong(what)); }, indexes = [...events.keys()].sort(byNumber);
  if (isOwn) {
    add("the entries that it names are not those of the pack", !alike(said.entries, indexes));
    add("a note is not what its event says", said.notes.some((note) => !saysNote(events.get(note.ledger), note)));
    return found;
  }
  const told = indexes.filter((index) => kindOf(events.get(index)) === "section.disclosed");
  const fact = told.length === 1 ? factOf(events, told[0], "section.disclosed") : null, source = events.get(said.entry);
  if (!fact || !source) return [answerWrong("the entry that it opens, or the event that says so, is not in the pack")];
  const own = [fact.disclosure, fact.event, fact.section, or(fact.reader, "")];
  add("it says something else than the event of the disclosure", !alike(own, [about, said.event, said.section, said.reader]) || said.disclosure !== about);
  add("the entry that it names is another event", source.leaf.id !== said.event || source.leaf.type !== said.type);
  const opened = Object.fromEntries(indexes.map((index) => [index, Object.keys(events.get(index).sections).sort()]));
  add("it opens more or less than it names", !alike(opened, { [said.entry]: [said.section], [told[0]]: ["fact"] }));
  return found;
}

function saysNote(event, note) {
  const { fact, person } = event && kindOf(event) === "person.noted" ? event.sections : {};
  return isObject(fact) && isObject(person) && fact.holds === note.holds && alike(or(person.values, {}), note.values);
}
