// Whose keys count, and how many organisations must have signed. As edgecode.ledger.policy.

const organisation = (name) => name.split("/")[0].replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const isDomain = (text) => text.length <= 253 && /^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$/.test(text);
const keeperUnknown = (origin) => !isDomain(organisation(origin)) || `.${organisation(origin)}`.endsWith(".invalid");

function parsePolicy(bytes) {
  const refuse = (line, what) => new Wrong("policy.malformed", `policy, line ${line}: ${what}`, "UNVERIFIABLE");
  let text;
  try { text = decodeUtf8(bytes); } catch { throw refuse(1, "it is not UTF-8, which is all that this page reads"); }
  const lines = text.split("\n");
  const control = lines.findIndex((line) => /[\x00-\x08\x0b-\x1f\x7f]/.test(line));
  if (control >= 0) throw refuse(control + 1, "a control character; lines end in a newline alone");
  if (lines.pop()) throw refuse(lines.length + 1, "it does not end in a newline");
  const policy = { logs: [], witnesses: [], groups: [], quorum: null };
  const seen = { keys: new Set(), names: new Set(), members: new Set() };
  for (const [number, line] of lines.entries()) {
    const words = line.split(/[ \t]+/).filter(Boolean);
    if (!words.length || words[0].startsWith("#")) continue;
    try { takeLine(policy, seen, words); } catch (error) { throw refuse(number + 1, error.message); }
  }
  if (policy.quorum === null) throw refuse(lines.length + 1, "the file ends without a quorum line");
  return policy;
}

function takeLine(policy, seen, [kind, ...words]) {
  if (kind === "log" && (words.length === 1 || words.length === 2)) policy.logs.push(newKey(seen, words[0], [ED25519]));
  else if (kind === "witness" && (words.length === 2 || words.length === 3)) {
    const key = newKey(seen, words[1], [COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44]);
    if (!isDomain(organisation(key.name)))
      throw new Error("its key's name begins with no plain domain (a to z, 0 to 9, hyphens, single dots)");
    policy.witnesses.push({ name: newName(seen, words[0]), key });
  } else if (kind === "group" && words.length >= 3) policy.groups.push(newGroup(seen, words));
  else if (kind === "quorum" && words.length === 1) {
    if (policy.quorum !== null) throw new Error("there is a quorum line already");
    if (words[0] !== "none" && !seen.names.has(words[0])) throw new Error("no earlier line defines its name");
    policy.quorum = words[0];
  } else throw new Error("it is none of: log KEY [URL], witness NAME KEY [URL], group NAME COUNT MEMBER.., quorum NAME");
}
function newKey(seen, text, kinds) {
  const key = parseKey(text);
  if (!kinds.includes(key.kind)) throw new Error(`a key of the kind ${key.kind} cannot sign as this`);
  const bytes = hex(key.publicBytes);
  if (seen.keys.has(bytes) || seen.keys.has(key.label)) throw new Error("its key stands in an earlier line already");
  seen.keys.add(bytes).add(key.label);
  return key;
}
function newName(seen, name) {
  if (name === "none" || seen.names.has(name)) throw new Error("its name is reserved or taken by an earlier line");
  seen.names.add(name);
  return name;
}
function newGroup(seen, [name, count, ...members]) {
  for (const member of members) {
    if (!seen.names.has(member)) throw new Error("no earlier line defines a member of it");
    if (seen.members.has(member)) throw new Error("a member of it is one of a group already");
    seen.members.add(member);
  }
  const written = count === "any" ? "1" : count === "all" ? String(members.length) : count;
  if (!/^[1-9][0-9]{0,5}$/.test(written) || Number(written) > members.length) throw new Error("its count is none");
  return { name: newName(seen, name), threshold: Number(written), members };
}

function worth(policy, ofWitness, ofGroup) {
  const worths = new Map(policy.witnesses.map((line) => [line.name, ofWitness(line)]));
  for (const group of policy.groups) worths.set(group.name, ofGroup(group, group.members.map((name) => worths.get(name))));
  return worths.get(policy.quorum);
}
const sum = (numbers) => numbers.reduce((all, one) => all + Number(one), 0);

function judgeQuorum(policy, cosigned, origin) {
  const own = organisation(origin);
  const counts = (line) => isDomain(own) && cosigned.has(line.key.label) && organisation(line.key.name) !== own;
  const holds = worth(policy, counts, (group, worths) => sum(worths) >= group.threshold);
  const fewest = (group, worths) => sum(worths.sort((a, b) => a - b).slice(0, group.threshold));
  const needed = worth(policy, () => 1, fewest) ?? 0;
  const resting = new Set([policy.quorum]);
  for (const group of [...policy.groups].reverse()) if (resting.has(group.name)) group.members.forEach((name) => resting.add(name));
  const signed = new Set(policy.witnesses.filter((line) => resting.has(line.name) && counts(line)).map((line) => organisation(line.key.name)));
  return { reached: Boolean(holds) && signed.size >= needed, organisations: [...signed].sort(), needed };
}
