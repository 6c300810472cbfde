// The record's JSON: one spelling of every value. As edgecode.events.codec.

const notCanonical = (what) => new Wrong("record.not_canonical", `not in canonical form: ${what}`);

function decodeUtf8(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function canonical(value, depth = 0) {
  if (depth > 16) throw notCanonical("nested deeper than 16");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw notCanonical("a number that is no integer below 2^53");
    return String(value);
  }
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw notCanonical("a lone surrogate");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  const keys = Object.keys(value);
  if (!keys.every((key) => /^[\x20-\x7e]*$/.test(key))) throw notCanonical("a key that is not printable ASCII");
  return `{${keys.sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key], depth + 1)}`).join(",")}}`;
}

function strict(bytes) {
  let text, value;
  try {
    text = decodeUtf8(bytes);
    value = JSON.parse(text);
  } catch {
    throw notCanonical("it is not JSON in UTF-8");
  }
  if (canonical(value) !== text) throw notCanonical("it is spelled differently from its canonical form");
  return value;
}

const SECTIONS = ["fact", "bytes", "place", "recipe", "graph", "text", "terms", "person"];
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
const COMMITTED = [...SECTIONS].sort().map((name) => `(?:"${name}":"([0-9a-f]{64})"(?:,(?=")|(?=\\})))?`).join("");
const LEAF = new RegExp(
  `^\\{"actor":"(k:[0-9a-f]{8,64})","c":\\{${COMMITTED}\\},"id":"(${UUID})","refs":\\[((?:"${UUID}"(?:,(?=")|(?=\\])))*)\\],` +
  `"ts":(0|[1-9][0-9]{0,15}),"type":"([a-z][a-z0-9]*(?:[._-][a-z0-9]+)*/[1-9][0-9]{0,3})","v":1\\}$`);

function parseLeaf(bytes) {
  const text = Array.from(bytes.subarray(0, 65536), (code) => String.fromCharCode(code)).join("");
  const match = bytes.length <= 65535 ? LEAF.exec(text) : null;
  if (!match) {
    if (bytes.length <= 65535 && /^\{"actor":[^]*"v":(?!1\})[1-9][0-9]{0,5}\}$/.test(text))
      throw new Wrong("leaf.version_unknown", "a leaf of a later form", "UNVERIFIABLE");
    throw notCanonical("it is no leaf: actor, c, id, refs, ts, type and v in their one form");
  }
  if (!Number.isSafeInteger(Number(match[12]))) throw notCanonical("a time of 2^53 or more");
  const commitments = {};
  [...SECTIONS].sort().forEach((name, i) => { if (match[2 + i]) commitments[name] = match[2 + i]; });
  return { actor: match[1], id: match[10], type: match[13], commitments };
}
