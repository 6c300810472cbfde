// Checks our proofs and our signed head with sigstore-js (@sigstore/verify, private files: the version is pinned), which shares no code
// with edgecode. Test code only.
//
//   node sigstore_reference.js NODE_MODULES trees TREES.json      the trees of tests/ledger/tree_cases.py
//   node sigstore_reference.js NODE_MODULES published CASES.json  the cases of tests/ledger/test_independent.py
//
// Prints one line of counts.
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');

const dist = path.join(path.resolve(process.argv[2]), '@sigstore', 'verify', 'dist');
const { verifyMerkleInclusion } = require(path.join(dist, 'tlog', 'merkle.js'));
const { verifyCheckpoint } = require(path.join(dist, 'tlog', 'checkpoint.js'));
const given = JSON.parse(fs.readFileSync(process.argv[4], 'utf8'));
const base64 = (text) => Buffer.from(text, 'base64');

function holds(leaf, index, hashes, size, root) {
  const entry = { canonicalizedBody: leaf, inclusionProof: { logIndex: String(index), hashes } };
  try {
    verifyMerkleInclusion(entry, { logSize: BigInt(size), logHash: root });
    return 1;
  } catch (error) {
    if (error.constructor.name !== 'VerificationError') throw error;
    return 0;
  }
}

function split(joined) {
  return Array.from({ length: joined.length / 64 }, (_, at) => Buffer.from(joined.slice(at * 64, at * 64 + 64), 'hex'));
}

function flipped(hashes, number) {
  const copy = hashes.map((hash) => Buffer.from(hash));
  copy[number % copy.length][number % 32] ^= 1 << (number % 8);
  return copy;
}

function trees() {
  let good = 0, damaged = 0, accepted = 0;
  given.inclusion.forEach(([index, size, joined], number) => {
    const leaf = Buffer.alloc(4);
    leaf.writeUInt32BE(index);
    const hashes = split(joined), root = Buffer.from(given.roots[size], 'hex');
    good += holds(leaf, index, hashes, size, root);
    accepted += holds(leaf, index ^ 1, hashes, size, root);
    damaged += 1;
    if (hashes.length) {
      accepted += holds(leaf, index, flipped(hashes, number), size, root);
      damaged += 1;
    }
  });
  console.log(`inclusion ${good} damaged ${damaged} accepted ${accepted}`);
}

function trusted(vkey) {
  const [name, id, ...rest] = vkey.split('+');
  // RFC 8410 section 4: what comes before the 32 bytes of an Ed25519 key.
  const key = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), base64(rest.join('+')).subarray(1)]);
  const publicKey = crypto.createPublicKey({ key, format: 'der', type: 'spki' });
  const validFor = { start: new Date(0), end: new Date(4e12) };
  return [{ logID: Buffer.from(id, 'hex'), baseURL: 'https://' + name, validFor, publicKey }];
}

function headHolds(envelope) {
  const [first] = given.inclusion;
  const inclusionProof = { logIndex: '0', hashes: first.hashes.map(base64), rootHash: base64(given.root), checkpoint: { envelope } };
  const entry = { integratedTime: '1795000000', canonicalizedBody: base64(first.leaf), inclusionProof };
  try {
    return Number(verifyCheckpoint(entry, trusted(given.vkey)).logSize);
  } catch (error) {
    return error.constructor.name === 'VerificationError' ? 0 : -1;
  }
}

function published() {
  const size = headHolds(given.checkpoint), root = base64(given.root);
  let good = 0;
  for (const one of given.inclusion) good += holds(base64(one.leaf), one.index, one.hashes.map(base64), size, root);
  const lines = given.checkpoint.split('\n');
  const other = [lines[0], String(size + 1), ...lines.slice(2)].join('\n');
  console.log(`head ${size} inclusion ${good} other head ${headHolds(other)}`);
}

process.argv[3] === 'trees' ? trees() : published();
