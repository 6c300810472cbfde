"""The fewest questions that settle the most frames: open subjects grouped so that one sentence can answer for each group."""

import re
from collections.abc import Iterable, Iterator, Sequence
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.accounts import Medium
from edgecode.answers.cuts.gap_words import frames_in, frames_text
from edgecode.answers.cuts.subjects import CAMERA_REEL, Cell, Rule, Subject, is_camera_reel
from edgecode.terms.evidence import Reason
from edgecode.terms.steps import StepKind

_LETTERS = re.compile(r"[A-Za-z]{2,}")
_GLOB = re.compile(r"[*?\[]")


class Question(Struct, frozen=True):
    """One question in the order of asking.

    *frames*, *sound_frames*: what becomes accounted when this one is answered after those before it; every question about the
    picture comes before those about sound alone (*medium*). *suggested*: the kind of step that the group looks like; None: it looks
    like nothing in particular. *command*: how to answer; "" where no answer but a file or a vendor's return settles it. *advice*: what
    else settles it, as an imperative. *subjects* are indices into the subjects it was made from.
    """

    number: int
    text: str
    reason: Reason
    rule: Rule
    frames: int
    sound_frames: int
    clips: int
    versions: int
    examples: tuple[str, ...]
    suggested: StepKind | None
    command: str
    subjects: tuple[int, ...]
    medium: Medium = "picture"
    advice: str = ""


class QuestionsAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.questions/1"):
    """The questions of a cut as ``--json`` prints them."""

    cut: str
    questions: tuple[Question, ...]


class _Group(Struct, frozen=True):
    rule: Rule
    members: frozenset[int]


def questions(
    subjects: Sequence[Subject],
    cells: Sequence[Cell],
    *,
    cut: str,
    clips_of: Sequence[int] | None = None,
    limit: int = 20,
) -> list[Question]:
    """At most *limit* questions, each settling the most frames that are still open (greedy weighted set cover).

    *clips_of*: how many clips each subject stands behind. A group has one reason and one look, so that one sentence can be true
    of all of it.
    """
    groups = _groups(subjects)
    by_subject: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        for subject in cell.subjects:
            by_subject.setdefault(subject, []).append(number)
    open_ = [set(cell.subjects) for cell in cells]
    asked: list[Question] = []
    settled: set[int] = set()
    while groups and len(asked) < limit:
        best = max(groups, key=lambda group: _worth(group, subjects, cells, open_, by_subject))
        worth = _worth(best, subjects, cells, open_, by_subject)
        if not worth[1] and not worth[3]:
            break
        closed = _settle(best, cells, open_, by_subject)
        command = _command(cut, len(asked) + 1, best, subjects, settled)
        settled |= best.members
        advice = instead_of_answer(cut, [subjects[member] for member in sorted(best.members)])
        asked.append(_question(len(asked) + 1, best, subjects, closed, command, clips_of=clips_of, advice=advice))
        groups = [rest for group in groups if (rest := _without(group, best.members)) is not None]
    return asked


def _worth(
    group: _Group,
    subjects: Sequence[Subject],
    cells: Sequence[Cell],
    open_: Sequence[set[int]],
    by_subject: dict[int, list[int]],
) -> tuple[int, int, int, int, int, int, tuple[str, ...]]:
    """Frames of picture that the group closes and bears on, then of sound; then fewer words, and the closer description.

    Sound never outranks picture: a whole mix is as long as the film and would fill the list.
    """
    hits: dict[int, int] = {}
    for subject in group.members:
        for cell in by_subject.get(subject, ()):
            if subject in open_[cell]:
                hits[cell] = hits.get(cell, 0) + 1
    frames = {"picture": [0, 0], "sound": [0, 0]}
    for cell, count in hits.items():
        of = frames[cells[cell].medium]
        of[0] += cells[cell].frames if count == len(open_[cell]) else 0
        of[1] += cells[cell].frames
    rule = group.rule
    return (*frames["picture"], *frames["sound"], -len(rule.words()), _closeness(rule), rule.parts())  # type: ignore[return-value]


def _closeness(rule: Rule) -> int:
    """Folders say most, then reels, headers, turnovers; patterns of names say least. Deeper and longer is closer."""
    for weight, text in zip((5000, 4000, 3000, 2000, 1000), rule.parts(), strict=True):
        if text:
            return weight + min(len(_GLOB.sub("", text)), 999)
    return 0


def _settle(
    group: _Group, cells: Sequence[Cell], open_: list[set[int]], by_subject: dict[int, list[int]]
) -> tuple[int, int]:
    frames = {"picture": 0, "sound": 0}
    for subject in group.members:
        for number in by_subject.get(subject, ()):
            if subject in open_[number]:
                open_[number].discard(subject)
                if not open_[number]:
                    frames[cells[number].medium] += cells[number].frames
    return frames["picture"], frames["sound"]


def _without(group: _Group, answered: frozenset[int]) -> _Group | None:
    rest = group.members - answered
    return _Group(group.rule, rest) if rest else None


def _groups(subjects: Sequence[Subject]) -> list[_Group]:
    """Every group that one sentence can answer for: one reason, one look, one kind of subject; single subjects always."""
    members: dict[Rule, set[int]] = {}
    for number, subject in enumerate(subjects):
        for rule in _rules(subject):
            members.setdefault(rule, set()).add(number)
    found: dict[frozenset[int], Rule] = {}
    for rule, numbers in members.items():
        for part in _parts(numbers, subjects):
            for narrowed, kept in _narrowed(rule, part, subjects):
                known = found.get(kept)
                if known is None or _preferred(narrowed, known):
                    found[kept] = narrowed
    singles = {frozenset({n}): Rule(clip=_escaped(subject.name)) for n, subject in enumerate(subjects)}
    return [_Group(rule, kept) for kept, rule in sorted({**singles, **found}.items(), key=lambda item: sorted(item[0]))]


def _preferred(rule: Rule, known: Rule) -> bool:
    return (-len(rule.words()), _closeness(rule), rule.parts()) > (
        -len(known.words()),
        _closeness(known),
        known.parts(),
    )


def _narrowed(rule: Rule, numbers: set[int], subjects: Sequence[Subject]) -> Iterator[tuple[Rule, frozenset[int]]]:
    """The group itself where it is of one look, else its parts by header and by kind of file."""
    if _alike(numbers, subjects):
        yield rule, frozenset(numbers)
        return
    suffixes = sorted({suffix for number in numbers if (suffix := _suffix(subjects[number].name))})
    narrower: list[Rule] = []
    if rule.under:
        headers = sorted({subjects[number].header for number in numbers} - {""})
        narrower = [replace(rule, header=header) for header in headers]
        narrower += [replace(rule, clip=f"*{suffix}") for suffix in suffixes]
    elif rule.clip.endswith("*"):
        narrower = [replace(rule, clip=f"{rule.clip}{suffix}") for suffix in suffixes]
    for narrowed in narrower:
        kept = frozenset(number for number in numbers if narrowed.fits(subjects[number]))
        if kept and _alike(kept, subjects):
            yield narrowed, kept


def _parts(numbers: Iterable[int], subjects: Sequence[Subject]) -> list[set[int]]:
    """A group by what is asked: what an answer settles apart from what only a file or a vendor settles, one reason each."""
    parts: dict[tuple[str, Reason, str, bool], set[int]] = {}
    for number in sorted(numbers):
        subject = subjects[number]
        parts.setdefault((subject.kind, subject.reason, subject.medium, subject.answerable), set()).add(number)
    return list(parts.values())


def _alike(numbers: Iterable[int], subjects: Sequence[Subject]) -> bool:
    return len({subjects[number].look for number in numbers}) == 1


def _rules(subject: Subject) -> Iterator[Rule]:
    """Everything that a subject may share with others, as a rule of one part."""
    yield from (Rule(under=folder) for folder in _folders(subject))
    yield from (Rule(reel=reel) for reel in _reels(subject.reel))
    if subject.header:
        yield Rule(header=subject.header)
    if subject.turnover:
        yield Rule(turnover=subject.turnover)
    yield Rule(clip=_escaped(subject.name))
    if subject.kind == "clip" or not subject.paths:
        yield from (Rule(clip=pattern) for pattern in _patterns(subject.name))


def _folders(subject: Subject) -> Iterator[str]:
    """Folders around it, nearest first. A whole media root is a group only for files of one camera or program."""
    if not subject.paths:
        return
    path, relative = subject.paths[0], subject.paths[-1]
    root = len(path) - len(relative) if len(subject.paths) > 1 and path.endswith(f"/{relative}") else 0
    named = subject.header or subject.look.startswith("camera")
    folder = path.rpartition("/")[0]
    while folder and not folder.endswith(":") and (len(folder) >= root or named) and len(folder) + 1 >= root:
        yield folder
        folder = folder.rpartition("/")[0]


def _reels(reel: str) -> Iterator[str]:
    """A reel, its roll, its camera, all cameras of its style; else its leading letters."""
    if not reel:
        return
    yield _escaped(reel)
    match = CAMERA_REEL.match(reel.upper())
    if match is not None:
        roll, tail = (match[1], f"{match[2]}C[0-9]") if match[1] else (match[3], "_[0-9][0-9][0-9][0-9]")
        letters = roll.rstrip("0123456789")
        yield f"{roll}{tail.partition('[')[0]}"
        yield f"{letters}[0-9][0-9][0-9]{tail}"
        yield f"{'[A-Z]' * len(letters)}[0-9][0-9][0-9]{tail}"
    elif letters_ := _LETTERS.match(reel):
        yield letters_[0].upper()


def _patterns(name: str) -> Iterator[str]:
    """Patterns of a name from its beginning, one part more each time. An extension alone says nothing of how a thing was made."""
    stem = name.upper()
    for match in re.finditer(r"(?<=[A-Z])(?=\d)|(?<=[A-Z0-9])(?=[_\-. ])", stem):
        if match.start() >= 2:
            yield f"{_escaped(stem[: match.start()])}*"


def _suffix(name: str) -> str:
    match = re.search(r"\.[A-Za-z][A-Za-z0-9]{1,4}$", name)
    return match[0].lower() if match else ""


def _escaped(text: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", text)


def _question(
    number: int,
    group: _Group,
    subjects: Sequence[Subject],
    closed: tuple[int, int],
    command: str,
    *,
    clips_of: Sequence[int] | None,
    advice: str,
) -> Question:
    members = sorted(group.members)
    first = subjects[members[0]]
    suggested = suggestion([subjects[member] for member in members])
    return Question(
        number=number,
        text=sentence([subjects[member] for member in members], group.rule, name=_told_apart(first, subjects)),
        reason=first.reason,
        rule=group.rule,
        frames=closed[0],
        sound_frames=closed[1],
        clips=sum(clips_of[member] for member in members) if clips_of is not None else len(members),
        versions=sum(1 for member in members if subjects[member].kind != "clip"),
        examples=tuple(dict.fromkeys(_example(subjects[member]) for member in members))[:3],
        suggested=suggested,
        command=command,
        subjects=tuple(members),
        medium=first.medium,
        advice=advice,
    )


def _told_apart(subject: Subject, subjects: Sequence[Subject]) -> str:
    """A subject's name, with its folder where another open one has the same name."""
    folder = subject.paths[-1].rpartition("/")[0].rpartition("/")[2] if subject.paths else ""
    alike = any(other.name == subject.name and other.key != subject.key for other in subjects)
    return f"{folder}/{subject.name}" if alike and folder else subject.name


def instead_of_answer(cut: str, group: Sequence[Subject]) -> str:
    """What to do about a group instead of answering for it, or where no answer counts."""
    one, many = group[0], len(group) > 1
    them = "them" if many else "it"
    match one.kind:
        case "return":
            turnovers = ", ".join(sorted({each.turnover for each in group} - {""}))
            return f"ask the vendor for the rest of {f'turnover {turnovers}' if turnovers else 'the return'}, then record it"
        case "range":
            return f"scan the folder that holds the missing frames of {them}: edgecode scan FOLDER"
        case "record":
            return "see which records contradict each other: edgecode log problems"
        case "row":
            return f"export the cut again and add it: edgecode cut add FILE --name {quote(cut)}"
        case _:
            pass
    match one.reason:
        case Reason.AMBIGUOUS:
            return f"say which version it is: edgecode conform {quote(cut)} --open"
        case Reason.OFFLINE_MEDIA | Reason.NO_MATCH | Reason.DANGLING_PARENT:
            return f"scan the folder that holds {them}: edgecode scan FOLDER"
        case _:
            return ""


def _example(subject: Subject) -> str:
    apart = subject.kind == "clip" and subject.reel and subject.reel not in subject.name
    return f"{subject.name} ({subject.reel})" if apart else subject.name


def _command(cut: str, number: int, group: _Group, subjects: Sequence[Subject], settled: set[int]) -> str:
    """How to answer. The rule where it picks out this very group: a number means another group once an answer was given."""
    members = sorted(group.members)
    if not subjects[members[0]].answerable:
        return ""
    picked = {n for n, subject in enumerate(subjects) if subject.answerable and group.rule.fits(subject)} - settled
    how = group.rule.options() if picked == group.members else f"--question {number}"
    suggested = suggestion([subjects[member] for member in members])
    return f"edgecode answer {quote(cut)} {how} --as {suggested.value if suggested else 'KIND'}"


def suggestion(group: Sequence[Subject]) -> StepKind | None:
    """What a group looks like, from what cameras write into names and headers; a guess for a person to confirm."""
    shot = all(is_camera_reel(subject.reel) or subject.look.startswith("camera") for subject in group)
    if shot and not any(subject.is_doubtful for subject in group):
        return StepKind.CAMERA if group[0].medium == "picture" else StepKind.SOUND_RECORDING
    return None


def sentence(group: Sequence[Subject], rule: Rule, *, name: str = "") -> str:
    """The question as one sentence about the whole group; *name*: what a single subject is called, when not by its plain name."""
    one = group[0]
    things = "clips" if one.kind == "clip" else "files"
    about = f"“{name or one.name}”" if len(group) == 1 else f"the {len(group)} {things} {_described(rule, one)}"
    match one.kind:
        case "clip" if one.must_be_told:
            return f"Several versions fit {about}, and how they were made is recorded: which one is it?"
        case "clip" if one.reason is Reason.AMBIGUOUS:
            return f"Several versions fit {about}: which one is it, or how were all of them made?"
        case "clip":
            are = "Is" if len(group) == 1 else "Are"
            if suggestion(group) is StepKind.CAMERA:
                return f"{are} {about} camera {'original' if len(group) == 1 else 'originals'}?"
            return f"What {are.lower()} {about}: who or what made {'it' if len(group) == 1 else 'them'}?"
        case "range":
            return _range_sentence(group, about)
        case "return":
            return f"The return for turnover {one.turnover or 'not recorded'} does not close {about}: what did the vendor do?"
        case "record":
            return f"Records about {about} leave its making open or contradict each other: which one is right?"
        case "row":
            return "A row of the cut could not be read: what is on screen there?"
        case _:
            return f"Who or what made {about}?"


def _range_sentence(group: Sequence[Subject], about: str) -> str:
    """What to ask about frames that were never seen; there may be more of an original, never a longer render of it."""
    one = group[0]
    lacks = one.lacks
    if len(group) == 1 and lacks is not None and lacks.holes and not lacks.beyond:
        many = frames_in(lacks.holes) > 1
        again = f"{'copy' if lacks.is_shot else 'render'} {'them' if many else 'it'} again?"
        return f"{'Frames' if many else 'Frame'} {frames_text(lacks.holes)} of {about} {'are' if many else 'is'} missing: {again}"
    if len(group) == 1 and lacks is not None and not lacks.beyond:
        return f"An input of {about} lacks frames that the cut uses: which one, and where are they?"
    if one.medium == "sound" or any(each.lacks is None or each.lacks.is_shot for each in group):
        return f"The cut uses frames of {about} that were never seen: is there more of {'it' if len(group) == 1 else 'them'}?"
    return f"The cut uses frames of {about} that were never seen: is there a longer render?"


def _described(rule: Rule, one: Subject) -> str:
    words = rule.words()
    said = {
        "under": "under {}",
        "reel": f"of reels like {one.reel}" if "[" in rule.reel else "of reels {}…",
        "header": "with the header “{}”",
        "turnover": "of turnover {}",
        "clip": "named {}",
    }
    return " ".join(said[name].format(text) for name, text in words.items())
