// Signed notes, checkpoints, keys and proofs, read strictly: one spelling each. As edgecode.ledger.notes.

const ED25519 = 1, COSIGNATURE_ED25519 = 4, COSIGNATURE_ML_DSA_44 = 6;
const PUBLIC_BYTES = { 1: 32, 4: 32, 6: 1312 };
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const noteWrong = (what) => new Wrong("note.malformed", `not in the form the standard asks for: ${what}`);

// Bytes as text, piece by piece: a call with every byte of a large member as an argument overflows the stack.
function latin(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length; at += 8192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return parts.join("");
}
function base64(bytes) {
  return btoa(latin(bytes));
}
function fromBase64(text) {
  let bytes;
  try { bytes = ascii(atob(text)); } catch { throw noteWrong("base64"); }
  if (base64(bytes) !== text) throw noteWrong("base64 in another spelling");
  return bytes;
}
function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(text)) throw noteWrong("a decimal number");
  return BigInt(text);
}
function keyName(text) {
  if (!text || text.includes("+") || SPACE.test(text)) throw noteWrong("the name of a key");
  return text;
}

function parseKey(text) {
  const [name, id, ...rest] = text.split("+");
  if (!rest.length) throw noteWrong("a verifier key");
  const material = fromBase64(rest.join("+"));
  if (material.length < 2) throw noteWrong("a key of the wrong length");
  keyName(name);
  const kind = material[0], publicBytes = material.subarray(1);
  if (!(kind in PUBLIC_BYTES)) throw new Wrong("note.kind_unknown", `a key of the unknown kind ${kind}`, "UNVERIFIABLE");
  if (publicBytes.length !== PUBLIC_BYTES[kind]) throw noteWrong("a key of the wrong length");
  const keyId = hex(sha256(joined(utf8(`${name}\n`), material)).subarray(0, 4));
  const label = `${name}+${keyId}`;
  if (`${label}+${base64(material)}` !== text) throw noteWrong("a verifier key whose id is not its own");
  return { name, kind, publicBytes, keyId, label };
}

async function ed25519Holds(publicBytes, signature, message) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicBytes, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name !== "NotSupportedError" && error.name !== "TypeError") return false;
    throw new Wrong("browser.no_ed25519", "this browser cannot judge Ed25519 signatures: use a newer one, or edgecode-verify", "UNVERIFIABLE");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}

// The time of a cosignature as a BigInt (0 for the log's own), null when it does not hold, undefined when it is not judged here.
async function signatureTime(key, text, signature) {
  if (key.kind === ED25519) return (await ed25519Holds(key.publicBytes, signature, utf8(text))) ? 0n : null;
  if (key.kind === COSIGNATURE_ML_DSA_44) return undefined;
  if (signature.length < 8) return null;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (seconds >= 2n ** 63n) return null;
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  return (await ed25519Holds(key.publicBytes, signature.subarray(8), message)) ? seconds : null;
}

function parseNote(data) {
  let whole;
  try { whole = decodeUtf8(data); } catch { throw noteWrong("UTF-8"); }
  if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw noteWrong("a control character");
  const at = whole.lastIndexOf("\n\n"), lines = whole.slice(at + 2).split("\n");
  if (at < 0 || lines.pop() || lines.length < 1 || lines.length > 64) throw noteWrong("no block of 1 to 64 signatures");
  return { text: whole.slice(0, at + 1), signatures: lines.map(signatureLine) };
}
function signatureLine(line) {
  const match = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  if (!match) throw noteWrong("a signature line");
  const blob = fromBase64(match[2]);
  if (blob.length < 5) throw noteWrong("a signature that is too short");
  return { name: keyName(match[1]), keyId: hex(blob.subarray(0, 4)), signature: blob.slice(4) };
}
const EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3]) throw noteWrong("a checkpoint has exactly three lines");
  const head = { origin: lines[0], size: decimal(lines[1]), root: fromBase64(lines[2]) };
  if (!head.origin || head.root.length !== 32 || (head.size === 0n && hex(head.root) !== EMPTY_ROOT))
    throw noteWrong("the origin or the root of a checkpoint");
  return head;
}

async function openCheckpoint(data, policy) {
  const note = parseNote(data), head = parseCheckpoint(note.text);
  const known = new Map([...policy.logs, ...policy.witnesses.map((line) => line.key)].map((key) => [key.label, key]));
  const times = new Map(), unjudged = [];
  for (const line of note.signatures) {
    const key = known.get(`${line.name}+${line.keyId}`);
    if (!key) continue;
    const seconds = await signatureTime(key, note.text, line.signature);
    if (seconds === undefined) { unjudged.push(key.name); continue; }
    if (seconds === null) throw new Wrong("note.signature", `the signature of the key ${line.keyId} is wrong`);
    times.set(key.label, seconds > (times.get(key.label) ?? 0n) ? seconds : times.get(key.label) ?? 0n);
  }
  const own = [...known.values()].filter((key) => key.kind === ED25519 && key.name === head.origin);
  if (!own.length) throw new Wrong("note.other_log", "no key given is of this log", "UNVERIFIABLE");
  if (!own.some((key) => times.has(key.label))) {
    const others = note.signatures.filter((line) => line.name === head.origin).map((line) => line.keyId).join(", ") || "none";
    const what = `signed by a key that you were not given (id ${others}): ask whether the log has changed its key`;
    throw new Wrong("note.key", what, "UNVERIFIABLE");
  }
  const cosigned = new Map([...times].filter(([label]) => known.get(label).kind !== ED25519));
  return { head, cosigned, unjudged };
}

function parseProof(data) {
  let at = 0;
  while (at + 1 < data.length && !(data[at] === 10 && data[at + 1] === 10)) at++;
  if (at + 1 >= data.length || data.subarray(0, at).some((code) => code > 127)) throw noteWrong("a proof in two parts");
  const [header, ...lines] = latin(data.subarray(0, at)).split("\n");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : null;
  if (header !== "c2sp.org/tlog-proof@v1" || !lines[0]?.startsWith("index ")) throw noteWrong("the first lines of a proof");
  const hashes = lines.slice(1).map(fromBase64);
  if (hashes.length > 63 || hashes.some((item) => item.length !== 32)) throw noteWrong("the hashes of a proof");
  return { index: decimal(lines[0].slice(6)), hashes, extra, checkpoint: data.subarray(at + 2) };
}
