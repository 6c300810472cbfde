// The one form of a pack's zip, walked from its first byte; nothing is unpacked and no size is believed. As edgecode.ledger.zips.

class Wrong extends Error {
  constructor(code, what, verdict = "INVALID") { super(what); this.code = code; this.verdict = verdict; }
}
const malformed = (what) => new Wrong("pack.malformed", what);
const NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;
const MAX_PLAIN = 65534, SEE_64 = 65535, LOCAL = 30, CENTRAL = 46, END = 22, END_64 = 56, LOCATOR = 20, DATE = 0x21;
const MAX_FOUND = 100; // after so many places that are wrong the walk ends

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
function crc32(bytes) {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC[(crc ^ bytes[i]) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}

function packed(length, signature, numbers, name = "") {
  const bytes = new Uint8Array(length + name.length), view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [size, value] of numbers) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  for (let i = 0; i < name.length; i++) bytes[length + i] = name.charCodeAt(i);
  return bytes;
}
const same = (data, at, piece) => {
  if (at + piece.length > data.length) return false;
  for (let i = 0; i < piece.length; i++) if (data[at + i] !== piece[i]) return false;
  return true;
};
const common = (crc, size, name) => [[2, 10], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size], [2, name.length]];
const localHeader = (name, crc, size) => packed(LOCAL, 0x04034b50, [...common(crc, size, name), [2, 0]], name);

function readZip(data) {
  const read = { members: new Map(), crcs: new Map(), findings: [], whole: false };
  read.add = (object, what) => { read.findings.push({ code: "pack.zip", object, what, verdict: "INVALID" }); };
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const signature = (at) => (at + 4 <= data.length ? view.getUint32(at, true) : 0);
  let at = 0;
  while (signature(at) === 0x04034b50) {
    at = takeMember(data, view, at, read);
    if (at < 0) return read;
  }
  compareTail(data, signature, at, read);
  return read;
}

function takeMember(data, view, at, read) {
  if (at + LOCAL > data.length) { read.add(`byte ${at}`, "a member's header is cut off"); return -1; }
  const method = view.getUint16(at + 8, true), size = view.getUint32(at + 18, true);
  const length = view.getUint16(at + 26, true), begin = at + LOCAL + length + view.getUint16(at + 28, true);
  const name = Array.from(data.subarray(at + LOCAL, at + LOCAL + length), (code) => (code < 128 ? String.fromCharCode(code) : "?")).join("");
  if (!NAME.test(name) || name.length > 255) { read.add(`byte ${at}`, "a member's name is not plain"); return -1; }
  if (method !== 0 || begin + size > data.length) {
    read.add(name, method ? "it is compressed" : "its header says that it is longer than the file");
    return -1;
  }
  const content = data.subarray(begin, begin + size), crc = crc32(content), expected = localHeader(name, crc, size);
  if (begin - at !== expected.length || !same(data, at, expected)) {
    const differ = [...Array(LOCAL).keys()].filter((place) => data[at + place] !== expected[place]);
    const byCrc = differ.length > 0 && differ.every((place) => place >= 14 && place < 18);
    read.add(name, byCrc ? "its bytes are not those that its checksum is of" : "its header is in another form");
  }
  if (read.members.has(name)) { read.add(name, "it is there twice"); return -1; }
  read.members.set(name, content);
  read.crcs.set(name, crc);
  return read.findings.length < MAX_FOUND ? begin + size : -1;
}

function compareTail(data, signature, at, read) {
  const names = [...read.members.keys()];
  if (signature(at) !== 0x02014b50) {
    read.add(`byte ${at}`, names.length ? `no member and no directory follows ${names.at(-1)}` : "the file begins with no member");
    return;
  }
  read.whole = true;
  const begin = at;
  let offset = 0;
  for (const name of names) {
    const size = read.members.get(name).length;
    const numbers = [[2, 10], ...common(read.crcs.get(name), size, name), [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]];
    const entry = packed(CENTRAL, 0x02014b50, numbers, name);
    if (!same(data, at, entry)) { read.add(name, "the directory at the end says something else of it"); return; }
    offset += LOCAL + name.length + size;
    at += entry.length;
  }
  const end = endRecords(names.length, at - begin, begin);
  if (!same(data, at, end)) read.add("end of the file", "the directory at the end says something else of it");
  else if (at + end.length !== data.length) read.add("end of the file", `${data.length - at - end.length} bytes follow it`);
}

// The end record, and before it the 64-bit records exactly when it cannot count the members itself.
function endRecords(members, length, begin) {
  const count = members > MAX_PLAIN ? SEE_64 : members;
  const end = packed(END, 0x06054b50, [[2, 0], [2, 0], [2, count], [2, count], [4, length], [4, begin], [2, 0]]);
  if (members <= MAX_PLAIN) return end;
  const numbers = [[8, END_64 - 12], [2, 45], [2, 45], [4, 0], [4, 0], [8, members], [8, members], [8, length], [8, begin]];
  return joined(packed(END_64, 0x06064b50, numbers), packed(LOCATOR, 0x07064b50, [[4, 0], [8, begin + length], [4, 1]]), end);
}
