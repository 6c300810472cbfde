// Bytes, and the RFC 6962 tree. As edgecode.ledger.merkle.

const hex = (bytes) => Array.from(bytes, (code) => code.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
function ascii(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
const utf8 = (text) => new TextEncoder().encode(text);
const equal = (one, other) => one.length === other.length && one.every((code, i) => code === other[i]);

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}
const leafHash = (entry) => sha256(joined([0], entry));
const nodeHash = (left, right) => sha256(joined([1], left, right));

// Sizes and indexes may be above 2^32, where the bit operators of this language end: they are BigInts here.
const bitLength = (number) => (number ? BigInt(number.toString(2).length) : 0n);
const bitCount = (number) => number.toString(2).replaceAll("0", "").length;

function inclusionHolds(leaf, index, size, proof, root) {
  if (index < 0n || index >= size || [leaf, root, ...proof].some((item) => item.length !== 32)) return false;
  const inner = bitLength(index ^ (size - 1n));
  if (proof.length !== Number(inner) + bitCount(index >> inner)) return false;
  for (const [level, sibling] of proof.entries()) {
    const right = BigInt(level) >= inner || (index >> BigInt(level)) & 1n;
    leaf = right ? nodeHash(sibling, leaf) : nodeHash(leaf, sibling);
  }
  return equal(leaf, root);
}

function consistencyHolds(oldSize, newSize, proof, oldRoot, newRoot) {
  if (oldSize < 0n || oldSize > newSize || [oldRoot, newRoot, ...proof].some((item) => item.length !== 32)) return false;
  if (oldSize === newSize) return !proof.length && equal(oldRoot, newRoot);
  if (oldSize === 0n) return !proof.length && equal(oldRoot, sha256(new Uint8Array()));
  const path = oldSize & (oldSize - 1n) ? proof : [oldRoot, ...proof];
  if (!path.length) return false;
  let fn = oldSize - 1n, sn = newSize - 1n;
  while (fn & 1n) { fn >>= 1n; sn >>= 1n; }
  let fr = path[0], sr = path[0];
  for (const sibling of path.slice(1)) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      fr = nodeHash(sibling, fr); sr = nodeHash(sibling, sr);
      while (fn && !(fn & 1n)) { fn >>= 1n; sn >>= 1n; }
    } else sr = nodeHash(sr, sibling);
    fn >>= 1n; sn >>= 1n;
  }
  return sn === 0n && equal(fr, oldRoot) && equal(sr, newRoot);
}
