"""The conform: which version every clip of a cut shows, how that is known, and where its frames lie (docs/explanation/conform.md).

Ways are tried best first and the first that names exactly one content is taken. Several versions of one content are one answer;
several contents stay `ambiguous` with every candidate, unless a later way picks one of them. A person's decision beats every way
and is printed as declared.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.events.cut_kinds import Lead
from edgecode.index.clocks import Placing, placed
from edgecode.index.cuts import ClipRow, CutRow, readings_before
from edgecode.index.cuts import clips as clips_of
from edgecode.index.joins import every_lead_of, leads_of
from edgecode.index.rows import number, text
from edgecode.index.rungs import DECIDED, Ladder, Rung
from edgecode.index.store import IndexStore, Row
from edgecode.terms.cuts import Clip
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.identity import RecordId


class Match(Struct, frozen=True):
    """What one clip shows. *clip*: its index in the clips. *version* None: no version, and *reason* says why, or it is an edit decision.

    *confidence*: of 100, how sure the method is (0: not matched). *candidates*: every version that the deciding way named.
    *why*: the method in words, and how frames were aligned. *first*: the version's frame seen at record in, *scale*: version frames
    a frame of the cut; None: it cannot be told, so all frames of the version count. *outside*: from this frame of the cut on the
    clip shows more than the version has, whatever the alignment; None: no.
    """

    clip: int
    method: ConformMethod
    confidence: int
    version: int | None
    candidates: tuple[int, ...]
    why: str
    reason: Reason | None = None
    first: Fraction | None = None
    scale: Fraction | None = None
    outside: Fraction | None = None


def conform(
    store: IndexStore, cut: CutRow, clips: Iterable[ClipRow], *, roots: Mapping[str, Sequence[str]]
) -> list[Match]:
    """One match for every clip, in the order of *clips*. *roots*: root id to the names it is known under, as cuts write them."""
    ladder = Ladder(store, roots)
    decided = {
        number(position): (number(version), frame if isinstance(frame, int) else None)
        for position, version, frame in store.rows("conform_decisions", cut.id)
    }
    kept = {number(row[0]): row for row in store.rows("kept_matches", cut.id)}
    leads = leads_of(store, cut.key)
    return [
        _kept(ladder, row, kept[row.index])
        if row.index in kept and row.index not in decided
        else _match(ladder, row, decided.get(row.index), leads.get(row.key, ()))
        for row in clips
    ]


class Otherwise(Struct, frozen=True):
    """What clips would show without what was said of them last, by index. *contradicted*: the versions by what the cut itself says, or by
    what people and tables said before. *passed_over*: of several that the cut leaves open, those that somebody did not pick."""

    contradicted: Mapping[int, tuple[int, ...]] = {}
    passed_over: Mapping[int, tuple[int, ...]] = {}


def otherwise(
    store: IndexStore,
    cut: CutRow,
    clips: Sequence[ClipRow],
    matches: Iterable[Match],
    *,
    roots: Mapping[str, Sequence[str]],
) -> Otherwise:
    """What clips of which a person or a table said something would show otherwise. What was said of an earlier reading of the same cut
    counts for a clip that stands in it as it stands here."""
    said = _Said(store, cut, clips)
    shown = {match.clip: match for match in matches}
    ladder = Ladder(store, roots)
    contradicted, passed_over = dict[int, tuple[int, ...]](), dict[int, tuple[int, ...]]()
    for row in clips:
        if row.index not in said.spoken_of:
            continue
        now = shown[row.index].version
        found = [_match(ladder, row, None, leads) for leads in ((), *said.leads.get(row.index, ()))]
        against = [*said.versions.get(row.index, ()), *(one for match in found for one in _against(match, now))]
        left = tuple(one for one in dict.fromkeys(against) if one != now)
        beside = {
            one for match in found if match.version is None and now in match.candidates for one in match.candidates
        }
        if left:
            contradicted[row.index] = left
        if others := beside - {now, None, *left}:
            passed_over[row.index] = tuple(sorted(others))
    return Otherwise(contradicted, passed_over)


class _Said:
    """What people and tables said of a cut's clips and of earlier readings of it, by index: *versions* that people named and no longer
    name, *leads* of every table that was laid beside it."""

    def __init__(self, store: IndexStore, cut: CutRow, clips: Sequence[ClipRow]) -> None:
        self.versions: dict[int, list[int]] = {}
        self.leads: dict[int, list[tuple[Lead, ...]]] = {}
        self.spoken_of = {number(position) for position, *_ in store.rows("conform_decisions", cut.id)}
        self._add(store, cut, {row.key: row.index for row in clips}, earlier=False)
        for before in readings_before(store, cut):
            same = zip(clips_of(store, before), clips, strict=False)
            self._add(store, before, {old.key: row.index for old, row in same if old.clip == row.clip}, earlier=True)
        self.spoken_of |= self.versions.keys() | self.leads.keys()

    def _add(self, store: IndexStore, cut: CutRow, here: Mapping[RecordId, int], *, earlier: bool) -> None:
        indexes = set(here.values())
        for query in ("replaced_decisions", *(["conform_decisions"] if earlier else [])):
            for position, version, *_ in store.rows(query, cut.id):
                if number(position) in indexes:
                    self.versions.setdefault(number(position), []).append(number(version))
        for leads in every_lead_of(store, cut.key):
            for clip, said in leads.items():
                if clip in here:
                    self.leads.setdefault(here[clip], []).append(said)


def _against(match: Match, now: int | None) -> Sequence[int]:
    """The versions of a match that contradict what is shown now."""
    if match.version is not None:
        return (match.version,)
    return () if now in match.candidates else match.candidates


def looked_up(store: IndexStore, clips: Iterable[Clip], *, roots: Mapping[str, Sequence[str]]) -> list[Match]:
    """What clips that nobody recorded would be matched to, by what they say themselves."""
    ladder = Ladder(store, roots)
    return [_match(ladder, ClipRow(0, "", index, clip), None, ()) for index, clip in enumerate(clips)]


def is_edit_decision(clip: Clip) -> bool:
    """Whether a clip is black, bars, colour or a plain title that the edit itself makes: nothing to match."""
    return clip.kind in ("black", "title")


def _match(ladder: Ladder, row: ClipRow, decision: tuple[int, int | None] | None, leads: Sequence[Lead]) -> Match:
    if decision is not None:
        return _decided(ladder, row, *decision)
    if is_edit_decision(row.clip):
        return Match(row.index, ConformMethod.CONTENT, 100, None, (), "an edit decision: black, bars or a plain title")
    rung = _deciding(ladder, ladder.rungs(row.clip, leads))
    rung = rung and _beside_its_name(ladder, row.clip, rung)
    if rung is None:
        return _unmatched(ladder, row)
    if len(_contents(ladder, rung.versions)) > 1:
        why = f"{rung.why}, and so do others: {len(rung.versions)} candidates"
        return Match(row.index, ConformMethod.NONE, 0, None, rung.versions, why, Reason.AMBIGUOUS)
    return _matched(ladder, row, rung)


def _deciding(ladder: Ladder, rungs: Iterable[Rung]) -> Rung | None:
    """The way that decides: the first with one content, unless a stronger one left several that it is not among.

    An id and a path or name that mean different contents contradict each other: all are candidates, and a person says which. Only a
    path that leads to the id's own content settles it against names. A table and the cut's own file name contradict each other as well.
    """
    open_: Rung | None = None
    by_id: Rung | None = None
    for rung in rungs:
        contents = _contents(ladder, rung.versions)
        if by_id is not None:
            if contents & _contents(ladder, by_id.versions):
                if rung.method is ConformMethod.CONTENT:
                    break
            else:
                both = (*by_id.versions, *rung.versions)
                return Rung(by_id.method, by_id.confidence, both, f"{by_id.why}, and {rung.why} otherwise")
        elif open_ is not None:
            within = contents & _contents(ladder, open_.versions)
            if len(within) == 1 and len(contents) == 1:
                return rung
        elif len(contents) > 1:
            open_ = rung
        elif rung.method is ConformMethod.ID:
            by_id = rung
        else:
            return rung
    return by_id or open_


def _beside_its_name(ladder: Ladder, clip: Clip, rung: Rung) -> Rung:
    """What a table leads to, beside what the cut's own file name says where that means another content.

    A table comes from outside, and a row of it may be wrong or forged; so a person says which. Where a recorded step made the file that is
    called so from what the table leads to, they agree: the cut names a proxy and the table its original.
    """
    named = ladder.called(clip) if rung.is_tables else None
    if named is None or _contents(ladder, named.versions) & _contents(ladder, rung.versions):
        return rung
    if all(ladder.is_proxy_of(one, rung.versions) for one in named.versions):
        return rung
    both = (*rung.versions, *named.versions)
    return Rung(rung.method, rung.confidence, both, f"{rung.why}, and {named.why}")


def _matched(ladder: Ladder, row: ClipRow, rung: Rung) -> Match:
    """All candidates share one content: one that was read and is recorded stands for all, and its account is that of the content."""
    read = [version for one in rung.versions if (version := ladder.as_read(one)) is not None]
    if not read:
        return _offline(row, rung.versions, rung.why)
    version = min(read, key=lambda one: (one.step is None, one.id))
    same = "; others have the same pixels" if len({one.content for one in read}) > 1 else ""
    where = placed(rung.clip or row.clip, version)
    why = f"{rung.why}{same}; {where.why}"
    return Match(
        row.index,
        rung.method,
        rung.confidence,
        version.id,
        rung.versions,
        why,
        None,
        where.first,
        where.scale,
        where.outside,
    )


def _offline(row: ClipRow, versions: tuple[int, ...], why: str) -> Match:
    why = f"{why}, but its bytes were never read"
    return Match(row.index, ConformMethod.NONE, 0, None, versions, why, Reason.OFFLINE_MEDIA)


def _decided(ladder: Ladder, row: ClipRow, version: int, frame: int | None) -> Match:
    read = ladder.as_read(version)
    if read is None:
        return _offline(row, (version,), "a person said so")
    where = placed(row.clip, read)
    if frame is not None:
        scale = where.scale if where.scale is not None else row.clip.source_scale
        where = Placing(Fraction(frame), scale, "the frame was given")
    why = f"a person said so; {where.why}"
    method = ConformMethod.DECLARED
    return Match(row.index, method, DECIDED, read.id, (version,), why, None, where.first, where.scale, where.outside)


def _kept(ladder: Ladder, row: ClipRow, kept: Row) -> Match:
    """What the clip was matched to before names and digests of it were erased."""
    _, version, candidates, method, confidence, reason = kept
    named = msgspec.json.decode(text(candidates), type=tuple[int, ...])
    found = Match(
        row.index,
        ConformMethod(text(method)),
        number(confidence),
        None,
        named,
        "as it was matched before a person was erased",
        Reason(text(reason)) if reason else None,
    )
    if not isinstance(version, int):
        return found
    where = placed(row.clip, ladder.row(version))
    why = f"{found.why}; {where.why}"
    return replace(found, version=version, why=why, first=where.first, scale=where.scale, outside=where.outside)


def _unmatched(ladder: Ladder, row: ClipRow) -> Match:
    if ladder.is_under_a_root(row.clip):
        why, reason = "its path lies under a known root, and no file that we read is there", Reason.OFFLINE_MEDIA
    else:
        why, reason = "nothing that the cut says of it names a known version", Reason.NO_MATCH
    return Match(row.index, ConformMethod.NONE, 0, None, (), why, reason)


def _contents(ladder: Ladder, versions: Iterable[int]) -> set[tuple[str, int]]:
    """Contents of versions; one whose bytes were never read stands for itself. Several are one where somebody found their pixels equal."""
    rows = [ladder.row(version) for version in versions]
    if len({row.content for row in rows}) > 1:
        rows = [ladder.picture(row.id) for row in rows]
    return {("content", row.content) if row.content is not None else ("version", row.id) for row in rows}
