"""Judging the answer of a pack about a cut by what is in the pack: its figures by its ranges, its ranges by the opened cut, and what it
says of what is shown by its tables (`pack_facts` judges those by the events that they cite).

Beside the trusted path: no input or output. The rules by which a frame gets its letter are judged only as far as they follow inside the
pack: `docs/reference/pack.md` says how far.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from edgecode.events.codec import Json, Leaf
from edgecode.ledger.pack_facts import Facts, cited, facts_of, wrong
from edgecode.ledger.pack_forms import AI, CLASSES, GRADES, METHODS, misfit
from edgecode.ledger.verify import Finding

BREAKDOWNS = {
    "by_origin": ("origin", "CPHGMAU"),
    "ai": ("ai", AI),
    "by_grade": ("grade", GRADES),
    "by_conform": ("conform", METHODS),
    "by_visibility": ("visibility", ("certain", "possible")),
}
"""Figures of coverage/1: the field of a range that each adds up, and the words that it counts."""
UNREAD = "row that could not be read"
CUT_NAME = "name of the cut"
NOT_JUDGED = "not judged by this release"

_Row = Mapping[str, Any]


class PackedEvent(NamedTuple):
    """An event of the pack: its leaf, and the values of the sections that are opened."""

    leaf: Leaf
    sections: Mapping[str, Json]


def judge_point(answer: Json, origin: str, size: int, root: str) -> Iterator[Finding]:
    """An answer that names the state of the log that it was given from names that of the pack."""
    said = answer.get("ledger") if isinstance(answer, dict) else None
    if misfit(said, "#point") or said != {"origin": origin, "size": size, "root": root}:
        yield wrong("it was given from another state of the log than pack.json says")


def judge_cut(answer: Json, about: str, events: Mapping[int, PackedEvent]) -> Iterator[Finding]:
    """The answer about the cut *about*: its form, what its rows cite, its figures, its ranges."""
    unfit = misfit(answer, "#answer")
    if unfit is not None or not isinstance(answer, dict):
        yield wrong(f"it is not in the form of its schema, at {unfit}")
        return
    said: Mapping[str, Any] = answer
    facts, found = facts_of(events)
    yield from found
    if found:
        return
    yield from cited(said, about, facts)
    there: dict[str, int] = {}
    for event in events.values():
        there |= {name: there.get(name, 0) + 1 for name in event.sections}
    opened = [(row["section"], row["events"]) for row in said["opened"] if row["section"] != CUT_NAME]
    if {name: count for name, count in opened if count} != there or len(opened) != len(dict(opened)):
        yield wrong("the sections that it says are opened are not those of its events")
    coverage = said["coverage"]
    if coverage["ledger"] != said["ledger"]:
        yield wrong("its coverage was given from another state of the log")
    read = [fact.fact for fact in facts.values() if fact.kind == "cut.added" and fact.fact["cut"] == about]
    cut = Cut(read[0]) if len(read) == 1 and _RATE.fullmatch(read[0]["rate"]) else None
    if cut is None:
        yield wrong("the cut that it is about is not in the pack once, with a rate")
        return
    for what, differs in _against_the_cut(said, cut):
        if differs:
            yield wrong(what)
    judge = _Ranges(said, cut, facts)
    for medium, place, figures in (("picture", "ranges", coverage), ("sound", "sound", coverage["audio"])):
        yield from _judge_sums(figures, said[place], medium, cut)
        yield from judge.judged(said[place], medium)
        yield from _judge_gaps(figures["gaps"], said[place], medium, cut)
    yield from _judge_reels(coverage["reels"], said["ranges"], cut)


def _against_the_cut(said: _Row, cut: "Cut") -> Iterator[tuple[str, bool]]:
    coverage, six = said["coverage"], said["six"]
    named = {"section": CUT_NAME, "events": 1} in said["opened"]
    yield "it calls the cut by a name that it does not say it opened", (coverage["cut"] != cut.id) != named
    yield "its rate or start is not that of the cut", (coverage["rate"], coverage["start"]) != (cut.rate, cut.start)
    yield "rows that could not be read are not those of the cut", coverage.get("rows_missing", 0) != cut.rows_missing
    generated = coverage["by_origin"].get("G", 0) + sum(n for name, n in coverage["mixed"].items() if "G" in name)
    wanted = {name: coverage[name] for name in ("frames", "unaccounted", "waived", "by_grade")}
    wanted |= {"generated": generated, "persons": NOT_JUDGED, "findings": NOT_JUDGED}
    yield "its six numbers are not those of its coverage", six != wanted


# ------------------------------------------------------------------------------------------ the cut

_RATE = re.compile(r"[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")


class _Clip(NamedTuple):
    """A clip of the cut: the whole frames *first* up to *end* that it touches, whether it is switched on."""

    number: int
    id: str
    first: int
    end: int
    medium: str
    on: bool
    track: str
    black: bool
    generated: bool


class Cut:
    """What the opened fact of ``cut.added`` says, as far as an answer is judged by it."""

    def __init__(self, fact: _Row) -> None:
        self.id, self.frames, self.start, self.rate = fact["cut"], fact["frames"], fact["start"], fact["rate"]
        self.drop, self.effects_visible = fact.get("drop_frame", False), fact.get("effects_visible", True)
        self.rows_missing = sum(one.get("effect") == "row-missing" for one in fact.get("diagnostics", []))
        self.clips = [self._clip(number, one, fact["tracks"]) for number, one in enumerate(fact["clips"], 1)]
        self.transitions = any(one.get("seen") == "generative" for one in fact.get("transitions", []))
        sounds = any(track["kind"] == "sound" for track in fact["tracks"])
        self.has_sound = sounds or any(clip.medium == "sound" for clip in self.clips)

    def _clip(self, number: int, said: _Row, tracks: Sequence[_Row]) -> _Clip:
        place = said["path"][0] if said["path"] else len(tracks)
        track = tracks[place] if place < len(tracks) else {"kind": "picture"}
        kind = track["kind"]
        same = sum(one["kind"] == kind for one in tracks[: place + 1]) if place < len(tracks) else 1
        name = f"{ {'picture': 'V', 'sound': 'A', 'other': 'D'}[kind] }{same}"
        record_in, record_out = (_over_under(one) for one in said["record"])
        is_long = record_in[0] * record_out[1] < record_out[0] * record_in[1]
        first, end = max(0, record_in[0] // record_in[1]), min(self.frames, -(-record_out[0] // record_out[1]))
        on = bool(said.get("enabled", True) and track.get("enabled", True)) and is_long and first < end
        medium = "sound" if "sound" in (said["kind"], kind) else "picture"
        generated = any(one.get("seen") == "generative" for one in said.get("effects", []))
        return _Clip(number, said["id"], first, end, medium, on, name, said["kind"] == "black", generated)

    def label(self, frame: int) -> str:
        """The timecode of a frame; labels begin again at midnight (SMPTE ST 12-1; drop-frame skips labels, never frames)."""
        over, under = map(int, self.rate.split("/"))
        nominal = -(-over // under)
        skipped = nominal // 15 if self.drop else 0
        count = (self.start + frame) % (86_400 * nominal - 1296 * skipped)
        if self.drop:
            tens, rest = divmod(count, nominal * 600 - 9 * skipped)
            count += skipped * 9 * tens
            if rest > skipped:
                count += skipped * ((rest - skipped) // (nominal * 60 - skipped))
        seconds, frames = divmod(count, nominal)
        parts = (seconds // 3600, seconds // 60 % 60, seconds % 60)
        return f"{':'.join(f'{part:02d}' for part in parts)}{';' if self.drop else ':'}{frames:02d}"

    def live(self, ranges: Sequence[_Row], medium: str) -> Iterator[list[_Clip] | None]:
        """For each range the clips that are on all through it; None where one begins or ends inside it."""
        waiting = sorted(
            (clip for clip in self.clips if clip.on and clip.medium == medium), key=lambda clip: -clip.first
        )
        now: list[_Clip] = []
        for one in ranges:
            now = [clip for clip in now if clip.end > one["in"]]
            while waiting and waiting[-1].first < one["out"]:
                now.append(waiting.pop())
            whole = all(clip.first <= one["in"] and one["out"] <= clip.end for clip in now)
            yield sorted(now) if whole else None


def _over_under(value: int | str) -> tuple[int, int]:
    over, _, under = str(value).partition("/")
    return int(over), int(under or 1)


# ------------------------------------------------------------------------------------------ figures


def _judge_sums(figures: _Row, ranges: Sequence[_Row], medium: str, cut: Cut) -> Iterator[Finding]:
    """The ranges cover every frame of the medium once, and every figure is their sum."""
    at = 0
    for one in ranges:
        if one["in"] != at or one["out"] <= at:
            yield wrong(f"its ranges of the {medium} do not follow one another at frame {at}")
        at = one["out"]
    if at != (cut.frames if medium == "picture" or cut.has_sound else 0):
        yield wrong(f"its ranges of the {medium} do not cover the cut")
    yield from _differing(figures, _summed(ranges, 0, at), f"the {medium}")


def _judge_reels(reels: Sequence[_Row], ranges: Sequence[_Row], cut: Cut) -> Iterator[Finding]:
    at = 0
    for number, reel in enumerate(reels, 1):
        if (reel["in"], reel["reel"]) != (at, str(number)) or reel["out"] <= at:
            yield wrong(f"its reels do not follow one another at frame {at}")
        at = reel["out"]
        yield from _differing(reel, _summed(ranges, reel["in"], at), f"reel {number}")
    if at != cut.frames:
        yield wrong("its reels do not cover the cut")


def _summed(ranges: Iterable[_Row], first: int, end: int) -> dict[str, Any]:
    sums: dict[str, Any] = {name: dict.fromkeys(words, 0) for name, (_, words) in BREAKDOWNS.items()}
    sums |= {"mixed": {}, "frames": 0, "effects_not_visible": 0}
    for one in ranges:
        frames = min(one["out"], end) - max(one["in"], first)
        if frames > 0:
            for name, (of, _) in BREAKDOWNS.items():
                sums[name][one[of]] += frames
            if one["origin"] == "M":
                sums["mixed"][one["classes"]] = sums["mixed"].get(one["classes"], 0) + frames
            sums["frames"] += frames
            sums["effects_not_visible"] += frames * one["effects_hidden"]
    open_ = sums["by_origin"]["U"]
    return {**sums, "accounted": sums["frames"] - open_, "unaccounted": open_, "waived": 0}


def _differing(figures: _Row, sums: _Row, what: str) -> Iterator[Finding]:
    for name, value in sums.items():
        if figures[name] != value:
            yield wrong(f"{name} of {what} is not what its ranges say")


def _judge_gaps(gaps: Sequence[_Row], ranges: Sequence[_Row], medium: str, cut: Cut) -> Iterator[Finding]:
    """Every gap is one clip's, in its words, and together they are exactly the unaccounted stretches of every clip."""
    stretches: dict[str, list[tuple[int, int]]] = {}
    for gap in gaps:
        stretches.setdefault(gap["clip"], []).append((gap["in"], gap["out"]))
        number = int(gap["clip"][5:]) if _CLIP.fullmatch(gap["clip"]) else 0
        track = cut.clips[number - 1].track if 0 < number <= len(cut.clips) else "" if gap["clip"] == UNREAD else None
        labels = (cut.label(gap["in"]), cut.label(gap["out"]))
        said = (gap["in_tc"], gap["out_tc"], gap["frames"], gap["track"])
        if gap["out"] <= gap["in"] or said != (*labels, gap["out"] - gap["in"], track):
            yield wrong(f"a gap of the {medium} at frame {gap['in']} is not in the words of the cut")
        if any(
            gap["reason"] not in one["reasons"] for one in ranges if gap["in"] < one["out"] and one["in"] < gap["out"]
        ):
            yield wrong(f"a gap of the {medium} at frame {gap['in']} has another reason than its ranges")
    wanted: dict[str, list[tuple[int, int]]] = {}
    for one in ranges:
        names = [f"clip {part['clip']}" for part in one["shown"] if part["origin"] == "U"]
        for name in names or ([UNREAD] if one["origin"] == "U" and not one["shown"] else []):
            wanted.setdefault(name, []).append((one["in"], one["out"]))
    if {name: _union(spans) for name, spans in stretches.items()} != {
        name: _union(spans) for name, spans in wanted.items()
    }:
        yield wrong(f"the gaps of the {medium} are not its unaccounted frames")


_CLIP = re.compile(r"clip [1-9][0-9]{0,8}")


def _union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch as one; two that overlap stay apart, so that nothing is counted twice."""
    found: list[tuple[int, int]] = []
    for first, end in sorted(spans):
        if found and found[-1][1] == first:
            found[-1] = found[-1][0], end
        else:
            found.append((first, end))
    return found


# ------------------------------------------------------------------------------------------ ranges


class _Ranges:
    """Judges what ranges say by the cut and by the tables of the answer."""

    def __init__(self, said: _Row, cut: Cut, facts: Facts) -> None:
        self.cut, self.facts = cut, facts
        self.versions = {row["id"]: row for row in said["versions"]}
        self.tables = {name: {row["id"]: row for row in said[name]} for name in ("answers", "decisions")}
        self.plain = facts.clips_with_plain_effects()
        self.spoken, self.decided = facts.latest_words(), facts.latest_decisions()

    def judged(self, ranges: Sequence[_Row], medium: str) -> Iterator[Finding]:
        for one, live in zip(ranges, self.cut.live(ranges, medium), strict=True):
            fault = self._clips(one, live) or self._letters(one) or self._weakest(one)
            for part in one["shown"]:
                fault = fault or self._shown(part)
            if fault:
                yield wrong(f"{fault}, at frame {one['in']} of the {medium}")

    def _clips(self, one: _Row, live: list[_Clip] | None) -> str | None:
        if (one["in_tc"], one["out_tc"]) != (self.cut.label(one["in"]), self.cut.label(one["out"])):
            return "its timecodes are not those of its frames"
        shown = [(part["clip"], part["id"], part["track"]) for part in one["shown"]]
        if live is None or shown != [(clip.number, clip.id, clip.track) for clip in live]:
            return "it does not show the clips that the cut has there"
        hiding = [clip for clip in live if not clip.black]
        open_ = not self.cut.effects_visible and any(clip.id not in self.plain for clip in hiding)
        if one["effects_hidden"] != open_:
            return "hidden effects are not those that the cut leaves open"
        return None

    def _letters(self, one: _Row) -> str | None:
        """The range is the union of what it shows, and nothing in it that nobody's record or word says."""
        classes, shown, origin = one["classes"], one["shown"], one["origin"]
        open_ = any(part["origin"] == "U" for part in shown) or (not shown and self.cut.rows_missing > 0)
        if (origin == "U") != open_ or bool(one["reasons"]) != open_:
            return "it is unaccounted where what it shows is not, or the other way round"
        if (origin == "M") != (len(classes) > 1) and not open_:
            return "its letter is not that of its classes"
        known = {part["origin"] for part in shown} - {"M", "U"} if shown else {"H"}
        least = {letter for part in shown if "version" in part for letter in self.facts.least(part["version"])}
        most = {"G"} if self.cut.transitions else set()
        most |= {letter for part in shown for letter in self._most(part)} if shown else {"H"}
        if not open_ and (
            not known | least <= set(classes) or not classes or (len(classes) == 1 and origin != classes)
        ):
            return "it leaves out a class of what it shows"
        if not open_ and not set(classes) <= most:
            return "it has a class that nothing in the pack says of what it shows"
        if ("G" in classes and one["ai"] != "generative") or (
            (open_ or one["effects_hidden"]) and AI.index(one["ai"]) < AI.index("unknown")
        ):
            return "its AI use is less than what it shows"
        return None

    def _most(self, part: _Row) -> set[str]:
        """Every class that something in the pack says of a shown clip."""
        clip = self.cut.clips[part["clip"] - 1]
        found = {"G"} if clip.generated else set()
        found |= self.facts.most(part["version"]) if "version" in part else {"H"} if "answer" not in part else set()
        return found | (self.facts.word_of(part["answer"]) if "answer" in part else set())

    def _weakest(self, one: _Row) -> str | None:
        """Grade, way of matching and visibility are the weakest of what it shows."""
        shown = one["shown"]
        if one["visibility"] != ("possible" if any(part["visibility"] == "possible" for part in shown) else "certain"):
            return "its visibility is not that of what it shows"
        if one["origin"] == "U":
            return None if (one["grade"], one["conform"]) == ("none", "none") else "an unaccounted range has a grade"
        if one["conform"] != min((part["conform"] for part in shown), key=METHODS.index, default="content"):
            return "it was matched less surely than it says"
        grades = [part["grade"] for part in shown] or ["logged"]
        grades += ["logged"] if self.cut.transitions and one["grade"] == "logged" else []
        grades += [] if self.cut.effects_visible else ["declared"]
        return (
            None if one["grade"] == min(grades, key=GRADES.index) else "its grade is not the weakest of what it shows"
        )

    def _shown(self, part: _Row) -> str | None:
        """What one clip shows, by the tables and their events."""
        version = self.versions.get(part["version"]) if "version" in part else None
        if ("version" in part) != (version is not None):
            return "it shows a version that its table does not hold"
        decision, answer = part.get("decision"), part.get("answer")
        if decision is not None and self.decided.get(part["id"]) != (decision, part.get("version")):
            return "it rests on a decision that does not say so, or not any more"
        if decision is not None and (decision not in self.tables["decisions"] or part["conform"] != "declared"):
            return "it rests on a decision that is not listed"
        if answer is not None and (answer not in self.tables["answers"] or self.spoken.get(part["id"]) != answer):
            return "it rests on an answer that does not say so, or not any more"
        if part["origin"] == "U":
            return None if part["grade"] == "none" else "an unaccounted clip has a grade"
        if part["conform"] in ("none", "inferred", "declared") and part["grade"] != "declared":
            return "its grade is higher than its match"
        if part["conform"] == "none" or (part["conform"] == "declared" and decision is None and answer is None):
            return "it was matched by nobody"
        return self._of_version(part, version) if version is not None else None

    def _of_version(self, part: _Row, version: _Row) -> str | None:
        source, frames = part.get("source"), version.get("frames")
        if source and frames and not frames[0] - 1 <= source[0] < source[1] <= frames[1] + 1:
            return "it shows frames that the version does not have"
        generated = self.cut.clips[part["clip"] - 1].generated
        if version["origin"] in tuple(CLASSES) and part["origin"] not in (
            version["origin"],
            *("MG" if generated else ""),
        ):
            return "it has another letter than the version that it shows"
        if version["known"] != "read" and self.facts.was_read(version):
            return "it shows a version that was read and is not called so"
        if GRADES.index(part["grade"]) > GRADES.index(self.facts.best_grade(version)):
            return "its grade is higher than that of any step that made it"
        return None
