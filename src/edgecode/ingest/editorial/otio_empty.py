"""Where an OTIO document shows nothing and still may make something: gaps that hold an effect, effects that lie over no clip."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from edgecode.ingest.editorial.exact import Exact
from edgecode.ingest.editorial.otio_effects import effects_of
from edgecode.ingest.editorial.otio_frame import Frame
from edgecode.ingest.editorial.otio_json import JsonObject
from edgecode.terms.cuts import Clip, Effect, Media

BLACK = Media(kind="generator", generator="black")
"""What lies under an effect where no clip does."""


def shows_more(gap: JsonObject) -> bool:
    """Whether a gap holds an effect that may make frames."""
    return any(effect.seen != "plain" for effect in effects_of(gap, "").effects)


def over_nothing(
    clips: Iterable[Clip], effects: tuple[Effect, ...], frame: Frame, low: Exact, high: Exact
) -> Iterator[Clip]:
    """A row of black for every stretch of [low, high) that no clip of *clips* covers, if one of *effects* may make frames there.

    *effects* are those of a track, a nested cut or the whole cut, *frame* is theirs: its own effects follow them.
    """
    made = next((effect for effect in effects if effect.seen != "plain"), None)
    if made is None:
        return
    at = Fraction(low)
    heard = frame.kind == "sound"
    shown = [clip for clip in clips if clip.enabled and (clip.kind == "sound") == heard]
    on = sorted((clip.record_in, clip.record_out) for clip in shown)
    for first, end in (*on, (Fraction(high), Fraction(high))):
        if at < min(first, Fraction(high)):
            yield Clip(
                name=made.name,
                kind="black",
                path=frame.path,
                record_in=at,
                record_out=min(first, Fraction(high)),
                media=BLACK,
                enabled=frame.enabled,
                effects=effects + frame.effects,
                nest=frame.nest,
            )
        at = max(at, end)
