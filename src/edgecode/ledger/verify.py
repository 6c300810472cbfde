"""Judging a log: every entry, tile and checkpoint under one policy; each difference is a finding that names its object.

Part of the trusted path: no input or output; the caller streams what is stored. Event ids are kept in memory, about 200 bytes an entry.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from edgecode.errors import EdgecodeError, InvalidError
from edgecode.events.codec import Leaf, parse_leaf
from edgecode.ledger import merkle, notes
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.policy import UNJUDGED, Policy, Quorum
from edgecode.ledger.tiles import TileName, width_at

MAX_FINDINGS = 1_000
MAX_GAP = 1 << 20  # a hole of more entries than this is not walked through


class Verdict(IntEnum):
    """The one word of a verification; the number is the exit status."""

    WITNESSED = 0
    INVALID = 30
    UNWITNESSED = 31
    UNVERIFIABLE = 32
    DIVERGED = 33


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a stable code, the object, what is wrong with it, and the verdict that it forces."""

    code: str
    object: str
    what: str
    verdict: Verdict = Verdict.INVALID

    def __str__(self) -> str:
        return f"{self.object}: {self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found. *cosigned*: time in seconds of each known witness's signature under *checkpoint*, by label."""

    findings: tuple[Finding, ...]
    checkpoint: Checkpoint | None
    entries: int
    quorum: Quorum = UNJUDGED
    cosigned: Mapping[str, int] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst finding's word; without findings, whether the quorum of witnesses is reached (none asked for: it is not)."""
        forced = {finding.verdict for finding in self.findings}
        worst_first = (Verdict.INVALID, Verdict.DIVERGED, Verdict.UNVERIFIABLE)
        witnessed = Verdict.WITNESSED if self.quorum.reached else Verdict.UNWITNESSED
        return next((verdict for verdict in worst_first if verdict in forced), witnessed)


def finding_of(error: EdgecodeError, thing: str) -> Finding:
    """An error met while judging *thing*, as a finding."""
    verdict = Verdict.INVALID if isinstance(error, InvalidError) else Verdict.UNVERIFIABLE
    return Finding(error.code, "key" if error.code == "note.key" else thing, error.sentence, verdict)


def verify_proof(data: bytes, *, entry: bytes, policy: Policy) -> Report:
    """Judge a tlog-proof file for one entry, offline."""
    try:
        proof = notes.Proof.parse(data)
        head, cosigned = notes.open_checkpoint(proof.checkpoint, policy)
    except EdgecodeError as error:
        return Report((finding_of(error, "proof"),), None, 0)
    index, leaf = proof.index, merkle.leaf_hash(entry)
    holds = merkle.inclusion_holds(leaf, index=index, size=head.size, proof=proof.hashes, root=head.root)
    wrong = Finding("proof.inclusion", f"entry {index}", "the proof does not lead from it to the signed root")
    return Report(() if holds else (wrong,), head, 1, policy.judge(cosigned, origin=head.origin), cosigned)


Beside = Callable[[int, Leaf], Iterable[Finding]]
"""Judges what lies beside an entry: (index, leaf) to findings."""


def verify_log(
    entries: Iterable[tuple[int, bytes]],
    *,
    tiles: Callable[[TileName], bytes | None],
    checkpoints: Sequence[bytes],
    policy: Policy,
    beside: Beside = lambda index, leaf: (),
) -> Report:
    """Judge a whole log. *entries*: (index, leaf) of all that are stored, in order. *tiles*: a tile's bytes, None when it is not kept.

    *checkpoints*: signed ones of this log, the latest last. Every full tile must be there; partial ones are judged when they are.
    """
    findings: list[Finding] = []
    signed: dict[int, Checkpoint] = {}
    latest, cosigned = None, dict[str, int]()
    if not checkpoints:
        findings.append(Finding("checkpoint.missing", "checkpoint", "there is none", Verdict.UNVERIFIABLE))
    for data in checkpoints:
        try:
            latest, cosigned = None, {}
            latest = Checkpoint.parse(notes.Note.parse(data).text)
            cosigned = notes.open_checkpoint(data, policy).cosigned
            if signed.setdefault(latest.size, latest) != latest:
                findings.append(_diverged(latest))
        except EdgecodeError as error:
            findings.append(finding_of(error, "checkpoint"))
    walk = _Walk(tiles, beside, latest, signed, findings)
    for index, leaf in entries:
        walk.take(index, leaf)
    walk.finish()
    quorum = policy.judge(cosigned, origin=latest.origin) if latest else UNJUDGED
    findings.sort(key=lambda finding: finding.code.startswith("section."))
    if (more := len(findings) - MAX_FINDINGS) > 0:
        worst = Report(tuple(findings), latest, 0).verdict
        findings[MAX_FINDINGS:] = [Finding("verify.more", "log", f"{more} more findings are not listed", worst)]
    return Report(tuple(findings), latest, walk.size, quorum, cosigned)


def _diverged(head: Checkpoint) -> Finding:
    what = "it was signed over another history than the log holds"
    return Finding("checkpoint.diverged", f"checkpoint of {head.size} entries", what, Verdict.DIVERGED)


@dataclass
class _Walk:
    """One pass over the entries: rebuilds the tree and compares it with tiles and heads on the way."""

    tiles: Callable[[TileName], bytes | None]
    beside: Beside
    latest: Checkpoint | None
    signed: Mapping[int, Checkpoint]
    findings: list[Finding]
    size: int = 0
    unsealed: int = 0
    stack: list[bytes] = field(default_factory=list)
    open: list[bytes] = field(default_factory=list)
    roots: dict[int, list[bytes]] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    gaps: set[int] = field(default_factory=set)
    unlike: list[tuple[TileName, int]] = field(default_factory=list)
    root_at: dict[int, bytes] = field(default_factory=lambda: {0: merkle.EMPTY_ROOT})

    def add(self, code: str, thing: str, what: str, verdict: Verdict = Verdict.INVALID) -> None:
        self.findings.append(Finding(code, thing, what, verdict))

    def take(self, index: int, leaf: bytes) -> None:
        self._skip_to(index if self.latest is None else min(index, self.latest.size))
        if index != self.size or (self.latest and index >= self.latest.size):
            self.unsealed += 1
            return
        self._judge(index, leaf)
        self._grow(merkle.leaf_hash(leaf))

    def _skip_to(self, end: int) -> None:
        if not self.size < end <= self.size + MAX_GAP:
            return
        span = f"entry {self.size}" if end == self.size + 1 else f"entries {self.size} to {end - 1}"
        self.add("entry.missing", span, "not there, although later ones or a checkpoint say that it was")
        while self.size < end:
            self.gaps.add(self.size)
            self._grow(bytes(merkle.HASH_BYTES))

    def _judge(self, index: int, data: bytes) -> None:
        try:
            leaf = parse_leaf(data)
        except EdgecodeError as error:
            self.findings.append(finding_of(error, f"entry {index}"))
            return
        if (first := self.ids.setdefault(leaf.id, index)) != index:
            self.add("entry.duplicate", f"entry {index}", f"its event id is that of entry {first}")
        self.findings.extend(self.beside(index, leaf))

    def _grow(self, leaf: bytes) -> None:
        self.size += 1
        self.open.append(leaf)
        begin, earlier = self.size - len(self.open), lambda level, first, end: self.roots[level][first:end]
        if self.size in self.signed or (self.latest and self.size == self.latest.size):
            self.root_at[self.size] = merkle.root_of(merkle.integrate(begin, self.stack, self.open, earlier).stack)
        if len(self.open) < TILE_HASHES:
            return
        grown = merkle.integrate(begin, self.stack, self.open, earlier)
        self.stack, self.open = grown.stack, []
        for tile in grown.tiles:
            self.roots.setdefault(tile.level + 1, []).append(tile.root)
            self._compare(TileName(tile.level, tile.number), tile.hashes)

    def _compare(self, name: TileName, hashes: bytes) -> None:
        stored, thing = self.tiles(name), f"tile {name.level}/{name.number}"
        if stored is None:
            if name.width == TILE_HASHES:
                self.add("tile.missing", thing, "not there", Verdict.UNVERIFIABLE)
        elif len(stored) != len(hashes):
            self.add("tile.length", thing, "it has the wrong length")
        elif stored != hashes:
            pairs = zip(merkle.split_hashes(stored), merkle.split_hashes(hashes), strict=True)
            self.unlike += [(name, place) for place, (one, other) in enumerate(pairs) if one != other]

    def finish(self) -> None:
        self._skip_to(self.latest.size if self.latest else 0)
        if self.unsealed:
            self.add("entry.unsealed", f"entries from {self.size} on", f"no checkpoint covers {self.unsealed} of them")
        for level, hashes in {0: self.open, **self.roots}.items():
            number = self.size >> 8 * (level + 1)
            if width := width_at(self.size, level=level, number=number):
                self._compare(TileName(level, number, width), b"".join(hashes[-width:]))
        whole = self.latest is not None and self.root_at.get(self.latest.size) == self.latest.root
        self._name_unlike(whole=whole)
        if self.latest and not whole and not self.unlike and not self.gaps:
            tail = f"entries {self.size - len(self.open)} to {self.size - 1}"
            thing = tail if self.open and self.latest in self.signed.values() else "checkpoint"
            self.add("checkpoint.root", thing, "the root over the entries is not the one in the checkpoint")
        for size, head in self.signed.items():
            if head != self.latest and (size > self.size or (whole and self.root_at.get(size) != head.root)):
                self.findings.append(_diverged(head))

    def _name_unlike(self, *, whole: bool) -> None:
        """Where the entries are what was signed, the tile is wrong; else the entry is, and what follows from it is not named again."""
        explained: set[tuple[int, int]] = set()
        for name, place in self.unlike:
            at, tile = name.number * TILE_HASHES + place, f"tile {name.level}/{name.number}"
            if whole:
                self.add("tile.hash", tile, f"it differs at hash {place}")
            elif name.level == 0 and at not in self.gaps:
                self.add("entry.hash", f"entry {at}", f"its hash is not the one in {tile}")
            elif name.level != 0 and (name.level, at) not in explained:
                self.add("tile.hash", tile, f"it differs at hash {place}, and so may the entries under it")
            if isinstance(name.level, int):
                explained.add((name.level + 1, name.number))
