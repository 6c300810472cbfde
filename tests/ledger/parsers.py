"""Everything in the record that reads bytes from strangers, each with its printer and with bytes that it accepts."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edgecode.errors import EdgecodeError, InvalidError
from edgecode.events import codec
from edgecode.events.codec import Leaf, canonical, event_ids, leaf_id, parse_leaf, strict
from edgecode.ledger import notes
from edgecode.ledger.evidence import Evidence
from edgecode.ledger.export import encode_bundle
from edgecode.ledger.merkle import leaf_hash
from edgecode.ledger.notes import Checkpoint, Note, Proof, Signature, VerifierKey
from edgecode.ledger.packs import Manifest
from edgecode.ledger.policy import Policy
from edgecode.ledger.tiles import decode_bundle
from edgecode.ledger.witness import Request
from edgecode.ledger.zips import read_zip, write_zip
from edgecode.settings import FILE_NAME, Settings, read_settings, write_settings

ID = "01a1ee56-5e00-75b1-a522-4a58b791f1d8"
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
KEY = VerifierKey("example.org/edgecode/kat", notes.ED25519, SIGNER.public_key().public_bytes_raw())
WITNESS = VerifierKey("guild.example/w1", notes.COSIGNATURE_ED25519, bytes(range(32)))
HEAD = Checkpoint(KEY.name, 8, leaf_hash(b"root"))
NOTE = Note(HEAD.text, (Signature(KEY.name, KEY.id, SIGNER.sign(HEAD.text.encode())),))
LEAF = Leaf(
    ID, 1_795_000_000_000, "version.seen/1", "k:0123456789abcdef", (ID, ID), {"fact": "0a" * 32, "text": "f1" * 32}
)
HASHES = tuple(leaf_hash(bytes([place])) for place in range(4))
SETTINGS = Settings(ID, 'A "Show" — señal', KEY.name, roots={"r-1": ("/mnt/show", "Z:\\show")})
BUNDLE_WIDTH = 3

_FOLDER = tempfile.TemporaryDirectory(prefix="edgecode-parsers-")


@dataclass(frozen=True)
class Parser:
    """*read* raises EdgecodeError alone. *write* gives the very bytes back, or, where comments and order go, bytes of the same value."""

    read: Callable[[bytes], object]
    write: Callable[[object], bytes]
    valid: tuple[bytes, ...]
    keeps_bytes: bool = True


def text_of(data: bytes) -> str:
    """How whoever reads a text file reads it."""
    return data.decode("utf-8", "surrogateescape")


def read_zip_whole(data: bytes) -> dict[str, bytes]:
    read = read_zip(data)
    if read.findings or not read.whole:
        raise InvalidError("pack.zip", "the zip has findings")
    return read.members


def read_lines(data: bytes) -> list[bytes]:
    """Leaves, one a line, through the fast reading and the slow one, which must agree."""
    leaves = data.split(b"\n")
    fast = event_ids(leaves)
    slow = [leaf_id(leaf) for leaf in leaves if parse_leaf(leaf)]
    if fast is not None and fast != slow:
        raise AssertionError("two readings of one leaf")
    return leaves


def read_settings_file(data: bytes) -> Settings:
    path = Path(_FOLDER.name) / FILE_NAME
    path.write_bytes(data)
    return read_settings(path.parent)


def settings_file(value: Settings) -> bytes:
    folder = Path(_FOLDER.name)
    write_settings(folder, value)
    return (folder / FILE_NAME).read_bytes()


_SECOND = Note(HEAD.text.replace("\n8\n", "\n9\n"), NOTE.signatures).encode()
_POLICY = (
    f"# who is trusted\nlog {KEY} https://log.example/\nwitness w1 {WITNESS} https://w.example/\n"
    "group any-of any w1\nquorum any-of\n"
).encode()
_MANIFEST = Manifest(
    "cut", ID, ID, KEY.name, 8, HEAD.root, {"answer.json": ("0b" * 32, 7), "answer.txt": ("0c" * 32, 9)}
)

PARSERS = {
    "note": Parser(Note.parse, Note.encode, (NOTE.encode(), _SECOND)),
    "checkpoint": Parser(
        lambda data: Checkpoint.parse(text_of(data)),
        lambda head: head.text.encode("utf-8", "surrogateescape"),
        (HEAD.text.encode(),),
    ),
    "verifier key": Parser(
        lambda data: VerifierKey.parse(text_of(data)),
        lambda key: str(key).encode("utf-8", "surrogateescape"),
        (str(KEY).encode(), str(WITNESS).encode()),
    ),
    "proof": Parser(
        Proof.parse, Proof.encode, (Proof(5, HASHES, NOTE.encode()).encode(), Proof(0, (), b"x", b"extra").encode())
    ),
    "policy": Parser(Policy.parse, Policy.encode, (_POLICY,), keeps_bytes=False),
    "witness request": Parser(Request.parse, Request.encode, (Request(3, HASHES, NOTE.encode()).encode(),)),
    "evidence": Parser(
        Evidence.parse,
        Evidence.encode,
        (Evidence(NOTE.encode(), _SECOND, HEAD.root, HASHES).encode(), Evidence(NOTE.encode(), _SECOND).encode()),
    ),
    "list of a pack": Parser(Manifest.parse, Manifest.encode, (_MANIFEST.encode(),)),
    "zip of a pack": Parser(
        read_zip_whole,
        write_zip,
        (write_zip({"pack.json": b"{}", "events/000000000001/leaf": LEAF.encode()}),),
    ),
    "bundle": Parser(
        lambda data: decode_bundle(data, width=BUNDLE_WIDTH),
        encode_bundle,
        (encode_bundle([b"", b"a", LEAF.encode()]),),
    ),
    "leaf": Parser(parse_leaf, Leaf.encode, (LEAF.encode(),)),
    "leaves": Parser(read_lines, b"\n".join, (b"\n".join([LEAF.encode()] * 3),)),
    "canonical JSON": Parser(
        strict, canonical, (codec.canonical({"a": [1, "é\n", None, {"b": True}]}), b"-1", b'"\xc2\xa9"')
    ),
    "settings": Parser(read_settings_file, settings_file, (settings_file(SETTINGS),), keeps_bytes=False),
}


def judged(parser: Parser, data: bytes) -> str | None:
    """What is wrong with how *parser* takes *data*; None when nothing is. Anything but an EdgecodeError goes through."""
    try:
        value = parser.read(data)
    except EdgecodeError:
        return None
    written = parser.write(value)
    if parser.keeps_bytes:
        return None if written == data else f"accepted {data!r}, written again as {written!r}"
    return None if parser.read(written) == value else f"accepted {data!r}, read back as another value"
