"""Judging a pack: a zip of one answer, the events behind it and the proofs that all of them stand in one signed log.

What `docs/reference/pack.md` asks for, in its order; each difference is a finding that names the member or the event. Beside the
trusted path: the standard library and cryptography only, no input or output.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType
from typing import NamedTuple

from edgecode.errors import EdgecodeError, InvalidError, UnverifiableError
from edgecode.events.codec import SECTIONS, Json, Leaf, canonical, commitment_holds, parse_leaf, strict
from edgecode.ledger import merkle, notes
from edgecode.ledger.notes import Checkpoint, Proof
from edgecode.ledger.pack_answers import PackedEvent, judge_cut, judge_point
from edgecode.ledger.pack_papers import judge_disclosure, judge_erasure
from edgecode.ledger.policy import UNJUDGED, Policy, Quorum
from edgecode.ledger.verify import Finding, Report, Verdict, finding_of
from edgecode.ledger.zips import read_zip

SCHEMA = "edgecode.pack/1"
MANIFEST, ANSWER, TEXT, LIMITS = FIRST = ("pack.json", "answer.json", "answer.txt", "limits.txt")
PAGE, PROGRAM, KEEPERS_POLICY = ("verify.html", "edgecode-verify.pyz", "policy.txt")
HEAD, CONSISTENCY = ("seal/checkpoint", "seal/consistency")
LATER = (PAGE, PROGRAM, KEEPERS_POLICY, HEAD, CONSISTENCY)
MADE = ("seal/pack/leaf", "seal/pack/fact", "seal/pack/bytes", "seal/pack/proof")
SEALED = "seal/"
JUDGES = {"cut": judge_cut, "erasure": judge_erasure, "disclosure": judge_disclosure}
"""For each kind of pack what judges its answer by the events in it."""
EVENT = re.compile(rf"events/([0-9]{{12}})/(leaf|{'|'.join(SECTIONS)})")
PROOF = re.compile(r"seal/proofs/([0-9]{12})\.tlog-proof")
_CONSISTENCY = re.compile(rb"(?:[0-9a-f]{64}\n){0,63}")
_OPENING = re.compile(rb"([0-9a-f]{64})\n(.*)", re.DOTALL)
_PLACES = ("leaf", *SECTIONS)


@dataclass(frozen=True, slots=True)
class PackReport(Report):
    """What was found. *entries*: how many events the pack holds. *outside*: the policy came from elsewhere than the pack itself.

    *made*: the entry that binds the pack, *given*: the entries that the log had when its answer was given; -1 where unknown."""

    outside: bool = False
    kind: str = ""
    pack: str = ""
    made: int = -1
    given: int = -1


def rank(name: str) -> tuple[int, int, int] | None:
    """Where a member stands among the others; None for a name that no pack has."""
    if name in FIRST:
        return 0, FIRST.index(name), 0
    if match := EVENT.fullmatch(name):
        return 1, int(match[1]), _PLACES.index(match[2])
    if name in LATER:
        return 2, LATER.index(name), 0
    if match := PROOF.fullmatch(name):
        return 3, int(match[1]), 0
    return (4, MADE.index(name), 0) if name in MADE else None


class MalformedPackError(InvalidError):
    """A member that is not in its one form."""

    def __init__(self, what: str) -> None:
        super().__init__("pack.malformed", what, "Ask whoever made the pack to hand it over again")


class Manifest(NamedTuple):
    """``pack.json``: what the pack answers, at which state of which log, and (SHA-256, bytes) of every member outside ``seal/``."""

    kind: str
    pack: str
    about: str
    origin: str
    size: int
    root: bytes
    content: Mapping[str, tuple[str, int]]

    def encode(self) -> bytes:
        """The member's bytes."""
        listed: list[Json] = [{"name": name, "sha256": one[0], "bytes": one[1]} for name, one in self.content.items()]
        point: dict[str, Json] = {"origin": self.origin, "size": self.size, "root": self.root.hex()}
        said: dict[str, Json] = {"schema": SCHEMA, "kind": self.kind, "pack": self.pack, "about": self.about}
        return canonical({**said, **point, "content": listed})

    @classmethod
    def parse(cls, data: bytes) -> "Manifest":
        """Read it strictly. Raises InvalidError, and UnverifiableError ``pack.version`` for a pack of a later form."""
        read = strict(data)
        if not isinstance(read, dict) or read.get("schema") != SCHEMA:
            schema = read.get("schema") if isinstance(read, dict) else None
            if isinstance(schema, str) and schema.startswith("edgecode.pack/"):
                what = "a pack of a form that is not known here"
                raise UnverifiableError("pack.version", what, "Use a newer release")
            raise MalformedPackError("it is not the list of a pack")
        match read:
            case {
                "kind": str(kind),
                "pack": str(pack),
                "about": str(about),
                "origin": str(origin),
                "size": int(size),
                "root": str(root),
                "content": list(rows),
            } if isinstance(read, dict) and len(read) == 8 and type(size) is int and re.fullmatch("[0-9a-f]{64}", root):
                content = dict(map(_row, rows))
                if len(content) == len(rows):
                    return cls(kind, pack, about, origin, size, bytes.fromhex(root), content)
        raise MalformedPackError("its fields are not those of a pack")


def _row(value: Json) -> tuple[str, tuple[str, int]]:
    match value:
        case {"name": str(name), "sha256": str(digest), "bytes": int(size)} if (
            isinstance(value, dict) and len(value) == 3
        ):
            return name, (digest, size)
    raise MalformedPackError("a row of its content is not name, sha256 and bytes")


def listed(members: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """The *content* of a manifest for *members*."""
    return {
        name: (sha256(data).hexdigest(), len(data))
        for name, data in members.items()
        if name != MANIFEST and not name.startswith(SEALED)
    }


def opened(data: bytes, leaf: Leaf, section: str) -> Json:
    """What an opening holds. Raises InvalidError ``pack.opening`` when it is not what *leaf* commits to."""
    match = _OPENING.fullmatch(data)
    if match is None:
        raise MalformedPackError("it does not begin with a salt")
    if not commitment_holds(bytes.fromhex(match[1].decode()), match[2], leaf.commitments.get(section, "")):
        raise InvalidError("pack.opening", "its bytes and salt do not open what the event committed to")
    return strict(match[2])


def verify_pack(data: bytes, policy: Policy | None = None) -> PackReport:
    """Judge a pack offline. *policy*: whose keys count; None: those in the pack, and then the word is at most UNWITNESSED."""
    read = read_zip(data)
    judge = _Judge(read.members, read.findings)
    judge.names(whole=read.whole)
    manifest = judge.manifest()
    head = judge.head(policy)
    made = judge.made(head, manifest)
    events = dict(judge.events(head))
    if manifest is not None:
        judge.point(head, manifest, made)
        judge.answer(manifest, events)
    kind, pack, given = (manifest.kind, manifest.pack, manifest.size) if manifest is not None else ("", "", -1)
    signed, found = head.checkpoint if head is not None else None, tuple(judge.findings)
    outside = policy is not None
    return PackReport(found, signed, len(events), judge.quorum, judge.cosigned, outside, kind, pack, made, given)


def judge_content(members: Mapping[str, bytes], manifest: Manifest) -> list[Finding]:
    """What is wrong with an answer and its events before anything binds or proves them: for whoever makes a pack."""
    judge = _Judge(members, [])
    judge.answer(manifest, dict(judge.events(None)))
    return judge.findings


class _At(NamedTuple):
    findings: list[Finding]
    thing: str

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        if isinstance(error, EdgecodeError):
            self.findings.append(finding_of(error, self.thing))
        return isinstance(error, EdgecodeError)


class _Head(NamedTuple):
    """The note under ``seal/checkpoint``, read; *trusted*: whose keys it was judged with, None when it did not hold."""

    note: bytes
    checkpoint: Checkpoint
    trusted: Policy | None


@dataclass
class _Judge:
    """Judges one pack's members, each step as far as it goes."""

    members: Mapping[str, bytes]
    findings: list[Finding]
    quorum: Quorum = UNJUDGED
    cosigned: Mapping[str, int] = field(default_factory=dict)

    def add(self, code: str, thing: str, what: str, verdict: Verdict = Verdict.INVALID) -> None:
        self.findings.append(Finding(code, thing, what, verdict))

    def at(self, thing: str) -> "_At":
        """An error in the block is a finding about *thing*."""
        return _At(self.findings, thing)

    def names(self, *, whole: bool) -> None:
        """Every member that a pack must have, no other, in order."""
        ranks = {name: rank(name) for name in self.members}
        wanted = {*FIRST, *LATER, *MADE}
        for name in ranks:
            if match := EVENT.fullmatch(name):
                wanted |= {f"events/{match[1]}/leaf", f"seal/proofs/{match[1]}.tlog-proof"}
            elif (match := PROOF.fullmatch(name)) and f"events/{match[1]}/leaf" not in ranks:
                self.add("pack.member", name, "it proves an event that is not there")
        for name in sorted(wanted - ranks.keys()) if whole else ():
            self.add("pack.member", name, "it is not there")
        last = (-1, 0, 0)
        for name, place in ranks.items():
            if place is None or place < last:
                what = "it is not in its place" if place else "no pack has a member of this name"
                self.add("pack.member", name, what)
            last = max(last, place or last)

    def manifest(self) -> Manifest | None:
        """The list of digests, compared with the members."""
        if MANIFEST not in self.members:
            return None
        with self.at(MANIFEST):
            manifest = Manifest.parse(self.members[MANIFEST])
            there = listed(self.members)
            for name in {**manifest.content, **there}:
                if there.get(name) != manifest.content.get(name):
                    self.add("pack.digest", name, "it is not what pack.json lists")
            if list(there) != list(manifest.content) and there.keys() == manifest.content.keys():
                self.add("pack.digest", MANIFEST, "it lists the members in another order")
            return manifest
        return None

    def head(self, policy: Policy | None) -> _Head | None:
        """The signed head that everything is proved under, and the quorum over it."""
        if HEAD not in self.members:
            return None
        note, trusted = self.members[HEAD], policy
        if policy is None:
            with self.at(KEEPERS_POLICY):
                trusted = Policy.parse(self.members.get(KEEPERS_POLICY, b""))
        if trusted is not None:
            with self.at(HEAD):
                signed, self.cosigned = notes.open_checkpoint(note, trusted)
                quorum = trusted.judge(self.cosigned, origin=signed.origin)
                self.quorum = quorum if policy is not None else quorum._replace(reached=False)
                return _Head(note, signed, trusted)
        try:
            return _Head(note, Checkpoint.parse(notes.Note.parse(note).text), None)
        except EdgecodeError:
            return None

    def made(self, head: _Head | None, manifest: Manifest | None) -> int:
        """The event that binds the pack to the log; its index, -1 when it cannot be read."""
        if not all(name in self.members for name in (*MADE, MANIFEST)):
            return -1
        leaf_at, fact_at, bytes_at, proof_at = MADE
        with self.at(leaf_at):
            leaf = parse_leaf(self.members[leaf_at])
            index = self._proved(proof_at, self.members[leaf_at], head)
            with self.at(fact_at):
                fact = opened(self.members[fact_at], leaf, "fact")
                about = {"pack": manifest.pack, "kind": manifest.kind, "about": manifest.about} if manifest else {}
                said = {"about": "", **fact} if isinstance(fact, dict) else {}
                if leaf.type != "pack.made/1" or (about and said != about):
                    self.add("pack.made", fact_at, "the event is not about this pack")
            with self.at(bytes_at):
                digest = sha256(self.members[MANIFEST]).hexdigest()
                if opened(self.members[bytes_at], leaf, "bytes") != {"content": digest}:
                    self.add("pack.made", MANIFEST, "it is not the list that was recorded when the pack was made")
            return index
        return -1

    def events(self, head: _Head | None) -> Iterator[tuple[int, PackedEvent]]:
        """Every event of the pack: its leaf, its proof, what is opened of it."""
        found: dict[str, dict[str, bytes]] = {}
        for name, data in self.members.items():
            if match := EVENT.fullmatch(name):
                found.setdefault(match[1], {})[match[2]] = data
        for number, parts in found.items():
            if "leaf" not in parts:
                continue
            with self.at(f"events/{number}/leaf"):
                data = parts.pop("leaf")
                leaf, sections = parse_leaf(data), dict[str, Json]()
                if f"seal/proofs/{number}.tlog-proof" in self.members:
                    self._proved(f"seal/proofs/{number}.tlog-proof", data, head, index=int(number))
                for section, plain in parts.items():
                    with self.at(f"events/{number}/{section}"):
                        sections[section] = opened(plain, leaf, section)
                yield int(number), PackedEvent(leaf, sections)

    def answer(self, manifest: Manifest, events: Mapping[int, PackedEvent]) -> None:
        """The answer, by the events of the pack."""
        with self.at(ANSWER):
            answer = strict(self.members.get(ANSWER, b""))
            self.findings += judge_point(answer, manifest.origin, manifest.size, manifest.root.hex())
            if manifest.kind in JUDGES:
                self.findings += JUDGES[manifest.kind](answer, manifest.about, events)
            else:
                self.add("pack.kind", MANIFEST, "an answer of a kind that is not known here", Verdict.UNVERIFIABLE)
        for index in events:
            if index >= manifest.size:
                self.add("pack.cited", f"entry {index}", "it is later than the state that the answer was given from")

    def _proved(self, name: str, entry: bytes, head: _Head | None, *, index: int | None = None) -> int:
        """Judge the proof *name* of an entry; the index that it is for, -1 when it cannot be read."""
        with self.at(name):
            proof = Proof.parse(self.members[name])
            if index is not None and proof.index != index:
                self.add("pack.proof", name, f"it is about entry {proof.index}")
            if head is None:
                return proof.index
            if proof.extra is not None or proof.checkpoint != head.note:
                self._other_head(name, proof, head)
            elif not merkle.inclusion_holds(
                merkle.leaf_hash(entry),
                index=proof.index,
                size=head.checkpoint.size,
                proof=proof.hashes,
                root=head.checkpoint.root,
            ):
                what = "the proof does not lead from it to the signed root"
                self.add("proof.inclusion", f"entry {proof.index}", what)
            return proof.index
        return -1

    def _other_head(self, name: str, proof: Proof, head: _Head) -> None:
        self.add("pack.proof", name, "it is not under the checkpoint of the pack, or says something besides")
        if head.trusted is None:
            return
        try:
            other = notes.open_checkpoint(proof.checkpoint, head.trusted).checkpoint
        except EdgecodeError:
            return
        if other.origin == head.checkpoint.origin and other.size == head.checkpoint.size and other != head.checkpoint:
            what = f"its log signed two histories of {other.size} entries"
            self.findings[-1] = Finding("checkpoint.diverged", name, what, Verdict.DIVERGED)

    def point(self, head: _Head | None, manifest: Manifest, made: int) -> None:
        """The state of the log that the answer was given from is the beginning of what was signed."""
        if head is None or CONSISTENCY not in self.members:
            return
        written, signed, size = self.members[CONSISTENCY], head.checkpoint, manifest.size
        if not _CONSISTENCY.fullmatch(written):
            self.add("pack.malformed", CONSISTENCY, "it is not one hash a line")
        elif manifest.origin != signed.origin:
            self.add("pack.point", MANIFEST, "it speaks of another log than the checkpoint")
        elif made >= 0 and size > made:
            self.add("pack.point", MANIFEST, "its answer is later than the event that binds it")
        elif not merkle.consistency_holds(
            old_size=size,
            new_size=signed.size,
            proof=[bytes.fromhex(line) for line in written.decode().split()],
            old_root=manifest.root,
            new_root=signed.root,
        ):
            what = f"the log of {size} entries that the answer rests on is not the beginning of what was signed"
            self.add("pack.point", CONSISTENCY, what)
