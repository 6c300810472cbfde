"""From a clip of an AAF composition down to its tape: every mob on the way with its UMID, its files, its timecode and its comments.

Source: AAF Object Specification 1.1: a source clip's start counts in edit units of the slot it stands in, from the origin of the
slot it refers to; a chain ends where a clip refers to no mob.
"""

from fractions import Fraction
from typing import NamedTuple

from edgecode.ingest.editorial.aaf_objects import (
    UNREADABLE,
    class_of,
    members,
    mob_id_of,
    rate_of,
    text_of,
    value_of,
    whole,
)
from edgecode.ingest.editorial.parts import Shown
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.timebase import Rate

_MAX_HOPS = 32
_MAX_COMMENTS = 200
_MAX_COMMENT = 10_000
_PATH_COMMENTS = ("unc path", "unc", "source path", "source file path", "filepath", "file path")
_REEL_COMMENTS = ("tape", "tapename", "tapeid", "tape name", "reel", "reel name", "camroll", "camera roll")
_NAME_COMMENTS = ("source file", "source file name", "filename", "file name")


class Hop(NamedTuple):
    """A mob on the way down. *second*: where in it the clip starts, in seconds from the origin of its slot."""

    mob: object
    slot: object
    second: Fraction


class Source(NamedTuple):
    """What a clip shows, the source position of its first frame on the source's own clock, and the comments on the way."""

    shown: Shown
    first: Fraction
    comments: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


class Mobs:
    """The mobs of a file by their ids."""

    def __init__(self, content: object) -> None:
        self._by_id = {mob_id_of(mob): mob for mob in members(content, "Mobs")}

    def referred(self, clip: object) -> object:
        """The mob that a source clip refers to; None where the file does not hold it."""
        return self._by_id.get(mob_id_of(clip, "SourceID"))

    def source(self, clip: object, rate: Rate, *, sound: bool, where: str) -> Source:
        """Follow *clip*, which stands in a slot of *rate*, to the end of its chain."""
        problems: list[Diagnostic] = []
        hops = self._chain(clip, rate, problems, where)
        files = [hop for hop in hops if class_of(hop.mob) == "SourceMob"]
        physical = next((hop for hop in files if _locators(hop.mob)), files[0] if files else None)
        clock = _clock(hops, physical)
        said = _comments([hop.mob for hop in hops])
        comments = {key.strip().lower(): text for key, text in reversed(said)}
        tape = next((hop.mob for hop in hops if _descriptor(hop.mob) == "TapeDescriptor"), None)
        named = [hop.mob for hop in hops if hop.mob is not tape]
        own = Rate(rate.numerator, rate.denominator) if sound or physical is None else rate_of(physical.slot) or rate
        paths = [comments[key] for key in _PATH_COMMENTS if comments.get(key)]
        paths += [path for hop in files if hop is not physical for path in _locators(hop.mob)]
        ids = [mob_id_of(mob) for mob in ([physical.mob] if physical else []) + named]
        if not hops:
            ids.append(mob_id_of(clip, "SourceID"))
            text = "a clip refers to a mob that is not in the file, or to none: at most an id is known of its source"
            problems.append(Diagnostic("ref.dangling", text, path=where, effect="approximate"))
        shown = Shown(
            targets=tuple(_locators(physical.mob)) if physical else (),
            others=tuple(dict.fromkeys((*paths, *((mob_id_of(tape),) if tape is not None else ())))),
            names=tuple(dict.fromkeys(name for name in (*_names(named), *_told(comments, _NAME_COMMENTS)) if name)),
            reel=text_of(tape, "Name") or next(iter(_told(comments, _REEL_COMMENTS)), ""),
            umids=tuple(dict.fromkeys(each for each in ids if each)),
            available=_available(physical, clock, own),
            rate=own,
        )
        return Source(shown, clock.at(own.fraction), tuple(f"{key}: {text}" for key, text in said), tuple(problems))

    def _chain(self, clip: object, rate: Rate, problems: list[Diagnostic], where: str) -> list[Hop]:
        """The mobs below *clip*, nearest first."""
        hops: list[Hop] = []
        second = Fraction(whole(clip, "StartTime") or 0) / rate.fraction
        while len(hops) < _MAX_HOPS:
            mob = self.referred(clip)
            if mob is None:
                return hops
            slot = _slot(mob, whole(clip, "SourceMobSlotID"))
            hops.append(Hop(mob, slot, second))
            own = rate_of(slot)
            if slot is None or own is None:
                text = "a mob has no slot of the number that a clip asks of it: the way to its tape ends there"
                problems.append(Diagnostic("ref.dangling", text, path=where, effect="approximate"))
                return hops
            below, into = _component(value_of(slot, "Segment"), second * own.fraction + (whole(slot, "Origin") or 0))
            if below is None:
                return hops
            clip = below
            second = (into + (whole(below, "StartTime") or 0)) / own.fraction
        text = f"more than {_MAX_HOPS} mobs refer to one another: the way to the tape was not followed to its end"
        problems.append(Diagnostic("ref.circular", text, path=where, effect="approximate"))
        return hops


def _slot(mob: object, number: int | None) -> object:
    return next((slot for slot in members(mob, "Slots") if whole(slot, "SlotID") == number), None)


def _component(segment: object, at: Fraction, depth: int = 0) -> tuple[object, Fraction]:
    """The source clip of *segment* that plays at *at* (in edit units), and how far into it that is."""
    kind = class_of(segment)
    if depth > _MAX_HOPS or segment is None:
        return None, at
    if kind == "SourceClip":
        return segment, at
    if kind == "Sequence":
        position = Fraction(0)
        for part in members(segment, "Components"):
            length = Fraction(whole(part, "Length") or 0)
            position -= length if class_of(part) == "Transition" else 0
            if class_of(part) != "Transition":
                if position <= at < position + length:
                    return _component(part, at - position, depth + 1)
                position += length
        return None, at
    inner = {"EssenceGroup": "Choices", "OperationGroup": "InputSegments"}.get(kind)
    if inner is not None:
        return _component(next(members(segment, inner), None), at, depth + 1)
    if kind == "Selector":
        return _component(value_of(segment, "Selected"), at, depth + 1)
    return (_component(value_of(segment, "InputSegment"), at, depth + 1)) if kind == "Pulldown" else (None, at)


class _Clock(NamedTuple):
    """The source's own clock: *second* of the clip's first frame, and the timecode that stands at second 0 (in seconds)."""

    second: Fraction
    zero: Fraction

    def at(self, rate: Fraction) -> Fraction:
        """The clip's first frame on this clock, in frames at *rate*."""
        return (self.second + self.zero) * rate


def _clock(hops: list[Hop], physical: Hop | None) -> _Clock:
    """The timecode of the tape, else of the file that was imported, else of the master clip; else frames from the file's start."""
    tapes = [hop for hop in hops if _descriptor(hop.mob) == "TapeDescriptor"]
    masters = [hop for hop in hops if class_of(hop.mob) == "MasterMob"]
    files = [hop for hop in reversed(hops) if class_of(hop.mob) == "SourceMob"]
    for hop in (*tapes, *files, *masters):
        zero = _timecode(hop.mob)
        if zero is not None:
            return _Clock(hop.second, zero)
    last = physical or (hops[-1] if hops else None)
    return _Clock(last.second if last else Fraction(0), Fraction(0))


def _timecode(mob: object) -> Fraction | None:
    """The timecode at a mob's origin, in seconds as its labels count; None where it has no timecode that fits its rate."""
    for slot in members(mob, "Slots"):
        segment = value_of(slot, "Segment")
        found = segment if class_of(segment) == "Timecode" else None
        if class_of(segment) == "Sequence":
            found = next((each for each in members(segment, "Components") if class_of(each) == "Timecode"), None)
        start, labels, rate = whole(found, "Start"), whole(found, "FPS"), rate_of(slot)
        if start is None or not labels or rate is None:
            continue
        if start == 0:
            return Fraction(0)
        if labels == rate.nominal:
            return Fraction(start) / rate.fraction
    return None


def _available(physical: Hop | None, clock: _Clock, rate: Rate) -> tuple[Fraction, Fraction] | None:
    """Where the file's media begin on the source's clock, and how long they are."""
    if physical is None:
        return None
    own = rate_of(physical.slot)
    length = whole(value_of(physical.slot, "Segment"), "Length")
    if own is None or not length or length < 0:
        return None
    first = clock.second + clock.zero - physical.second
    return first * rate.fraction, length * rate.fraction / own.fraction


def _descriptor(mob: object) -> str:
    found = value_of(mob, "EssenceDescription")
    return "" if found is None else class_of(found)


def _locators(mob: object) -> list[str]:
    found = [text_of(each, "URLString") for each in members(value_of(mob, "EssenceDescription"), "Locator")]
    return [url for url in found if url]


def _names(mobs: list[object]) -> list[str]:
    return [text_of(mob, "Name") for mob in mobs]


def _told(comments: dict[str, str], keys: tuple[str, ...]) -> list[str]:
    return [comments[key] for key in keys if comments.get(key)]


def comments_of(mob: object) -> list[tuple[str, str]]:
    """A mob's own comments: name and text."""
    found: list[tuple[str, str]] = []
    for tag in members(mob, "UserComments"):
        try:
            key, text = text_of(tag, "Name"), value_of(tag, "Value")
        except UNREADABLE:
            continue
        if key and isinstance(text, (str, int)) and str(text).strip():
            found.append((key, str(text)[:_MAX_COMMENT]))
        if len(found) >= _MAX_COMMENTS:
            break
    return found


def _comments(mobs: list[object]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(each for mob in mobs for each in comments_of(mob)))
