"""What an OTIO clip says it shows: media references, image sequences, and the reels, ids and edge codes in its metadata."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from edgecode.ingest.editorial.edge_codes import code_in, settled_code
from edgecode.ingest.editorial.exact import Clock, Exact, rate_written
from edgecode.ingest.editorial.otio_json import (
    JsonObject,
    list_of,
    object_of,
    schema_of,
    schema_written,
    text_of,
    whole_number,
)
from edgecode.terms.cuts import Diagnostic, Media, MediaKind
from edgecode.terms.timebase import KNOWN_RATES, Rate

_KNOWN_REFERENCES = frozenset(
    ("ExternalReference", "ImageSequenceReference", "GeneratorReference", "MissingReference", "MediaReference")
)
_REEL_KEYS = frozenset(
    ("reel", "reelname", "sourcereel", "tape", "tapename", "tapeid", "sourcetape", "reelid", "camroll", "cameraroll")
)
_CODE_KEYS = ("code", "codes", "version", "id")
_NO_REEL = frozenset(("", "AX", "BL", "BLACK", "NONE"))
_SEARCH_DEPTH = 5
_SEARCH_VALUES = 400


class ClipMedia(NamedTuple):
    """*rate*: the source's own rate. *comments*, *event*, *label*: what conversions from an EDL keep in the metadata."""

    media: Media
    rate: Rate
    comments: tuple[str, ...]
    event: str
    label: str
    problems: tuple[Diagnostic, ...]


class References(NamedTuple):
    """A clip's media references: the *active* one, which is what the cut shows (empty: none), and the *others* it only holds.

    *unsettled*: there are references, and nothing in the file says which of them is shown.
    """

    active: JsonObject
    others: tuple[JsonObject, ...]
    unsettled: bool = False


def references_of(clip: JsonObject) -> References:
    """The references of a clip. Clip.1 has one; Clip.2 has several by name, and says which is active.

    A key that names none of them settles nothing: what it meant is not in the file, and no other may stand in for it.
    """
    written = clip.get("media_references")
    many = object_of(written) or {str(index): each for index, each in enumerate(list_of(written))}
    one = object_of(clip.get("media_reference"))
    if not many or (one and schema_written(clip) == "Clip.1"):
        return References(one, tuple(found for each in many.values() if (found := object_of(each))))
    key = clip.get("active_media_reference_key")
    if key is None or key == "":
        key = next(iter(many)) if len(many) == 1 else "DEFAULT_MEDIA"
    settled = isinstance(key, str) and key in many and not isinstance(written, list)
    left = [object_of(many[each]) for each in sorted(many) if not (settled and each == key)]
    others = tuple(each for each in (*left, one) if each)
    active = object_of(many[key]) if settled and isinstance(key, str) else {}
    return References(active, others, unsettled=not settled and bool(others))


def available_span(reference: JsonObject, clock: Clock) -> tuple[Exact, Exact] | None:
    """The range that exists of a reference's media, in frames of the cut."""
    return clock.span(reference.get("available_range"))


def media_of(clip: JsonObject, references: References, clock: Clock, path: str) -> ClipMedia:
    """Everything the clip claims of its source, with times at the source's own rate."""
    problems: list[Diagnostic] = []
    active = references.active
    rate = _source_rate(clip, active, clock)
    span = available_span(active, clock)
    per_frame = rate.fraction / clock.rate.fraction if rate != clock.rate else 1
    clues = _clues(clip, active, path, problems)
    problems += _reference_problems(references, path)
    # A schema that we do not know may do anything with the target it names.
    known = schema_of(active) in _KNOWN_REFERENCES
    shown, claimed = _targets(active) if known else ((), sum(_targets(active), ()))
    sequence = _sequence(active)
    ours = object_of(object_of(clip.get("metadata")).get("edgecode"))
    others = [*claimed, *(each for reference in references.others for each in _named(reference))]
    media = Media(
        kind=_kind(active) if known else "none",
        targets=tuple(dict.fromkeys((*shown, *_texts(ours.get("targets"))))),
        others=tuple(dict.fromkeys(others)),
        names=tuple(dict.fromkeys(name for name in (text_of(active.get("name")), *_texts(ours.get("names"))) if name)),
        reel=clues.reel,
        codes=clues.codes,
        umids=clues.umids,
        available_first=None if span is None else Fraction(span[0] * per_frame),
        available_end=None if span is None else Fraction((span[0] + span[1]) * per_frame),
        generator=text_of(active.get("generator_kind")),
        reel_full=clues.reel_full,
        reel_is_truncated=clues.truncated,
        sequence_prefix=sequence[0],
        sequence_suffix=sequence[1],
        sequence_first=sequence[2],
        sequence_step=sequence[3],
        sequence_padding=sequence[4],
    )
    event, label = text_of(ours.get("event")), text_of(ours.get("source_label"))
    return ClipMedia(media, rate, clues.comments, event, label, tuple(problems))


def _reference_problems(references: References, path: str) -> list[Diagnostic]:
    found = [
        Diagnostic("schema.unknown", f"a media reference of schema {schema_written(reference)[:60]}", path=path)
        for reference in (references.active, *references.others)
        if reference and schema_of(reference) not in _KNOWN_REFERENCES
    ]
    if references.unsettled:
        text = "a clip does not say which of its media references it shows: none of them is taken for certain"
        found.append(Diagnostic("media.unsettled", text, path=path, effect="approximate"))
    return found


def _texts(value: object) -> list[str]:
    return [text_of(each) for each in list_of(value) if text_of(each)]


def _source_rate(clip: JsonObject, active: JsonObject, clock: Clock) -> Rate:
    """The media's rate as its available range (or its sequence) says it, else the source range's, else the cut's.

    Only rates of the trade are believed: sample rates and ticks would make frames of what are none.
    """
    told = [object_of(object_of(active.get("available_range")).get("start_time")).get("rate")]
    told += [active.get("rate")] if schema_of(active) == "ImageSequenceReference" else []
    told.append(object_of(object_of(clip.get("source_range")).get("start_time")).get("rate"))
    for written in told:
        if isinstance(written, (int, float)) and written == clock.rate.numerator and clock.rate.denominator == 1:
            return clock.rate
        rate = rate_written(written)
        if rate is not None and rate.fraction in KNOWN_RATES:
            return rate
    return clock.rate


def _kind(active: JsonObject) -> MediaKind:
    schema = schema_of(active)
    if schema == "ImageSequenceReference":
        return "sequence"
    if schema == "GeneratorReference":
        return "generator"
    return "file" if text_of(active.get("target_url")) else "none"


def _targets(reference: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a reference shows, and what else it names: an image sequence's own target is the pattern, whatever else it holds."""
    target, url = _target(reference), text_of(reference.get("target_url"))
    return (target,) if target else (), (url,) if url and url != target else ()


def _named(reference: JsonObject) -> tuple[str, ...]:
    """Paths, URLs and names of a reference that the cut does not show."""
    shown, claimed = _targets(reference)
    name = text_of(reference.get("name"))
    return (*shown, *claimed, *((name,) if name else ()))


def _target(reference: JsonObject) -> str:
    base = text_of(reference.get("target_url_base"))
    if schema_of(reference) != "ImageSequenceReference":
        return text_of(reference.get("target_url"))
    prefix, suffix, _, _, padding = _sequence(reference)
    if not (base or prefix or suffix):
        return ""
    joint = "" if not base or base.endswith("/") else "/"
    return f"{base}{joint}{prefix}%0{padding}d{suffix}" if padding else f"{base}{joint}{prefix}%d{suffix}"


def _sequence(reference: JsonObject) -> tuple[str, str, int, int, int]:
    """Prefix, suffix, first number, step and padding of an image sequence; the empty sequence for other references."""
    if schema_of(reference) != "ImageSequenceReference":
        return "", "", 0, 1, 0
    step = whole_number(reference.get("frame_step"), 1)
    return (
        text_of(reference.get("name_prefix")),
        text_of(reference.get("name_suffix")),
        whole_number(reference.get("start_frame"), 1),
        step if step > 0 else 1,
        min(max(whole_number(reference.get("frame_zero_padding"), 0), 0), 64),
    )


class _Clues(NamedTuple):
    reel: str
    reel_full: str
    truncated: bool
    codes: tuple[str, ...]
    umids: tuple[str, ...]
    comments: tuple[str, ...]


_NO_CLUES = _Clues("", "", False, (), (), ())


def _clues(clip: JsonObject, active: JsonObject, path: str, problems: list[Diagnostic]) -> _Clues:
    """Reel, ids and codes in the metadata of the clip and of what it shows, and in markers."""
    places = [object_of(clip.get("metadata")), object_of(active.get("metadata"))]
    markers = [object_of(marker) for marker in list_of(clip.get("markers"))]
    if not any(places) and not markers:
        return _NO_CLUES
    edl, ours = object_of(places[0].get("cmx_3600")), object_of(places[0].get("edgecode"))
    comments = tuple(text_of(line) for line in list_of(edl.get("comments")) if text_of(line))
    written = [code for place in places for code in _codes(place.get("edgecode"))]
    spoken = [*comments, *(text_of(m.get(key)) for m in markers for key in ("name", "comment"))]
    written += [code for line in spoken if (code := code_in(line))]
    codes = [settled_code(code) for code in written]
    if None in codes:
        problems.append(Diagnostic("edge_code.invalid", "something given as an edge code is none", path=path))
    found = list(_found(places))
    reels = [text_of(each.get("reel")) for each in (ours, edl)]
    reels += [value for key, value in found if key in _REEL_KEYS]
    reel = next((reel for reel in reels if reel.upper() not in _NO_REEL), "")
    # An EDL's reel of eight characters may have been cut short; our own writing says whether it was.
    truncated = ours.get("reel_is_truncated") is True if ours.get("reel") else len(reel) == 8 and bool(edl.get("reel"))
    umids = [value for key, value in found if value.startswith(("urn:smpte:umid:", "060a2b34"))]
    umids += [value for key, value in found if key == "entityreference"]
    umids += [text_of(each) for each in list_of(ours.get("umids"))]
    return _Clues(
        reel,
        text_of(ours.get("reel_full")),
        truncated,
        tuple(dict.fromkeys(code for code in codes if code)),
        tuple(dict.fromkeys(umids)),
        comments,
    )


def _codes(value: object) -> list[str]:
    if isinstance(value, str):
        return [text_of(value)]
    if isinstance(value, list):
        return [code for each in value for code in _codes(each)]
    return [code for key in _CODE_KEYS for code in _codes(object_of(value).get(key))] if value else []


def _found(places: list[JsonObject]) -> Iterator[tuple[str, str]]:
    """(simplified key, text) of the strings in some metadata, nearest first, within bounds: metadata may be anything."""
    level: list[tuple[str, object]] = [(key, value) for place in places for key, value in place.items()]
    seen = 0
    for _ in range(_SEARCH_DEPTH):
        deeper: list[tuple[str, object]] = []
        for key, value in level:
            seen += 1
            if seen > _SEARCH_VALUES:
                return
            simple = "".join(character for character in key.lower() if character.isalnum())
            if isinstance(value, str):
                yield simple, text_of(value)
            elif isinstance(value, dict):
                if simple in _REEL_KEYS and isinstance(value.get("name"), str):
                    yield simple, text_of(value.get("name"))
                deeper += value.items()
            elif isinstance(value, list):
                deeper += [(key, each) for each in value[:16]]
        level = deeper
