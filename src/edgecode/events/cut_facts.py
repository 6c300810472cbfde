"""Readings of cuts as events and back, exactly: numbers and kinds, names, and words, each in its own section.

Comments and the parameters of effects are other people's words (a title's text, a note with a name), so they go to the sealed
`text` section. Every other text of the cut's (names of clips, tracks, effects and reels, paths, and the words of diagnostics, which
quote the file) goes to `place`. What is plain, `fact`, holds numbers, kinds from fixed lists and record ids, and no text of a cut.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from edgecode.events.kinds import (
    ClipFact,
    ClipPlace,
    CutAdded,
    CutBytes,
    CutFact,
    CutPlace,
    DiagnosticFact,
    EffectFact,
    TextSection,
    TrackFact,
    TransitionFact,
)
from edgecode.terms.cuts import (
    Clip,
    CutReading,
    Diagnostic,
    Effect,
    EffectsVisible,
    Media,
    Track,
    Transition,
)
from edgecode.terms.identity import RecordId
from edgecode.terms.timebase import Rate, exact_number, fraction_of

_COMMENT, _EFFECT, _SAME = "comment", "effect", "same"
_NAMELESS = (("", ""),)
"""What stands in for a pair of words where `place` was erased."""


def cut_added(
    reading: CutReading,
    *,
    cut: RecordId,
    clip_ids: Sequence[RecordId],
    files: Sequence[str] = (),
    supersedes: RecordId = "",
) -> CutAdded:
    """The event that records *reading* as *cut*. *clip_ids*: one id for each clip, in order. *files*: the cut's own file names.

    Raises ValueError when the ids do not match the clips.
    """
    rows = list(zip(clip_ids, reading.clips, strict=True))
    fact = CutFact(
        cut=cut,
        format=reading.format,
        reader=reading.reader,
        rate=_written(reading.rate),
        start=reading.start,
        frames=reading.frames,
        tracks=tuple(TrackFact(each.kind, each.enabled, each.source) for each in reading.tracks),
        clips=tuple(_clip_fact(identity, clip) for identity, clip in rows),
        transitions=tuple(_transition_fact(each) for each in reading.transitions),
        diagnostics=tuple(DiagnosticFact(d.code, d.line, d.effect) for d in reading.diagnostics),
        drop_frame=reading.drop_frame,
        effects_visible=reading.effects_visible is EffectsVisible.YES,
        supersedes=supersedes,
    )
    places = {identity: named for identity, clip in rows if (named := _place(clip)) != ClipPlace()}
    place = CutPlace(
        reading.name,
        places,
        tuple(files),
        problems=tuple((said.text, said.path) for said in reading.diagnostics),
        tracks=_named(each.name for each in reading.tracks),
        transitions=tuple((each.name, each.kind) for each in reading.transitions),
        labels=reading.labels,
    )
    written: dict[str, str] = {}
    items = tuple(item for identity, clip in rows for item in _words(identity, clip, written))
    return CutAdded(
        fact=fact,
        bytes=CutBytes(reading.inputs) if reading.inputs else None,
        place=place if place != CutPlace() else None,
        text=TextSection(items) if items else None,
    )


def _named(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, () when there are none at all."""
    listed = tuple(names)
    return listed if any(listed) else ()


def _written(rate: Rate | None) -> str:
    return "" if rate is None else str(rate)


def _rate(written: str) -> Rate | None:
    if not written:
        return None
    over, _, under = written.partition("/")
    return Rate(int(over), int(under or 1))


def _clip_fact(identity: RecordId, clip: Clip) -> ClipFact:
    media = clip.media
    first, end = media.available_first, media.available_end
    numbers = (media.sequence_first, media.sequence_step, media.sequence_padding)
    return ClipFact(
        id=identity,
        kind=clip.kind,
        path=clip.path,
        record=(exact_number(clip.record_in), exact_number(clip.record_out)),
        source_rate=_written(clip.source_rate),
        source=None if clip.source_in is None else exact_number(clip.source_in),
        scale=None if clip.source_scale is None else exact_number(clip.source_scale),
        enabled=clip.enabled,
        side=clip.side,
        effects=tuple(EffectFact(each.seen, each.enabled, each.inherited) for each in clip.effects),
        media_kind=media.kind,
        reel_is_truncated=media.reel_is_truncated,
        available=None if first is None or end is None else (exact_number(first), exact_number(end)),
        sequence=None if numbers == (0, 1, 0) else numbers,
        placed=clip.placed,
    )


def _transition_fact(transition: Transition) -> TransitionFact:
    record = (exact_number(transition.record_in), exact_number(transition.record_out))
    return TransitionFact(transition.track, record, transition.seen)


def _place(clip: Clip) -> ClipPlace:
    media = clip.media
    return ClipPlace(
        name=clip.name,
        nest=clip.nest,
        targets=media.targets,
        names=media.names,
        prefix=media.sequence_prefix,
        suffix=media.sequence_suffix,
        others=media.others,
        event=clip.event,
        label=clip.source_label,
        reel=media.reel,
        reel_full=media.reel_full,
        codes=media.codes,
        umids=media.umids,
        generator=media.generator,
        effects=tuple((each.name, each.schema) for each in clip.effects),
    )


def _words(identity: RecordId, clip: Clip, written: dict[str, str]) -> list[tuple[str, str]]:
    """(clip id, what it is, number), text: everything that people or programs wrote in words.

    Clips of one track or nested cut share its effects, so parameters are written out once and then named (*written*).
    """
    items = [(f"{identity} {_COMMENT}", comment) for comment in clip.comments]
    for number, effect in enumerate(clip.effects):
        where = f"{identity} {_EFFECT} {number}"
        if effect.parameters in written:
            items.append((f"{identity} {_SAME} {number}", written[effect.parameters]))
        elif effect.parameters:
            written[effect.parameters] = where
            items.append((where, effect.parameters))
    return items


def reading_of(event: CutAdded) -> CutReading:
    """The reading that `cut_added` recorded; what was erased of `place`, `bytes` or `text` is empty in it."""
    fact = event.fact
    place = event.place or CutPlace()
    comments, parameters = _said(event.text)
    return CutReading(
        name=place.name,
        format=fact.format,
        reader=fact.reader,
        rate=_rate(fact.rate),
        drop_frame=fact.drop_frame,
        start=fact.start,
        frames=fact.frames,
        tracks=tuple(
            Track(name, each.kind, each.enabled, each.source)
            for name, each in zip(place.tracks or ("",) * len(fact.tracks), fact.tracks, strict=True)
        ),
        clips=tuple(_clip(each, place.clips.get(each.id, ClipPlace()), comments, parameters) for each in fact.clips),
        transitions=tuple(
            _transition(each, *called)
            for called, each in zip(
                place.transitions or _NAMELESS * len(fact.transitions), fact.transitions, strict=True
            )
        ),
        diagnostics=tuple(_problems(fact, place)),
        effects_visible=EffectsVisible.YES if fact.effects_visible else EffectsVisible.NO,
        labels=place.labels,
        inputs=event.bytes.inputs if event.bytes is not None else (),
    )


def without_words(reading: CutReading) -> CutReading:
    """*reading* without its comments and the parameters of its effects, which can be erased while the rest of it stands."""
    return replace(
        reading,
        clips=tuple(
            replace(clip, comments=(), effects=tuple(replace(one, parameters="") for one in clip.effects))
            for clip in reading.clips
        ),
    )


def _problems(fact: CutFact, place: CutPlace) -> Iterator[Diagnostic]:
    """Diagnostics with their words, as far as these can be read."""
    words = place.problems or _NAMELESS * len(fact.diagnostics)
    for said, (text, path) in zip(fact.diagnostics, words, strict=True):
        yield Diagnostic(said.code, text, said.line, path, said.effect)


def _said(text: TextSection | None) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Comments by clip id, and parameters by ``clip id effect number``."""
    comments: dict[str, list[str]] = {}
    parameters: dict[str, str] = {}
    for where, words in text.items if text is not None else ():
        identity, _, rest = where.partition(" ")
        if rest == _COMMENT:
            comments.setdefault(identity, []).append(words)
        elif rest.startswith(_SAME):
            parameters[f"{identity} {_EFFECT} {rest.removeprefix(_SAME).strip()}"] = parameters.get(words, "")
        else:
            parameters[where] = words
    return comments, parameters


def _clip(fact: ClipFact, place: ClipPlace, comments: dict[str, list[str]], parameters: dict[str, str]) -> Clip:
    return Clip(
        name=place.name,
        kind=fact.kind,
        path=fact.path,
        record_in=fraction_of(fact.record[0]),
        record_out=fraction_of(fact.record[1]),
        media=_media(fact, place),
        source_rate=_rate(fact.source_rate),
        source_in=_fraction(fact.source),
        source_scale=_fraction(fact.scale),
        enabled=fact.enabled,
        side=fact.side,
        event=place.event,
        source_label=place.label,
        effects=tuple(
            Effect(*called, each.seen, parameters.get(f"{fact.id} {_EFFECT} {i}", ""), each.enabled, each.inherited)
            for i, (called, each) in enumerate(
                zip(place.effects or _NAMELESS * len(fact.effects), fact.effects, strict=True)
            )
        ),
        nest=place.nest,
        comments=tuple(comments.get(fact.id, ())),
        placed=fact.placed,
    )


def _fraction(number: int | str | None) -> Fraction | None:
    return None if number is None else fraction_of(number)


def _media(fact: ClipFact, place: ClipPlace) -> Media:
    first, step, padding = fact.sequence or (0, 1, 0)
    return Media(
        kind=fact.media_kind,
        targets=place.targets,
        others=place.others,
        names=place.names,
        reel=place.reel,
        reel_full=place.reel_full,
        reel_is_truncated=fact.reel_is_truncated,
        codes=place.codes,
        umids=place.umids,
        available_first=None if fact.available is None else fraction_of(fact.available[0]),
        available_end=None if fact.available is None else fraction_of(fact.available[1]),
        generator=place.generator,
        sequence_prefix=place.prefix,
        sequence_suffix=place.suffix,
        sequence_first=first,
        sequence_step=step,
        sequence_padding=padding,
    )


def _transition(fact: TransitionFact, name: str, kind: str) -> Transition:
    first, end = fact.record
    return Transition(name, kind, fact.track, fraction_of(first), fraction_of(end), fact.seen)
