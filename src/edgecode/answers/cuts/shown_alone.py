"""A cut of nothing but some versions, each whole and once, so that whoever asks about a version is answered as a cut would be."""

import re
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction

from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.errors import InputError
from edgecode.index.accounts import accounts
from edgecode.index.catalogue import VersionRow
from edgecode.index.conform import Match
from edgecode.index.persons import depictions_unread
from edgecode.index.projector import unread
from edgecode.index.store import IndexStore
from edgecode.index.sweep import ranges
from edgecode.terms.cuts import Clip, Media, Track
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.timebase import Rate

_TRACKS = (Track("V1", "picture"), Track("A1", "sound"))
_DEFAULT = Rate(24)
_SURE = 100


def shown_alone(store: IndexStore, versions: Sequence[VersionRow], *, unknown: Sequence[str] = ()) -> CutView:
    """The cut that shows *versions* one after another, from their first frame to their last; what has no frame numbers lasts one frame.

    *unknown*: names of what no version is known for, a frame each. It has no id and stands in no record. Its rate is that of the first
    version that says one.
    """
    rate = next((rate for row in versions if (rate := _rate_of(row)) is not None), _DEFAULT)
    clips, matches = list[Clip](), list[Match]()
    at = 0
    for index, row in enumerate(versions):
        clip = _clip(row, first=at, rate=rate)
        clips.append(clip)
        matches.append(_match(row, index))
        at = int(clip.record_out)
    for name in unknown:
        why = "nothing is on record of it"
        matches.append(Match(len(clips), ConformMethod.NONE, 0, None, (), why, Reason.NO_MATCH))
        clips.append(Clip(name, "picture", (0,), Fraction(at), Fraction(at + 1), Media("file", names=(name,))))
        at += 1
    return CutView(
        cut="",
        name="",
        clock=CutClock(rate, 0, at),
        effects_visible=True,
        tracks=_TRACKS,
        clips=tuple(clips),
        keys=tuple(row.key for row in versions) + ("",) * len(unknown),
        ranges=ranges(clips, _TRACKS),
        matches=tuple(matches),
        pieces=accounts(store, sorted({row.id for row in versions})),
        unread=sum(unread(store).values()) + depictions_unread(store),
    )


def _clip(row: VersionRow, *, first: int, rate: Rate) -> Clip:
    is_sound = row.media is not None and row.media.media_class == "audio"
    frames = (row.end - row.first) if row.first is not None and row.end is not None else 1
    return Clip(
        name=last_part(row.name),
        kind="sound" if is_sound else "picture",
        path=(1,) if is_sound else (0,),
        record_in=Fraction(first),
        record_out=Fraction(first + frames),
        media=Media("file", names=(last_part(row.name),) if row.name else ()),
        source_rate=rate,
        source_in=Fraction(row.first or 0),
        source_scale=Fraction(1),
    )


def _match(row: VersionRow, index: int) -> Match:
    first = Fraction(row.first) if row.first is not None else None
    scale = Fraction(1) if first is not None else None
    return Match(index, ConformMethod.ID, _SURE, row.id, (row.id,), "it was asked about", None, first, scale)


def _rate_of(row: VersionRow) -> Rate | None:
    if row.media is None or not row.media.rate:
        return None
    with suppress(InputError):
        return Rate.of(row.media.rate)
    return None


def name_of(row: VersionRow) -> str:
    """How a version is called in a sentence."""
    return last_part(row.name) or row.key


def last_part(name: str) -> str:
    """What a path ends with: what was only referred to is called by the whole path."""
    return re.split(r"[\\/]", name)[-1]
