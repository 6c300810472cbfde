"""One clip of an FCPXML timeline that shows a source: its picture and its sound, from which source frame on, and how fast."""

from fractions import Fraction

from edgecode.errors import InputError
from edgecode.ingest.editorial.fcpxml_document import Element, Weight
from edgecode.ingest.editorial.fcpxml_effects import effects_of, made_kind
from edgecode.ingest.editorial.fcpxml_frame import BOTH, Frame, Half, Slot
from edgecode.ingest.editorial.fcpxml_media import Source, Sources, Words, told_by, words_on
from edgecode.ingest.editorial.fcpxml_resources import Resources
from edgecode.ingest.editorial.fcpxml_rows import Row
from edgecode.ingest.editorial.fcpxml_time import ONE, Retime, retime_of, seconds
from edgecode.terms.cuts import ClipKind, Diagnostic, Effect, Media
from edgecode.terms.timebase import Rate

_ONLY: dict[str, frozenset[Half]] = {
    "video": frozenset(("picture",)),
    "title": frozenset(("picture",)),
    "caption": frozenset(("picture",)),
    "live-drawing": frozenset(("picture",)),
    "audio": frozenset(("sound",)),
}
_MADE = ("title", "caption", "live-drawing")
_ENABLED: dict[str, frozenset[Half]] = {
    "video": frozenset(("picture",)),
    "audio": frozenset(("sound",)),
    "none": frozenset(),
}


_AS_IT_IS = Retime(Fraction(0), Fraction(0), ONE)


def enabled_halves(element: Element) -> frozenset[Half]:
    """What ``srcEnable`` leaves of picture and sound."""
    return _ENABLED.get(element.says("srcEnable"), BOTH)


def is_conformed(element: Element, cut_rate: Rate) -> tuple[bool, Diagnostic | None]:
    """Whether the clip's frame rate is conformed to another by scaling time, and what is to be said of it.

    Which rates Final Cut plays frame by frame and which it samples is in no document: the source range stays uncorrected and unsure.
    """
    written = element.first("conform-rate")
    if written is None:
        return False, None
    told = written.says("srcFrameRate")
    try:
        own = Rate.of(told)
    except InputError:
        own = None
    if own == cut_rate:
        return False, None
    place = (written.line, element.where)
    if written.says("scaleEnabled") == "0":
        text = f"a source of {told[:12] or 'unknown'} frames a second is sampled at the cut's rate"
        return False, Diagnostic("conform_rate", text, *place)
    text = (
        f"a source of {told[:12] or 'unknown'} frames a second is conformed to the cut: how fast it runs is not exact"
    )
    return True, Diagnostic("conform_rate", text, *place, effect="approximate")


class Leaves:
    """Turns clips into rows. *problems* gathers what is to be said."""

    def __init__(self, resources: Resources, cut_rate: Rate, problems: list[Diagnostic]) -> None:
        self._resources = resources
        self._cut_rate = cut_rate
        self._sources = Sources(resources, cut_rate)
        self._problems = problems

    def rows(self, element: Element, frame: Frame, slot: Slot) -> list[Row]:
        """The uses that *element* makes of its source in *slot*: one for its picture, one for its sound, as far as they are wanted."""
        shown = self._resources.of(element)
        source = self._sources.of(shown) if shown is not None and shown.tag == "asset" else None
        if (
            source is None
            and (shown is None or shown.tag != "effect")
            and element.tag not in ("caption", "live-drawing")
        ):
            text = "a clip refers to something that the file does not hold; it stays as a clip without media"
            self._say("ref.dangling", text, element, "approximate")
        halves = self._halves(element, source) & frame.wants
        words, effects = words_on(element), effects_of(element, self._resources)
        self._problems += (*words.problems, *effects.problems)
        conformed, said = is_conformed(element, self._cut_rate)
        self._problems += () if said is None else (said,)
        rows = []
        for half in sorted(halves):
            low, high = self._seen(element, frame, slot, half)
            if low >= high:
                continue
            row = self._row(element, half, source, shown, words, (low, high))
            row.effects = effects.of(half)
            row.enabled = element.says("enabled") != "0" and half not in effects.hides
            row.side = slot.side
            row.lane = frame.lane
            if source is not None and source.still and half == "picture":
                row.source_in, row.source_scale = Fraction(0), Fraction(0)
            else:
                rate = row.source_rate or self._cut_rate
                row.source_in, row.source_scale = self._moment(element, frame, slot, low, rate, shown)
                if (conformed or frame.unsure) and row.source_scale:
                    row.source_in = row.source_in if low == frame.at(slot.first) else None
                    row.source_scale = None
            rows.append(row)
        return rows

    def _halves(self, element: Element, source: Source | None) -> frozenset[Half]:
        wanted = _ONLY.get(element.tag, BOTH) & enabled_halves(element)
        if source is None:
            return wanted
        held: frozenset[Half] = wanted & source.halves
        if not held:
            text = "a clip selects a picture or a sound that its source does not have: it shows nothing"
            self._say("clip.shows_nothing", text, element, "none")
        return held

    def _seen(self, element: Element, frame: Frame, slot: Slot, half: Half) -> tuple[Fraction, Fraction]:
        """When the half is seen or heard; a split edit gives the sound a window of its own."""
        if half == "picture":
            return slot.low, slot.high
        window = split_window(element, slot)
        return (slot.low, slot.high) if window is None else frame.window(*window)

    def _moment(
        self, element: Element, frame: Frame, slot: Slot, low: Fraction, rate: Rate, shown: Element | None
    ) -> tuple[Fraction | None, Fraction | None]:
        """The source frame at *low* and source frames per frame of the cut."""
        retime = retime_of(element) or _AS_IT_IS
        if retime.slope is None:
            text = "a clip's speed changes on a curve: any of its source may be seen"
            self._say("retime.curve", text, element, "approximate")
            return None, None
        around = low - frame.base if frame.pace is ONE else (low - frame.base) / frame.pace
        local = value = slot.start + around - slot.first
        if retime is not _AS_IT_IS:
            value = retime.value + (local - retime.time) * retime.slope
        begins = seconds(shown, "start") if shown is not None and shown.tag == "asset" else None
        if begins and "start" not in element.attributes:
            # DTD: a clip starts at 0s where it does not say, and no frame of this source lies there.
            text = "a clip does not say where in its source it starts; taken from the source's first frame"
            self._say("start.missing", text, element, "approximate")
            value += begins
        speed = retime.slope if frame.pace is ONE else retime.slope / frame.pace
        scale = speed if rate == self._cut_rate else speed * rate.fraction / self._cut_rate.fraction
        # Played backwards the first frame seen is the one that ends the range.
        return value * rate.fraction + (scale if scale < 0 else 0), scale

    def _row(
        self,
        element: Element,
        half: Half,
        source: Source | None,
        shown: Element | None,
        words: Words,
        seen: tuple[Fraction, Fraction],
    ) -> Row:
        name = element.says("name")
        effect = shown if shown is not None and shown.tag == "effect" else None
        kind: ClipKind = "sound" if half == "sound" else "picture"
        if source is not None:
            media, rate = source.media, source.rate or self._cut_rate
        else:
            rate = self._cut_rate
            made = effect.says("name") if effect is not None else element.tag
            if effect is not None or element.tag in _MADE:
                kind = "sound" if half == "sound" else made_kind(element, effect, name)
                media = Media(kind="generator", generator=made)
            else:
                media = Media()
        comments = words.comments + (source.comments if source is not None else ())
        fallback = next(iter(media.names), "") or media.generator or element.tag
        return Row(name or fallback, kind, (), *seen, told_by(media, words), rate, comments=comments)

    def opaque(self, element: Element, frame: Frame, slot: Slot) -> Row:
        """A row for what is seen and cannot be read."""
        named = Media(names=tuple(name for name in (element.says("name"),) if name))
        effects: tuple[Effect, ...] = effects_of(element, self._resources).picture
        return Row(
            element.says("name") or element.tag, "other", frame.lane, slot.low, slot.high, named,
            source_scale=None, enabled=element.says("enabled") != "0", side=slot.side, effects=effects,
        )  # fmt: skip

    def others(self, alternates: list[Element]) -> tuple[str, ...]:
        """What the alternates of an audition would show: files and names, for hints."""
        found: list[str] = []
        for each in alternates:
            asset = self._resources.of(each)
            if asset is not None and asset.tag == "asset":
                found += self._sources.of(asset).media.targets
            found.append(each.says("name"))
        return tuple(each for each in dict.fromkeys(found) if each)

    def _say(self, code: str, text: str, element: Element, effect: Weight) -> None:
        self._problems.append(Diagnostic(code, text, element.line, element.where, effect=effect))


def split_window(element: Element, slot: Slot) -> tuple[Fraction, Fraction] | None:
    """When a split edit is heard, on the timeline around the element; None where sound and picture go together."""
    start, length = seconds(element, "audioStart"), seconds(element, "audioDuration")
    if start is None and length is None:
        return None
    first = slot.first + ((slot.start if start is None else start) - slot.start)
    return first, first + (slot.end - slot.first if length is None else length)
