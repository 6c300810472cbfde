"""The rungs of the conform ladder: for one clip, which versions each way of matching names. Ways are listed best first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from edgecode.errors import InputError
from edgecode.events.cut_kinds import Lead
from edgecode.index.catalogue import VersionRow, made_by, resolve_edge_code, steps, twins, version_rows
from edgecode.index.clocks import shown, timecode_start
from edgecode.index.keys import key_of
from edgecode.index.making_sources import PIXELS
from edgecode.index.naming import grammar_in
from edgecode.index.rows import number, text
from edgecode.index.store import IndexStore, Row
from edgecode.index.targets import Target, below, folded, frame_in, frame_target, stem_of, target
from edgecode.terms.cuts import Clip, Media
from edgecode.terms.evidence import AiUse, ConformMethod
from edgecode.terms.identity import RecordId, is_record_id, read_edge_code
from edgecode.terms.naming import ShotName, shot_in
from edgecode.terms.places import Place, escaped
from edgecode.terms.references import read_reference
from edgecode.terms.steps import InputRole, StepKind
from edgecode.terms.timebase import Rate, fraction_of

ID, UNIQUE_ID, PLACE, PATH_ENDS, REEL, TABLE, FILE_NAME, FRAME_NAME, STEM, SHOT, DECIDED = (
    100,
    100,
    100,
    85,
    80,
    75,
    70,
    65,
    60,
    50,
    100,
)
"""How sure each way is that it names the right version, of 100: a judgment, printed beside the method (docs/explanation/conform.md)."""


_MATERIAL = (InputRole.WEIGHTS, InputRole.TRAINING)
_HEADERS_AT_MOST = 8
"""How many header edits after one another are followed back to one picture."""

_PAST_ALL = "\U0010ffff"
"""A text that follows every folded path."""


class Rung(Struct, frozen=True):
    """One way of matching and what it found. *clip*: the clip with the source range that a table gives it; None: its own."""

    method: ConformMethod
    confidence: int
    versions: tuple[int, ...]
    why: str
    clip: Clip | None = None

    @property
    def is_tables(self) -> bool:
        """Whether a table beside the cut says so."""
        return self.method is ConformMethod.INFERRED and self.confidence == TABLE


class Ladder:
    """Matches clips against one index. *roots*: root id to the names it is known under (``/mnt/show``, ``Z:\\show``)."""

    def __init__(self, store: IndexStore, roots: Mapping[str, Sequence[str]]) -> None:
        self._store = store
        named = [(target(name), root) for root, names in roots.items() for name in names]
        self._roots = sorted(named, key=lambda pair: -len(pair[0].parts))
        self._rows: dict[int, VersionRow] = {}
        self._grammar = grammar_in(store)
        self._named: list[tuple[ShotName, int]] | None = None

    def rungs(self, clip: Clip, leads: Sequence[Lead] = ()) -> Iterator[Rung]:
        """Every way that finds something for the clip, best first. *leads*: what tables beside the cut say of it."""
        targets = [one for written in clip.media.targets if (one := target(written)).parts]
        names = [one for written in _names(clip) if (one := target(written)).parts]
        found = self._ids(clip)
        yield from _rung(ConformMethod.ID, ID, found, "an id in the cut names it")
        yield from _rung(ConformMethod.ID, UNIQUE_ID, self._unique_ids(clip), "a unique material id names it")
        yield from _rung(ConformMethod.CONTENT, PLACE, self._places(targets), "its path names the file")
        yield from _rung(ConformMethod.CONTENT, PLACE, self._referred(clip), "a reference names the file")
        inferred = ConformMethod.INFERRED
        frames = [one for one in map(frame_target, targets) if one is not None]
        yield from _rung(inferred, PATH_ENDS, self._places(frames), "its path names one frame of the sequence")
        yield from _rung(inferred, PATH_ENDS, self._path_ends([*targets, *frames]), "its path ends like the file's")
        yield from _rung(inferred, REEL, self._reels(clip), "source reel and timecode lie in the recorded range")
        yield from self.through(clip, leads)
        yield from _rung(inferred, FILE_NAME, self._file_names([*targets, *names], frames), "its file name is the same")
        yield from _rung(inferred, FRAME_NAME, self._frame_names(names), "its name is one frame of the sequence")
        yield from _rung(inferred, STEM, self._stems([*targets, *names, *frames]), "its name is the file's name")
        yield from _rung(
            inferred, SHOT, self._shots([*targets, *names]), "its name says the shot and version of the file's"
        )

    def through(self, clip: Clip, leads: Sequence[Lead], *, surely: bool = False) -> Iterator[Rung]:
        """What tables lead to: each row by code, unique id, place, reel with timecode, then end of path and name of file. *surely*: the
        first four alone, as what a proxy was made from may be told by."""
        found: list[tuple[Clip, Lead, str, list[int]]] = []
        for lead in leads:
            one = as_led(clip, lead)
            how, versions = next((way for way in self._led(one, lead, surely=surely) if way[1]), ("", []))
            if versions:
                found.append((one, lead, how, versions))
        if found:
            one, lead, how, _ = found[0]
            versions = list(dict.fromkeys(version for *_, each in found for version in each))
            if any((other.source_in, other.source_rate) != (one.source_in, one.source_rate) for other, *_ in found):
                one = replace(one, source_in=None)
            rows = (
                f"row {lead.line}" if len(found) == 1 else f"rows {', '.join(str(each.line) for _, each, *_ in found)}"
            )
            why = f"table {lead.table + 1}, {rows} (joined by {lead.by}) leads to it by {how}"
            yield Rung(ConformMethod.INFERRED, TABLE, tuple(versions), why, one)

    def _led(self, clip: Clip, lead: Lead, *, surely: bool) -> Iterator[tuple[str, list[int]]]:
        """What each way finds for one row. Of the files that it names none is passed over: one that is only a name counts beside a path."""
        targets = [one for written in lead.targets if (one := target(written)).parts]
        ways = [self._file(one, surely=surely) for one in targets]
        files = self._agreed([versions for _, versions in ways if versions])
        by_path = any(how == "its path" for how, versions in ways if versions)
        yield "its edge code", self._ids(clip)
        yield "a unique material id", self._unique_ids(clip)
        yield "its path", files if by_path else []
        yield "source reel and timecode", self._any_reel(clip, lead)
        yield next((how for how, versions in ways if versions), ""), files

    def _file(self, one: Target, *, surely: bool) -> tuple[str, list[int]]:
        """What one file that a row names leads to, by the best way. *surely*: by its place alone."""
        found = self._places([one])
        if found or surely:
            return "its path", found
        frame = frame_target(one)
        frames = [frame] if frame is not None else []
        if found := self._path_ends([one, *frames]):
            return "the end of its path", found
        if found := self._file_names([one], frames):
            return "its file name", found
        return "its name", self._stems([one])

    def _agreed(self, several: Sequence[list[int]]) -> list[int]:
        """What the files of one row lead to together: what all of them may mean, else all that any of them means, without the proxies of
        others of them."""
        contents = [{self._content(one) for one in versions} for versions in several]
        common = set.intersection(*contents) if contents else set()
        every = list(dict.fromkeys(one for versions in several for one in versions))
        if common:
            return [one for one in every if self._content(one) in common]
        originals = [
            one
            for one in every
            if not self.is_proxy_of(one, [other for other in every if self._content(other) != self._content(one)])
        ]
        return originals or every

    def _content(self, version: int) -> int:
        return self.row(version).content or -version

    def _any_reel(self, clip: Clip, lead: Lead) -> list[int]:
        """Versions of any reel that the row names, at the row's timecode."""
        named = (replace(clip, media=replace(clip.media, reel_full=reel)) for reel in lead.reels)
        return list(dict.fromkeys(version for one in named for version in self._reels(one)))

    def is_under_a_root(self, clip: Clip) -> bool:
        """Whether the cut names a path under a root that we know: then the file itself is what is missing."""
        return any(
            below(one, root) is not None
            for written in clip.media.targets
            for one in [target(written)]
            for root, _ in self._roots
        )

    def called(self, clip: Clip) -> Rung | None:
        """What the clip's own file names name, whole or as one frame of a sequence, whatever else is said of it; None: nothing."""
        targets = [one for written in clip.media.targets if (one := target(written)).parts]
        names = [one for written in _names(clip) if (one := target(written)).parts]
        frames = [one for one in map(frame_target, targets) if one is not None]
        found = self._file_names([*targets, *names], frames) or self._frame_names(names)
        return next(
            _rung(ConformMethod.INFERRED, FILE_NAME, found, "the file name in the cut is that of another"), None
        )

    def is_proxy_of(self, version: int, sources: Iterable[int]) -> bool:
        """Whether a step that stands says that *version* was transcoded from any of *sources*, or from another one of their bytes, and that
        nothing was made new by it: what a model made of a plate is no proxy of it."""
        step = self.row(version).step
        made = steps(self._store, [step]).get(step) if step is not None else None
        if made is None or not (made.kind is StepKind.TRANSCODE or made.source == PIXELS):
            return False
        if made.ai not in (None, AiUse.NONE) or any(one.role in _MATERIAL for one in made.inputs):
            return False
        contents = {self._content(one) for one in sources}
        return any(self._content(one.version) in contents for one in made.inputs)

    def row(self, version: int) -> VersionRow:
        """A version, read once."""
        if version not in self._rows:
            self._rows.update(version_rows(self._store, [version], places=False))
        return self._rows[version]

    def as_read(self, version: int) -> VersionRow | None:
        """The version as its bytes were read, under its own or another version's name; None when nobody read them."""
        row = self.row(version)
        if row.content is None or row.standing == "seen":
            return row if row.content is not None else None
        found = twins(self._store, row)
        return next((one for one in found if one.standing == "seen"), None)

    def picture(self, version: int) -> VersionRow:
        """The version that another one's pixels were found equal to, where somebody compared them; else the version itself, and where
        they equal those of several that were made in different ways."""
        row = self.row(version)
        for _ in range(_HEADERS_AT_MOST):
            made = made_by(self._store, [row])[row.id]
            if len(made) != 1 or made[0].source != PIXELS or len(made[0].inputs) != 1:
                return row
            row = self.row(made[0].inputs[0].version)
        return row

    def _ids(self, clip: Clip) -> list[int]:
        found: list[int] = []
        for code in (*clip.media.codes, *(one for one in _references(clip) if isinstance(one, str))):
            if is_record_id(code.strip().lower()):
                found += [number(row[0]) for row in self._store.rows("version_id", key_of(code.strip().lower()))]
                continue
            try:
                read = read_edge_code(code)
            except InputError:
                continue
            found += [row.id for row in resolve_edge_code(self._store, read, retired=True)]
        return found

    def _unique_ids(self, clip: Clip) -> list[int]:
        rows = [
            row for written in clip.media.umids for row in self._store.rows("versions_of_unique_id", written.lower())
        ]
        return [number(row[0]) for row in rows]

    def _places(self, targets: Iterable[Target]) -> list[int]:
        """Versions at the very place that the first target under a known root names."""
        for one in targets:
            for root, name in self._roots:
                rest = below(one, root)
                if rest is None:
                    continue
                found: list[int] = []
                for each in rest.readings:
                    rows = [row for row in self._backwards(each.backwards, whole=True) if row[1] == name]
                    exact = [row for row in rows if row[2] == _escaped(each)]
                    found += [number(row[0]) for row in exact or rows]
                if found:
                    return found
        return []

    def _referred(self, clip: Clip) -> list[int]:
        """Versions at the places that the cut refers to as the door has it."""
        places = [one for one in _references(clip) if isinstance(one, Place)]
        return [number(row[0]) for one in places for row in self._store.rows("version_at", one.root, one.path)]

    def _path_ends(self, targets: Iterable[Target]) -> list[int]:
        """Versions whose place shares the most last parts with a target, at least two."""
        for one in targets:
            for count in range(len(one.parts), 1, -1):
                ends = ("".join(f"{part}/" for part in reversed(each.parts[-count:])) for each in one.readings)
                rows = [row for end in ends for row in self._backwards(end)]
                if rows:
                    return [number(row[0]) for row in rows]
        return []

    def _file_names(self, targets: Iterable[Target], frames: Iterable[Target]) -> list[int]:
        for one in (*targets, *frames):
            rows = [row for each in one.readings for row in self._backwards(f"{each.parts[-1]}/")]
            if rows:
                return [number(row[0]) for row in rows]
        return []

    def _frame_names(self, names: Iterable[Target]) -> list[int]:
        """Sequences that are called like the first such name without its number, and reach over its number."""
        for one in names:
            sequence, frame = frame_target(one), frame_in(one.exact[-1])
            if sequence is None or frame is None:
                continue
            found = [number(row[0]) for row in self._backwards(f"{sequence.parts[-1]}/")]
            holding = [version for version in found if _reaches(self.row(version), frame)]
            if holding:
                return holding
        return []

    def _stems(self, targets: Iterable[Target]) -> list[int]:
        for one in targets:
            # What is only found for one reading of a name must not settle which of its readings is meant.
            for stems in ([each.parts[-1] for each in one.readings], [each.stem for each in one.readings]):
                rows = [row for stem in stems if stem for row in self._store.rows("places_of_stem", stem)]
                if rows:
                    return [number(row[0]) for row in rows]
        return []

    def _shots(self, targets: Iterable[Target]) -> list[int]:
        """Versions whose names say the same sequence, shot, task and version, as far as the first name that says a version says them."""
        if not self._grammar:
            return []
        said = next((one for each in targets if (one := shot_in(each.stem, self._grammar)) and one.version), None)
        if said is None:
            return []
        if self._named is None:
            rows = [(number(row[0]), text(row[3])) for row in self._store.rows("places_backwards", "", _PAST_ALL)]
            stems = ((version, stem_of(backwards.partition("/")[0])) for version, backwards in rows)
            self._named = [(one, version) for version, stem in stems if (one := shot_in(stem, self._grammar))]
        return [version for one, version in self._named if said.fits(one)]

    def _reels(self, clip: Clip) -> list[int]:
        """Versions of the clip's source reel whose recorded timecode range holds the clip's, at one rate."""
        reel = clip.media.reel_full or ("" if clip.media.reel_is_truncated else clip.media.reel)
        if not reel or clip.source_in is None or clip.source_scale is None:
            return []
        rows = self._store.rows("versions_of_reel", folded(reel)) or self._store.rows("places_of_stem", folded(reel))
        versions = [number(row[0]) for row in rows]
        return [version for version in versions if _holds(self.row(version), clip, clip.source_rate)]

    def _backwards(self, start: str, *, whole: bool = False) -> list[Row]:
        # "0" follows "/" in the order of characters, so this is every path that begins with these parts.
        end = f"{start}\x01" if whole else f"{start[:-1]}0"
        return self._store.rows("places_backwards", start, end)


def as_led(clip: Clip, lead: Lead) -> Clip:
    """The clip as a row of a table says: its source, and where that begins on the row's clock."""
    media = Media(
        kind="file", targets=lead.targets, reel_full=next(iter(lead.reels), ""), umids=lead.umids, codes=lead.codes
    )
    at = None if lead.at is None else fraction_of(lead.at)
    if not lead.rate:
        return replace(clip, media=media, source_in=at)
    rate = Rate.of(lead.rate)
    scale = clip.source_scale
    if scale is not None and clip.source_rate is not None:
        scale *= Fraction(rate.nominal, clip.source_rate.nominal)
    return replace(clip, media=media, source_in=at, source_rate=rate, source_scale=scale)


def _references(clip: Clip) -> list[RecordId | Place]:
    """What the cut's targets mean that are references of the door (`terms.references`)."""
    found: list[RecordId | Place] = []
    for written in clip.media.targets:
        with suppress(InputError):
            meant = read_reference(written)
            found += [] if meant is None else [meant]
    return found


def _rung(method: ConformMethod, confidence: int, versions: list[int], why: str) -> Iterator[Rung]:
    if versions:
        yield Rung(method, confidence, tuple(dict.fromkeys(versions)), why)


def _names(clip: Clip) -> list[str]:
    """Names that may be file names: those the cut calls so, then the clip's own.

    A freeze may be called after its file with FF behind (Premiere's lists, OTIO's CMX adapter): such a name counts without as well.
    """
    names = [name for name in (*clip.media.names, clip.name) if name.strip()]
    if clip.source_scale == 0:
        names += [name.strip()[:-3].rstrip() for name in names if name.strip()[-3:].upper() == " FF"]
    return names


def _reaches(version: VersionRow, frame: int) -> bool:
    return version.first is not None and version.end is not None and version.first <= frame < version.end


def _holds(version: VersionRow, clip: Clip, rate: Rate | None) -> bool:
    own = version.media.rate if version.media is not None else ""
    start = timecode_start(version, rate)
    if start is None or version.count is None or not own or rate is None or Rate.of(own) != rate:
        return False
    if clip.source_in is None or clip.source_scale is None or version.first is None or version.end is None:
        return False
    low, high = shown(clip.source_in, clip.source_scale, clip.frames)
    return start <= low and high <= start + version.end - version.first


def _escaped(rest: Target) -> str:
    path = "/".join(rest.exact)
    if not rest.numbered:
        return escaped(path)
    before, _, after = path.rpartition("*")
    return f"{escaped(before)}*{escaped(after)}"
