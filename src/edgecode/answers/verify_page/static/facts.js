// What the events of a pack say, and whether the tables of an answer say the same. As edgecode.ledger.pack_facts.

const CITES = {
  cuts: { "cut.added": "cut" },
  versions: { "version.seen": "version", "sequence.seen": "version", "model.known": "version", "dataset.known": "version" },
  steps: { "step.performed": "step" },
  answers: { "answer.given": "answer" },
  decisions: { "conform.decided": "cut" },
  withdrawn: { "step.withdrawn": "step", "answer.withdrawn": "answer" },
};
const CITABLE = new Set(Object.values(CITES).flatMap(Object.keys));
const READ = ["version.seen", "sequence.seen"], FOLLOWED = ["picture", "sound", "reference"], CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const answerWrong = (what) => ({ code: "pack.answer", object: "answer.json", what, verdict: "INVALID" });
const citedWrong = (object, what) => ({ code: "pack.cited", object, what, verdict: "INVALID" });
const alike = (one, other) => one === other || (one !== undefined && other !== undefined && canonical(one) === canonical(other));
const kindOf = (event) => event.leaf.type.split("/")[0];
const byNumber = (one, other) => one - other;
const or = (value, otherwise) => (value === undefined ? otherwise : value);
const isWithin = (inner, outer) => [...inner].every((one) => outer.has(one));

class Facts extends Map {
  of(...kinds) { return [...this.values()].filter((fact) => kinds.includes(fact.kind)); }
  withdrawn() {
    const found = new Set(), known = new Set();
    for (const { kind, fact } of this.of("step.performed", "answer.given", "step.withdrawn", "answer.withdrawn")) {
      const [name, verb] = kind.split(".");
      if (verb !== "withdrawn") known.add(fact[name]);
      else if (known.has(fact[name])) found.add(fact[name]);
    }
    return found;
  }
  standingAnswers(about) {
    const gone = this.withdrawn();
    return this.of("answer.given").map((one) => one.fact).filter((word) => !gone.has(word.answer) && or(word.about, "making") === about);
  }
  clipsWithPlainEffects() { return new Set(this.standingAnswers("effects").flatMap((word) => or(word.clips, []))); }
  latestWords() {
    return new Map(this.standingAnswers("making").flatMap((word) => or(word.clips, []).map((clip) => [clip, word.answer])));
  }
  latestDecisions() {
    const found = new Map();
    for (const one of this.of("conform.decided")) for (const row of one.fact.decisions) found.set(row.clip, [one.id, row.version || undefined]);
    return found;
  }
  wordOf(answer) {
    const claim = this.of("answer.given").find((one) => one.fact.answer === answer)?.fact.claim ?? {};
    return ownClasses(claim);
  }
  making(version, whole) {
    const steps = or(this.versions.get(version)?.steps, []).map((step) => this.steps.get(step)).filter(Boolean);
    const standing = steps.filter((row) => ["counts", "outranked"].includes(row.standing) && row.ledger.length && this.has(row.ledger[0]));
    const found = standing.map((row) => [row, this.get(row.ledger[0]).fact]);
    return found.filter(([row, fact]) => !whole || (or(fact.status, "done") === "done" && row.kind !== "import"));
  }
  behind(version, whole, take) {
    const seen = new Set(), waiting = [version];
    while (waiting.length) {
      const one = waiting.pop();
      if (seen.has(one)) continue;
      seen.add(one);
      for (const [row, fact] of this.making(one, whole)) {
        take(row, fact, true);
        if (whole && isPartial(fact)) continue;
        for (const used of or(fact.inputs, [])) if (!whole || isFollowed(used)) waiting.push(used.version);
      }
      if (whole || !this.versions.has(one)) continue;
      take(this.versions.get(one), {}, false);
      for (const other of or(this.versions.get(one).also, [])) waiting.push(other.version);
    }
  }
  least(version) {
    const found = new Set();
    this.behind(version, true, (row, fact) => { if (!isPartial(fact)) ownClasses(row).forEach((letter) => found.add(letter)); });
    return found;
  }
  most(version) {
    const found = new Set(), add = (letters) => { for (const letter of letters) found.add(letter); };
    this.behind(version, false, (row, fact, isStep) => {
      if (isStep) { add(ownClasses(row)); add(or(fact.origins, "")); } else if (Object.hasOwn(row, "answer")) add(this.wordOf(row.answer));
    });
    return found;
  }
  wasRead(row) { return row.ledger.some((index) => this.has(index) && READ.includes(this.get(index).kind)); }
  bestGrade(row) {
    const same = [row.id, ...or(row.also, []).map((other) => other.version)];
    const grades = same.flatMap((version) => this.making(version, true).map(([step]) => GRADES.indexOf(step.grade)));
    return Math.max(...grades, GRADES.indexOf("declared"));
  }
}
const isPartial = (fact) => or(fact.covers, null) !== null;
const isFollowed = (used) => FOLLOWED.includes(or(used.role, "picture")) && !or(used.frames, []).length;
const ownClasses = (said) => {
  const letters = new Set(said.ai === "generative" ? ["G"] : []);
  return LETTERS.has(said.kind) ? letters.add(LETTERS.get(said.kind)) : letters;
};

function factsOf(events) {
  const facts = new Facts(), found = [];
  for (const index of [...events.keys()].sort(byNumber)) {
    const event = events.get(index), kind = kindOf(event), fact = event.sections.fact;
    if (!CITABLE.has(kind)) continue;
    if (misfit(fact, `#${kind}`) !== null) found.push(citedWrong(`entry ${index}`, "its fact is not opened in the form of its kind"));
    else facts.set(index, { kind, id: event.leaf.id, fact, bytes: event.sections.bytes, committed: event.leaf.commitments.bytes ?? "" });
  }
  return [facts, found];
}

function judgeCited(said, about, facts, found) {
  for (const name of ["versions", "steps", "answers"]) facts[name] = new Map(said[name].map((row) => [row.id, row]));
  if (said.cuts.length !== 1 || said.cuts[0].id !== about) found.push(answerWrong("it is about another cut than pack.json says"));
  const gone = facts.withdrawn(), told = new Set();
  for (const [table, kinds] of Object.entries(CITES)) {
    if (new Set(said[table].map((row) => row.id)).size !== said[table].length) found.push(answerWrong(`its ${table} hold one record twice`));
    for (const row of said[table]) {
      const before = found.length;
      row.ledger.forEach((index) => told.add(index));
      judgeCiting(table, kinds, row, facts, found);
      const fault = found.length > before ? null : ROWS[table]?.(row, facts, about, gone) ?? null;
      if (fault !== null) found.push(citedWrong(row.id, fault));
    }
  }
  for (const index of facts.keys()) if (!told.has(index)) found.push(citedWrong(`entry ${index}`, "no part of the answer cites it"));
}

function judgeCiting(table, kinds, row, facts, found) {
  if (new Set(row.ledger).size !== row.ledger.length || (table !== "versions" && row.ledger.length !== 1))
    found.push(citedWrong(row.id, `a row of the answer's ${table} does not cite one entry once`));
  for (const index of row.ledger) {
    const one = facts.get(index), thing = `entry ${index}`;
    if (!one) found.push(citedWrong(thing, `the answer's ${table} cite it, and it is not there to be cited`));
    else if (!Object.hasOwn(kinds, one.kind)) found.push(citedWrong(thing, `the answer's ${table} cite it, and it is a ${one.kind}`));
    else if (one.fact[kinds[one.kind]] !== or(row.record, row.id)) found.push(citedWrong(thing, `the answer's ${table} cite it for another record`));
  }
}

const ROWS = {
  steps(row, facts, about, gone) {
    const fact = facts.get(row.ledger[0]).fact, tool = or(fact.tool, { name: "" });
    const inputs = or(fact.inputs, []).map((used) => ({ version: used.version, role: or(used.role, "picture") }));
    const said = [row.kind, row.grade, row.source, row.outputs, or(row.inputs, []), or(row.tool, ""), or(row.ai, null)];
    const named = [tool.name, or(tool.version, "")].filter(Boolean).join(" ");
    if (!alike(said, [fact.kind, fact.grade, fact.source, fact.outputs, inputs, named, or(fact.ai, null)])) return "the answer says another making than its event does";
    const wanted = gone.has(row.id) ? "withdrawn" : or(fact.status, "done") === "failed" ? "failed" : "";
    if (row.standing !== wanted && (wanted || ["withdrawn", "failed"].includes(row.standing))) return "its standing is not what its events say";
    if (row.outputs.some((version) => !or(facts.versions.get(version)?.steps, []).includes(row.id))) return "a version that it made does not name it";
    return inputs.some((used) => !facts.versions.has(used.version)) ? "a version that it used is not listed" : null;
  },
  versions(row, facts, about, gone) {
    const mine = row.ledger.map((index) => facts.get(index)), read = mine.filter((one) => READ.includes(one.kind));
    const opened = mine.map((one) => one.bytes).filter(isObject), names = ["sha256", "sequence_root"].filter((name) => Object.hasOwn(row, name));
    if ((row.known === "read" && !read.length) || (row.known !== "read" && (names.length || Object.hasOwn(row, "edge_code"))))
      return "it is said to be known better than its events know it";
    if (names.some((name) => !opened.some((one) => one[name] === row[name]))) return "no event of the pack says the digest that the answer gives for it";
    const sealed = mine.some((one) => one.committed && (one.bytes === undefined || one.bytes === null));
    if (row.personal === true && (names.length || !sealed)) return "its digest is not sealed, so it is not a person's alone";
    const shown = read.some((one) => isObject(one.bytes) && (Object.hasOwn(one.bytes, "sha256") || Object.hasOwn(one.bytes, "sequence_root")));
    if (row.known === "read" && shown && !names.length && !sealed) return "the answer leaves out its digest";
    const codes = names.length ? names.map((name) => digits(row[name])) : read.filter((one) => one.committed).map((one) => digits(one.committed));
    const code = or(row.edge_code, "");
    if (code && (!["", code[0]].includes(row.origin) || !codes.some((one) => one.startsWith(code.slice(2).replaceAll(" ", "")))))
      return "its edge code is not that of its letter and digest";
    if (row.media && read.length && !read.some((one) => one.fact.media.media_class === row.media)) return "its medium is not what its events say";
    if (row.frames && !read.map(extentOf).some((one) => one && one[0] === row.frames[0] && one[1] === row.frames[1])) return "its frames are not what its events say";
    return makersFault(row, facts, gone);
  },
  answers(row, facts, about, gone) {
    const fact = facts.get(row.ledger[0]).fact;
    const said = [row.kind, or(row.ai, null), row.about, row.versions, row.clips, or(row.withdrawn, false)];
    const wanted = [fact.claim.kind, or(fact.claim.ai, null), or(fact.about, "making"), or(fact.versions, []).length, or(fact.clips, []).length, gone.has(row.id)];
    return alike(said, wanted) ? null : "the answer says another word than its event does";
  },
  decisions(row, facts, about) {
    const one = facts.get(row.ledger[0]);
    return alike([row.id, row.record, row.clips], [one.id, about, one.fact.decisions.length]) ? null : "it is not the decision that its event is";
  },
};

function makersFault(row, facts, gone) {
  if (or(row.steps, []).some((step) => !facts.steps.get(step)?.outputs.includes(row.id))) return "it names a step that did not make it";
  if (or(row.also, []).some((other) => !facts.versions.has(other.version))) return "it names a version that is not listed";
  if (Object.hasOwn(row, "answer") && (!facts.answers.has(row.answer) || gone.has(row.answer))) return "it names an answer that does not stand";
  if (row.origin && !["M", "U"].includes(row.origin) && !isWithin(facts.least(row.id), new Set([row.origin]))) return "its letter leaves out what steps in the pack made it";
  return null;
}

function extentOf({ kind, fact }) {
  if (kind === "sequence.seen") return [fact.first, fact.last + 1];
  const first = or(fact.media.first_frame, 0), frames = or(fact.media.frames, 0);
  return frames && ["video", "sequence"].includes(fact.media.media_class) ? [first, first + frames] : undefined;
}

// The first 75 bits of a digest in base32; an edge code prints 50 or all of them.
function digits(digest) {
  const number = BigInt(`0x${digest}`) >> 181n;
  return Array.from({ length: 15 }, (_, i) => CROCKFORD[Number((number >> BigInt(70 - 5 * i)) & 31n)]).join("");
}
