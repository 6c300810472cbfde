// Judging a pack, each step as far as it goes; every difference is a finding that names its object. As edgecode.ledger.packs.

const FIRST = ["pack.json", "answer.json", "answer.txt", "limits.txt"];
const LATER = ["verify.html", "edgecode-verify.pyz", "policy.txt", "seal/checkpoint", "seal/consistency"];
const MADE = ["seal/pack/leaf", "seal/pack/fact", "seal/pack/bytes", "seal/pack/proof"];
const EVENT = new RegExp(`^events/([0-9]{12})/(leaf|${SECTIONS.join("|")})$`), PROOF = /^seal\/proofs\/([0-9]{12})\.tlog-proof$/;
const JUDGES = new Map([["cut", judgeCut], ["erasure", judgeErasure], ["disclosure", judgeDisclosure]]);
const WORST_FIRST = ["INVALID", "DIVERGED", "UNVERIFIABLE"];

function rank(name) {
  if (FIRST.includes(name)) return [0, FIRST.indexOf(name), 0];
  const event = EVENT.exec(name), proof = PROOF.exec(name);
  if (event) return [1, Number(event[1]), ["leaf", ...SECTIONS].indexOf(event[2])];
  if (LATER.includes(name)) return [2, LATER.indexOf(name), 0];
  if (proof) return [3, Number(proof[1]), 0];
  return MADE.includes(name) ? [4, MADE.indexOf(name), 0] : null;
}
const isBefore = (one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

async function verifyPack(data, outside, progress = () => {}) {
  const read = readZip(data), members = read.members, findings = read.findings;
  const add = (code, object, what, verdict = "INVALID") => findings.push({ code, object, what, verdict });
  const at = async (thing, work) => {
    try { return await work(); } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      add(error.code, error.code === "note.key" ? "key" : thing, error.message, error.verdict);
      return undefined;
    }
  };
  const judge = { members, findings, add, at, progress, quorum: { reached: false, organisations: [], needed: 0 }, unjudged: [] };
  judgeNames(judge, read.whole);
  const manifest = await judgeManifest(judge);
  const head = await judgeHead(judge, outside);
  const made = await judgeMade(judge, head, manifest);
  const events = await judgeEvents(judge, head);
  let answer = null;
  if (manifest) {
    judgeState(judge, head, manifest, made);
    await at("answer.json", async () => {
      answer = strict(members.get("answer.json") ?? new Uint8Array());
      findings.push(...judgePoint(answer, manifest));
      const judgeAnswer = JUDGES.get(manifest.kind);
      if (judgeAnswer) for (const finding of await judgeAnswer(answer, manifest.about, events)) findings.push(finding);
      else add("pack.kind", "pack.json", "an answer of a kind that is not known here", "UNVERIFIABLE");
    });
    for (const index of events.keys()) if (index >= manifest.size) add("pack.cited", `entry ${index}`, "it is later than the state that the answer was given from");
  }
  const forced = new Set(findings.map((finding) => finding.verdict));
  const word = WORST_FIRST.find((verdict) => forced.has(verdict)) ?? (judge.quorum.reached ? "WITNESSED" : "UNWITNESSED");
  return { word, findings, head, made, events: events.size, quorum: judge.quorum, unjudged: judge.unjudged, manifest, answer, members };
}

function judgeNames({ members, add }, whole) {
  const wanted = new Set([...FIRST, ...LATER, ...MADE]);
  for (const name of members.keys()) {
    const event = EVENT.exec(name), proof = PROOF.exec(name);
    if (event) wanted.add(`events/${event[1]}/leaf`).add(`seal/proofs/${event[1]}.tlog-proof`);
    else if (proof && !members.has(`events/${proof[1]}/leaf`)) add("pack.member", name, "it proves an event that is not there");
  }
  if (whole) for (const name of [...wanted].sort()) if (!members.has(name)) add("pack.member", name, "it is not there");
  let last = [-1, 0, 0];
  for (const name of members.keys()) {
    const place = rank(name);
    if (!place) add("pack.member", name, "no pack has a member of this name");
    else if (isBefore(place, last) < 0) add("pack.member", name, "it is not in its place");
    else last = place;
  }
}

function parseManifest(bytes) {
  const read = strict(bytes), schema = isObject(read) ? read.schema : null;
  if (schema !== "edgecode.pack/1") {
    if (typeof schema === "string" && schema.startsWith("edgecode.pack/"))
      throw new Wrong("pack.version", "a pack of a form that is not known here", "UNVERIFIABLE");
    throw malformed("it is not the list of a pack");
  }
  const texts = ["kind", "pack", "about", "origin", "root"].every((name) => typeof read[name] === "string");
  if (!texts || Object.keys(read).length !== 8 || typeof read.size !== "number" || !Array.isArray(read.content) || !/^[0-9a-f]{64}$/.test(read.root))
    throw malformed("its fields are not those of a pack");
  const content = new Map();
  for (const row of read.content) {
    const fits = isObject(row) && Object.keys(row).length === 3 && typeof row.name === "string" && typeof row.sha256 === "string" && typeof row.bytes === "number";
    if (!fits) throw malformed("a row of its content is not name, sha256 and bytes");
    content.set(row.name, `${row.sha256} ${row.bytes}`);
  }
  if (content.size !== read.content.length) throw malformed("its fields are not those of a pack");
  return { ...read, content };
}

async function judgeManifest({ members, add, at, progress }) {
  if (!members.has("pack.json")) return null;
  return (await at("pack.json", async () => {
    const manifest = parseManifest(members.get("pack.json")), there = new Map();
    for (const [name, data] of members) {
      if (name === "pack.json" || name.startsWith("seal/")) continue;
      there.set(name, `${hex(sha256(data))} ${data.length}`);
      if (there.size % 100 === 0) await progress("Comparing every member with its digest", there.size, members.size);
    }
    for (const name of new Set([...manifest.content.keys(), ...there.keys()]))
      if (there.get(name) !== manifest.content.get(name)) add("pack.digest", name, "it is not what pack.json lists");
    const listed = [...manifest.content.keys()];
    if (there.size === listed.length && listed.every((name) => there.has(name)) && [...there.keys()].some((name, i) => name !== listed[i]))
      add("pack.digest", "pack.json", "it lists the members in another order");
    return manifest;
  })) ?? null;
}

async function judgeHead(judge, outside) {
  const { members, at } = judge, note = members.get("seal/checkpoint");
  if (!note) return null;
  let trusted = outside;
  if (!outside) trusted = await at("policy.txt", () => parsePolicy(members.get("policy.txt") ?? new Uint8Array()));
  if (trusted) {
    const found = await at("seal/checkpoint", async () => {
      const opened = await openCheckpoint(note, trusted);
      const quorum = judgeQuorum(trusted, opened.cosigned, opened.head.origin);
      judge.quorum = outside ? quorum : { ...quorum, reached: false };
      judge.unjudged = opened.unjudged;
      return { note, ...opened.head, trusted };
    });
    if (found) return found;
  }
  try { return { note, ...parseCheckpoint(parseNote(note).text), trusted: null }; } catch { return null; }
}

async function judgeProof(judge, name, entry, head, index) {
  return (await judge.at(name, async () => {
    const proof = parseProof(judge.members.get(name));
    if (index !== undefined && proof.index !== index) judge.add("pack.proof", name, `it is about entry ${proof.index}`);
    if (!head) return proof.index;
    if (proof.extra !== null || !equal(proof.checkpoint, head.note)) await judgeOtherHead(judge, name, proof, head);
    else if (!inclusionHolds(leafHash(entry), proof.index, head.size, proof.hashes, head.root))
      judge.add("proof.inclusion", `entry ${proof.index}`, "the proof does not lead from it to the signed root");
    return proof.index;
  })) ?? -1n;
}

async function judgeOtherHead(judge, name, proof, head) {
  let other = null;
  try { if (head.trusted) other = (await openCheckpoint(proof.checkpoint, head.trusted)).head; } catch (error) { if (!(error instanceof Wrong)) throw error; }
  if (other && other.origin === head.origin && other.size === head.size && !equal(other.root, head.root))
    judge.add("checkpoint.diverged", name, `its log signed two histories of ${other.size} entries`, "DIVERGED");
  else judge.add("pack.proof", name, "it is not under the checkpoint of the pack, or says something besides");
}

function openSection(bytes, leaf, section) {
  const salt = Array.from(bytes.subarray(0, 65), (code) => String.fromCharCode(code)).join("");
  if (!/^[0-9a-f]{64}\n$/.test(salt)) throw malformed("it does not begin with a salt");
  const plain = bytes.subarray(65);
  if (hex(hmacSha256(unhex(salt.slice(0, 64)), plain)) !== leaf.commitments[section])
    throw new Wrong("pack.opening", "its bytes and salt do not open what the event committed to");
  return strict(plain);
}

async function judgeMade(judge, head, manifest) {
  const { members, add, at } = judge;
  if (![...MADE, "pack.json"].every((name) => members.has(name))) return -1n;
  const [leafAt, factAt, bytesAt, proofAt] = MADE;
  return (await at(leafAt, async () => {
    const leaf = parseLeaf(members.get(leafAt)), index = await judgeProof(judge, proofAt, members.get(leafAt), head);
    await at(factAt, async () => {
      const fact = openSection(members.get(factAt), leaf, "fact");
      const said = isObject(fact) ? { about: "", ...fact } : {};
      const about = manifest && { pack: manifest.pack, kind: manifest.kind, about: manifest.about };
      if (leaf.type !== "pack.made/1" || (about && !alike(said, about))) add("pack.made", factAt, "the event is not about this pack");
    });
    await at(bytesAt, async () => {
      const held = openSection(members.get(bytesAt), leaf, "bytes");
      if (!alike(held, { content: hex(sha256(members.get("pack.json"))) }))
        add("pack.made", "pack.json", "it is not the list that was recorded when the pack was made");
    });
    return index;
  })) ?? -1n;
}

async function judgeEvents(judge, head) {
  const { members, at, progress } = judge, parts = new Map(), events = new Map();
  for (const [name, data] of members) {
    const match = EVENT.exec(name);
    if (match) parts.set(match[1], { ...parts.get(match[1]), [match[2]]: data });
  }
  for (const [index, { leaf: data, ...opened }] of parts) {
    if (!data) continue;
    await at(`events/${index}/leaf`, async () => {
      const leaf = parseLeaf(data), sections = {}, proof = `seal/proofs/${index}.tlog-proof`;
      if (members.has(proof)) await judgeProof(judge, proof, data, head, BigInt(index));
      for (const [section, bytes] of Object.entries(opened))
        await at(`events/${index}/${section}`, async () => { sections[section] = openSection(bytes, leaf, section); });
      events.set(Number(index), { leaf, sections });
    });
    if (events.size % 20 === 0) await progress("Following every event to the signed head", events.size, parts.size);
  }
  return events;
}

function judgeState({ members, add }, head, manifest, made) {
  const bytes = members.get("seal/consistency");
  if (!head || !bytes) return;
  const text = latin(bytes.subarray(0, 65 * 64));
  if (bytes.length > text.length || !/^(?:[0-9a-f]{64}\n){0,63}$/.test(text)) { add("pack.malformed", "seal/consistency", "it is not one hash a line"); return; }
  const size = BigInt(manifest.size), proof = text.split("\n").slice(0, -1).map(unhex);
  if (manifest.origin !== head.origin) add("pack.point", "pack.json", "it speaks of another log than the checkpoint");
  else if (made >= 0n && size > made) add("pack.point", "pack.json", "its answer is later than the event that binds it");
  else if (!consistencyHolds(size, head.size, proof, unhex(manifest.root), head.root))
    add("pack.point", "seal/consistency", `the log of ${size} entries that the answer rests on is not the beginning of what was signed`);
}
