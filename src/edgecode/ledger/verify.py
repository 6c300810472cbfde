"""Judging a log: every entry, tile and checkpoint under one policy; each difference is a finding that names its object.

Part of the trusted path: no input or output; the caller streams what is stored. Memory does not grow with the log, except for event
ids where the caller has no other place to look them up: about 150 bytes an entry.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    """What a verification found. *cosigned*: time in seconds of each known witness's signature under *checkpoint*, by label.

    *whole*: the entries give the root in *checkpoint*.
    """

    findings: tuple[Finding, ...]
    checkpoint: Checkpoint | None
    entries: int
    quorum: Quorum = UNJUDGED
    cosigned: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False

    @property
    def verdict(self) -> Verdict:
        """The worst finding's word; without findings, whether the quorum of witnesses is reached (none asked for: it is not)."""
        witnessed = Verdict.WITNESSED if self.quorum.reached else Verdict.UNWITNESSED
        return worst({finding.verdict for finding in self.findings}, witnessed)


def worst(forced: Collection[Verdict], otherwise: Verdict) -> Verdict:
    """The worst of the verdicts that findings force."""
    worst_first = (Verdict.INVALID, Verdict.DIVERGED, Verdict.UNVERIFIABLE)
    return next((verdict for verdict in worst_first if verdict in forced), otherwise)


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

Repeated = Callable[[Sequence[int], Sequence[bytes]], Iterable[tuple[int, int]]]
"""Told indexes of entries and their event ids, 16 bytes each, in order; answers (index, other index) where two entries have one id."""


def in_memory() -> Repeated:
    """Finds repeated ids by remembering all."""
    seen: dict[bytes, int] = {}

    def repeated(indexes: Sequence[int], ids: Sequence[bytes]) -> Iterable[tuple[int, int]]:
        if len(set(ids)) == len(ids) and seen.keys().isdisjoint(ids):
            seen.update(zip(ids, indexes, strict=True))
            return []
        pairs = zip(indexes, ids, strict=True)
        return [(index, first) for index, id_ in pairs if (first := seen.setdefault(id_, index)) != index]

    return repeated


def verify_log(
    runs: Iterable[tuple[int, Sequence[bytes]]],
    *,
    tiles: Callable[[TileName], bytes | None],
    checkpoints: Sequence[bytes],
    policy: Policy,
    repeated: Repeated | None = None,
    beside: Beside | None = None,
    told: Callable[[Finding], object] = lambda finding: None,
    whole: bool | None = None,
) -> Report:
    """Judge a whole log. *runs*: (index of the first, leaves) of consecutive entries, of all that are stored, in order; some hundreds
    at a time. *tiles*: a tile's bytes, None when it is not kept. *checkpoints*: signed ones of this log, the latest last. Every full tile
    must be there; partial ones are judged when they are. *told* hears of every finding, while the report lists 1,000; what a differing
    hash means is said at the end, unless *whole*, of an earlier report on the same entries, is given.
    """
    log, besides = _Listing(told), _Listing(told)
    signed: dict[int, Checkpoint] = {}
    latest, cosigned = None, dict[str, int]()
    if not checkpoints:
        log.add(Finding("checkpoint.missing", "checkpoint", "there is none", Verdict.UNVERIFIABLE))
    for data in checkpoints:
        try:
            latest, cosigned = None, {}
            latest = Checkpoint.parse(notes.Note.parse(data).text)
            cosigned = notes.open_checkpoint(data, policy).cosigned
            if signed.setdefault(latest.size, latest) != latest:
                log.add(_diverged(latest))
        except EdgecodeError as error:
            log.add(finding_of(error, "checkpoint"))
    walk = _Walk(tiles, beside, repeated or in_memory(), latest, signed, log, besides, whole)
    for first, leaves in runs:
        walk.take(first, leaves)
    walk.finish()
    quorum = policy.judge(cosigned, origin=latest.origin) if latest else UNJUDGED
    kept = [*log.kept, *besides.kept][:MAX_FINDINGS]
    if more := log.count + besides.count - len(kept):
        verdict = worst(log.forced | besides.forced, Verdict.INVALID)
        kept.append(Finding("verify.more", "log", f"{more} more findings are not listed", verdict))
    return Report(tuple(kept), latest, walk.size, quorum, cosigned, bool(walk.whole))


def _diverged(head: Checkpoint) -> Finding:
    what = "it was signed over another history than the log holds"
    return Finding("checkpoint.diverged", f"checkpoint of {head.size} entries", what, Verdict.DIVERGED)


@dataclass
class _Listing:
    """Findings as they are met: all are told and counted, the first 1,000 kept."""

    told: Callable[[Finding], object]
    kept: list[Finding] = field(default_factory=list)
    count: int = 0
    forced: set[Verdict] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        self.told(finding)
        self.count += 1
        self.forced.add(finding.verdict)
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(finding)


@dataclass
class _Walk:
    """One pass over the entries: rebuilds the tree and compares it with tiles and heads on the way. Keeps one open tile a level.

    *known*: by level, what a difference follows from that was met already: gaps, and tiles below that differ.
    """

    tiles: Callable[[TileName], bytes | None]
    beside: Beside | None
    repeated: Repeated
    latest: Checkpoint | None
    signed: Mapping[int, Checkpoint]
    log: _Listing
    besides: _Listing
    whole: bool | None
    size: int = 0
    unsealed: int = 0
    gapped: bool = False
    open: list[list[bytes]] = field(default_factory=lambda: [[]])
    known: list[set[int]] = field(default_factory=lambda: [set()])
    root_at: dict[int, bytes] = field(default_factory=lambda: {0: merkle.EMPTY_ROOT})

    def __post_init__(self) -> None:
        self.heads = sorted({*self.signed, *([self.latest.size] if self.latest else [])} - {0}, reverse=True)
        self.unlike = {whole: _Listing(self.log.told if whole is self.whole else _nobody) for whole in (True, False)}

    def add(self, code: str, thing: str, what: str, verdict: Verdict = Verdict.INVALID) -> None:
        self.log.add(Finding(code, thing, what, verdict))

    def take(self, first: int, leaves: Sequence[bytes]) -> None:
        self._skip_to(first if self.latest is None else min(first, self.latest.size))
        fits = leaves if first == self.size else []
        if self.latest and first + len(fits) > self.latest.size:
            fits = leaves[: self.latest.size - first]
        self.unsealed += len(leaves) - len(fits)
        if fits:
            self._judge(first, fits)
            self._grow(merkle.leaf_hashes(fits))

    def _skip_to(self, end: int) -> None:
        if not self.size < end <= self.size + MAX_GAP:
            return
        span = f"entry {self.size}" if end == self.size + 1 else f"entries {self.size} to {end - 1}"
        self.add("entry.missing", span, "not there, although later ones or a checkpoint say that it was")
        self.gapped = True
        while self.size < end:
            self.known[0].add(self.size)
            self._grow([bytes(merkle.HASH_BYTES)])

    def _judge(self, first: int, leaves: Sequence[bytes]) -> None:
        indexes: Sequence[int] = range(first, first + len(leaves))
        ids = event_ids(leaves) if self.beside is None else None
        if ids is None:
            read = {index: leaf_id(data) for index, data in enumerate(leaves, first) if self._is_leaf(index, data)}
            indexes, ids = list(read), list(read.values())
        for index, other in self.repeated(indexes, ids):
            self.add("entry.duplicate", f"entry {index}", f"its event id is that of entry {other}")

    def _is_leaf(self, index: int, data: bytes) -> bool:
        try:
            leaf = parse_leaf(data)
        except EdgecodeError as error:
            self.log.add(finding_of(error, f"entry {index}"))
            return False
        for finding in self.beside(index, leaf) if self.beside else ():
            self.besides.add(finding)
        return True

    def _grow(self, hashes: Sequence[bytes]) -> None:
        while hashes:
            room = min(TILE_HASHES - len(self.open[0]), *(size - self.size for size in self.heads[-1:]))
            self.open[0] += hashes[:room]
            self.size += len(hashes[:room])
            hashes = hashes[room:]
            self._fill()
            if self.heads and self.heads[-1] == self.size:
                self.root_at[self.heads.pop()] = merkle.root_of([one for each in reversed(self.open) for one in _stack(each)])

    def _fill(self) -> None:
        level = 0
        while len(full := self.open[level]) == TILE_HASHES:
            if level + 1 == len(self.open):
                self.open.append([])
                self.known.append(set())
            self._compare(TileName(level, (self.size >> 8 * (level + 1)) - 1), full)
            self.open[level] = []
            level += 1
            self.open[level].append(merkle.perfect_root(full))

    def _compare(self, name: TileName, hashes: Sequence[bytes]) -> None:
        level, number, width = int(name.level), name.number, name.width
        known, self.known[level] = self.known[level], set()
        stored, thing = self.tiles(name), f"tile {level}/{number}"
        if stored is None:
            if width == TILE_HASHES:
                self.add("tile.missing", thing, "not there", Verdict.UNVERIFIABLE)
        elif len(stored) != width * merkle.HASH_BYTES:
            self.add("tile.length", thing, "it has the wrong length")
        elif stored != b"".join(hashes):
            if width == TILE_HASHES:
                self.known[level + 1].add(number)
            pairs = zip(merkle.split_hashes(stored), hashes, strict=True)
            for place in [place for place, (one, other) in enumerate(pairs) if one != other]:
                self._differs(level, number * TILE_HASHES + place, thing, place, known)

    def _differs(self, level: int, at: int, thing: str, place: int, known: set[int]) -> None:
        """Where the entries are what was signed, the tile is wrong; else the entry is, and what follows from it is not named again."""
        self.unlike[True].add(Finding("tile.hash", thing, f"it differs at hash {place}"))
        if at not in known and level == 0:
            self.unlike[False].add(Finding("entry.hash", f"entry {at}", f"its hash is not the one in {thing}"))
        elif at not in known:
            what = f"it differs at hash {place}, and so may the entries under it"
            self.unlike[False].add(Finding("tile.hash", thing, what))

    def finish(self) -> None:
        self._skip_to(self.latest.size if self.latest else 0)
        if self.unsealed:
            self.add("entry.unsealed", f"entries from {self.size} on", f"no checkpoint covers {self.unsealed} of them")
        for level, hashes in enumerate(self.open):
            if hashes:
                self._compare(TileName(level, self.size >> 8 * (level + 1), len(hashes)), hashes)
        asked, self.whole = self.whole, self.latest is not None and self.root_at.get(self.latest.size) == self.latest.root
        unlike = self.unlike[self.whole]
        for finding in unlike.kept if asked is None else ():
            self.log.told(finding)
        self.log.kept += unlike.kept
        self.log.count += unlike.count
        self.log.forced |= unlike.forced
        if self.latest and not self.whole and not self.unlike[True].count and not self.gapped:
            tail = f"entries {self.size - len(self.open[0])} to {self.size - 1}"
            thing = tail if self.open[0] and self.latest in self.signed.values() else "checkpoint"
            self.add("checkpoint.root", thing, "the root over the entries is not the one in the checkpoint")
        for size, head in self.signed.items():
            if head != self.latest and (size > self.size or (self.whole and self.root_at.get(size) != head.root)):
                self.log.add(_diverged(head))


def _nobody(finding: Finding) -> None:
    """Hears nothing: which of two readings is right is known at the end."""


def _stack(hashes: Sequence[bytes]) -> list[bytes]:
    """The compact range of less than a tile of hashes."""
    return merkle.integrate(0, [], hashes, lambda level, first, end: []).stack
