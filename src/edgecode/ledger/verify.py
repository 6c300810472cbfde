"""Judging a log: every entry, tile and checkpoint under one policy; each difference is a finding that names its object.

Part of the trusted path: no input or output; the caller streams what is stored. Memory does not grow with the log, except for event
ids where the caller has no other place to look them up: about 150 bytes an entry.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from edgecode.errors import EdgecodeError, InvalidError
from edgecode.events.codec import Leaf, event_ids, leaf_id, parse_leaf
from edgecode.ledger import merkle, notes
from edgecode.ledger.merkle import TILE_HASHES
from edgecode.ledger.notes import Checkpoint
from edgecode.ledger.policy import UNJUDGED, Policy, Quorum
from edgecode.ledger.tiles import TileName

MAX_FINDINGS = 1_000
MAX_GAP = 1 << 20  # a hole of more entries than this is not walked through
_LEVELS = 9  # 256 to the ninth power is more than any log holds


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

Tiles = Callable[[TileName], bytes | None]
"""A stored tile's bytes; None when it is not kept."""

Repeated = Callable[[Sequence[int], Sequence[bytes]], Iterable[tuple[int, int]]]
"""Told indexes of entries and their event ids, 16 bytes each, in order; answers (index, other index) where two entries have one id."""


def in_memory() -> Repeated:
    """Finds repeated ids by remembering all."""
    first = dict[bytes, int]().setdefault
    return lambda indexes, ids: [
        (at, found) for at, id_ in zip(indexes, ids, strict=True) if (found := first(id_, at)) != at
    ]


def verify_log(
    runs: Iterable[tuple[int, Sequence[bytes]]],
    *,
    tiles: Tiles,
    checkpoints: Sequence[bytes],
    policy: Policy,
    repeated: Repeated | None = None,
    beside: Beside | None = None,
) -> Report:
    """Judge a whole log. *runs*: (index of the first, leaves) of consecutive entries, of all that are stored, in order. Every full
    tile must be there; partial ones are judged when they are. *checkpoints*: signed ones of this log, the latest last. *repeated*: None
    to remember all ids. Lists 1,000 findings.
    """
    walk = Walk(tiles, policy, checkpoints, repeated or in_memory(), beside)
    for first, leaves in runs:
        walk.take(first, leaves)
    return walk.report()


class Walk:
    """One pass over the entries: rebuilds the tree and compares it with tiles and heads on the way. Keeps one open tile a level."""

    def __init__(
        self,
        tiles: Tiles,
        policy: Policy,
        checkpoints: Sequence[bytes],
        repeated: Repeated,
        beside: Beside | None = None,
    ) -> None:
        self.tiles, self._policy, self._repeated, self._beside = tiles, policy, repeated, beside
        self.findings: list[Finding] = []
        self.size = self._unsealed = 0
        self._differing: list[tuple[Finding, Finding | None]] = []
        self._open: list[list[bytes]] = [[] for _ in range(_LEVELS)]
        self._explained: list[set[int]] = [set() for _ in range(_LEVELS)]  # gaps, and places of tiles that differ
        self._broken = False
        self._root_at: dict[int, bytes] = {0: merkle.EMPTY_ROOT}
        self._signed: dict[int, Checkpoint] = {}
        self._read(checkpoints)
        self._heads = sorted({*self._signed, self.latest.size if self.latest else 0} - {0}, reverse=True)

    def _read(self, checkpoints: Sequence[bytes]) -> None:
        self.latest: Checkpoint | None = None
        self._cosigned: Mapping[str, int] = {}
        if not checkpoints:
            self.found(Finding("checkpoint.missing", "checkpoint", "there is none", Verdict.UNVERIFIABLE))
        for data in checkpoints:
            try:
                self.latest, self._cosigned = None, {}
                self.latest = Checkpoint.parse(notes.Note.parse(data).text)
                self._cosigned = notes.open_checkpoint(data, self._policy).cosigned
                if self._signed.setdefault(self.latest.size, self.latest) != self.latest:
                    self.found(self._diverged(self.latest))
            except EdgecodeError as error:
                self.found(finding_of(error, "checkpoint"))

    def _diverged(self, head: Checkpoint) -> Finding:
        what = "it was signed over another history than the log holds"
        return Finding("checkpoint.diverged", f"checkpoint of {head.size} entries", what, Verdict.DIVERGED)

    def found(self, finding: Finding) -> None:
        """Takes a finding; who wants each told at once overrides this and `differs`."""
        self.findings.append(finding)

    def differs(self, if_whole: Finding, otherwise: Finding | None) -> None:
        """A stored hash that is not the computed one; which finding it is shows when the root is known."""
        self._differing.append((if_whole, otherwise))

    def take(self, first: int, leaves: Sequence[bytes]) -> None:
        """The entries from *first* on."""
        self._skip_to(first if self.latest is None else min(first, self.latest.size))
        fits = leaves if first == self.size else []
        if self.latest and first + len(fits) > self.latest.size:
            fits = leaves[: self.latest.size - first]
        self._unsealed += len(leaves) - len(fits)
        if fits:
            self._judge(first, fits)
            self._grow(merkle.leaf_hashes(fits))

    def _skip_to(self, end: int) -> None:
        if not self.size < end <= self.size + MAX_GAP:
            return
        span = f"entry {self.size}" if end == self.size + 1 else f"entries {self.size} to {end - 1}"
        self.found(Finding("entry.missing", span, "not there, although later ones or a checkpoint say that it was"))
        self._broken = True
        while self.size < end:
            self._explained[0].add(self.size)
            self._grow([bytes(merkle.HASH_BYTES)])

    def _judge(self, first: int, leaves: Sequence[bytes]) -> None:
        indexes: Sequence[int] = range(first, first + len(leaves))
        ids = event_ids(leaves) if self._beside is None else None
        if ids is None:
            read = {index: leaf_id(data) for index, data in enumerate(leaves, first) if self._is_leaf(index, data)}
            indexes, ids = list(read), list(read.values())
        for index, other in self._repeated(indexes, ids):
            self.found(Finding("entry.duplicate", f"entry {index}", f"its event id is that of entry {other}"))

    def _is_leaf(self, index: int, data: bytes) -> bool:
        try:
            leaf = parse_leaf(data)
        except EdgecodeError as error:
            self.found(finding_of(error, f"entry {index}"))
            return False
        for finding in self._beside(index, leaf) if self._beside else ():
            self.found(finding)
        return True

    def _grow(self, hashes: Sequence[bytes]) -> None:
        while hashes:
            room = min([TILE_HASHES - len(self._open[0]), *(size - self.size for size in self._heads[-1:])])
            self._open[0] += hashes[:room]
            self.size += len(hashes[:room])
            hashes = hashes[room:]
            self._fill()
            if self._heads[-1:] == [self.size]:
                tail: list[bytes] = []
                for level in self._open:
                    tail = [merkle.tree_root(level + tail)] if level or tail else []
                self._root_at[self._heads.pop()] = tail[0]

    def _fill(self) -> None:
        level = 0
        while len(full := self._open[level]) == TILE_HASHES:
            self._compare(level, full)
            self._open[level], level = [], level + 1
            self._open[level].append(merkle.tree_root(full))

    def _compare(self, level: int, hashes: Sequence[bytes]) -> None:
        width, number = len(hashes), (self.size - 1) >> 8 * (level + 1)
        explained, self._explained[level] = self._explained[level], set()
        stored, thing = self.tiles(TileName(level, number, width)), f"tile {level}/{number}"
        if stored is None:
            if width == TILE_HASHES:
                self.found(Finding("tile.missing", thing, "not there", Verdict.UNVERIFIABLE))
        elif len(stored) != width * merkle.HASH_BYTES:
            self.found(Finding("tile.length", thing, "it has the wrong length"))
        elif stored != b"".join(hashes):
            if width == TILE_HASHES:
                self._explained[level + 1].add(number)
            for place, (one, other) in enumerate(zip(merkle.split_hashes(stored), hashes, strict=True)):
                if one != other:
                    self._differ(level, thing, place, number * TILE_HASHES + place, explained)

    def _differ(self, level: int, thing: str, place: int, at: int, explained: set[int]) -> None:
        """Where the entries are what was signed, the tile is wrong; else the entry is, and what follows from it is not named again."""
        self._broken = True
        what = f"it differs at hash {place}"
        entry = Finding("entry.hash", f"entry {at}", f"its hash is not the one in {thing}")
        above = Finding("tile.hash", thing, f"{what}, and so may the entries under it")
        self.differs(Finding("tile.hash", thing, what), None if at in explained else above if level else entry)

    def report(self) -> Report:
        """What was found, when all entries are taken."""
        self._skip_to(self.latest.size if self.latest else 0)
        if self._unsealed:
            span = f"entries from {self.size} on"
            self.found(Finding("entry.unsealed", span, f"no checkpoint covers {self._unsealed} of them"))
        for level, hashes in enumerate(self._open):
            if hashes:
                self._compare(level, hashes)
        self._judge_heads()
        quorum = self._policy.judge(self._cosigned, origin=self.latest.origin) if self.latest else UNJUDGED
        self.findings.sort(key=lambda finding: finding.code.startswith("section."))
        if (more := len(self.findings) - MAX_FINDINGS) > 0:
            worst = Report(tuple(self.findings), self.latest, 0).verdict
            rest = Finding("verify.more", "log", f"{more} more findings are not listed", worst)
            self.findings[MAX_FINDINGS:] = [rest]
        return Report(tuple(self.findings), self.latest, self.size, quorum, self._cosigned)

    @property
    def whole(self) -> bool:
        """Whether the entries taken so far give the root in the latest checkpoint."""
        return self.latest is not None and self._root_at.get(self.latest.size) == self.latest.root

    def _judge_heads(self) -> None:
        for if_whole, otherwise in self._differing:
            if finding := if_whole if self.whole else otherwise:
                self.found(finding)
        if self.latest and not self.whole and not self._broken:
            tail = f"entries {self.size - len(self._open[0])} to {self.size - 1}"
            thing = tail if self._open[0] and self.latest in self._signed.values() else "checkpoint"
            self.found(Finding("checkpoint.root", thing, "the root over the entries is not the one in the checkpoint"))
        for size, head in self._signed.items():
            if head != self.latest and (size > self.size or (self.whole and self._root_at.get(size) != head.root)):
                self.found(self._diverged(head))
