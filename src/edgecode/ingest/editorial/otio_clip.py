"""One OTIO clip in its slot: what it shows, from which source frame on, and how fast."""

from fractions import Fraction

from edgecode.ingest.editorial.exact import Clock, Exact, divided
from edgecode.ingest.editorial.otio_effects import Effects
from edgecode.ingest.editorial.otio_frame import Frame, Slot
from edgecode.ingest.editorial.otio_json import JsonObject, list_of, schema_of, text_of
from edgecode.ingest.editorial.otio_media import References, available_span, media_of, references_of
from edgecode.terms.cuts import Clip, ClipKind, Diagnostic, Media
from edgecode.terms.effects import generator_clip

_NO_TIME = Fraction(0)


def clip_of(
    clip: JsonObject, frame: Frame, slot: Slot, effects: Effects, clock: Clock
) -> tuple[Clip, tuple[Diagnostic, ...]]:
    """The use that *clip* makes of its source in *slot*; *effects* are its own, those of *frame* follow them."""
    references = references_of(clip)
    claims = media_of(clip, references, clock, frame.where)
    name = text_of(clip.get("name"))
    source_in, scale = _source(clip, references, frame, slot, effects.scale, clock)
    per_frame = claims.rate.fraction / clock.rate.fraction if claims.rate != clock.rate else 1
    use = Clip(
        name=name or next(iter(claims.media.names), ""),
        kind=_kind(clip, claims.media, frame, name),
        path=frame.path,
        record_in=Fraction(slot.low),
        record_out=Fraction(slot.high),
        media=claims.media,
        source_rate=claims.rate,
        source_in=None if source_in is None else Fraction(source_in * per_frame),
        source_scale=None if scale is None else Fraction(scale * per_frame),
        enabled=frame.enabled and clip.get("enabled") is not False,
        side=slot.side,
        event=claims.event,
        source_label=claims.label,
        effects=effects.effects + frame.effects,
        nest=frame.nest,
        comments=claims.comments,
    )
    return use, claims.problems


def _kind(clip: JsonObject, media: Media, frame: Frame, name: str) -> ClipKind:
    if frame.kind == "sound":
        return "sound"
    if frame.kind == "other" or schema_of(clip) != "Clip":
        return "other"
    if media.kind != "generator":
        return "picture"
    # A generator that names media as well is none that we know, whatever it is called.
    return "generator" if _names_media(media) else generator_clip(media.generator, name)


def claims_media(clip: JsonObject, clock: Clock) -> bool:
    """Whether an item that should show nothing (a gap) names something that it could show."""
    media = media_of(clip, references_of(clip), clock, "").media
    return media.kind != "none" or _names_media(media) or bool(list_of(clip.get("children")))


def _names_media(media: Media) -> bool:
    return bool(media.targets or media.others or media.codes or media.umids)


def _source(
    clip: JsonObject, references: References, frame: Frame, slot: Slot, scale: Exact | None, clock: Clock
) -> tuple[Exact | None, Exact | None]:
    """The source position seen at the slot's first frame, and source per frame of the cut, both in frames of the cut.

    A clip that plays backwards shows the same source range from its last frame to its first, so the first frame seen is the one
    that ends the range: the upper edge less one step.
    """
    written = clip.get("source_range")
    span = available_span(references.active, clock) if written is None else clock.span(written)
    if span is None or scale is None:
        return None, None
    start = span[0]
    if scale == 0:
        return start, 0
    local = slot.low - frame.base if frame.pace == 1 else divided(slot.low - frame.base, frame.pace)
    played = (local - slot.start) * scale
    edge = start + played if scale > 0 else start + slot.duration * -scale + played
    pace = scale if frame.pace == 1 else divided(scale, frame.pace)
    return (edge + pace if pace < 0 else edge), pace
