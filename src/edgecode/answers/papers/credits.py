"""End-credit lines from the cues of a cut; what is left out is a recorded decision (docs/decisions/0025-paper-kinds.md)."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256

from msgspec import Struct

from edgecode.answers.agreements.relied import Relied, relied_text
from edgecode.answers.layout.columns import counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet
from edgecode.answers.papers.cue_sheet import Cue, cues_of
from edgecode.answers.papers.heading import VERIFY, figures_of, unaccounted_line
from edgecode.answers.papers.known import Known

CREDIT_COLUMNS = ("Order", "Group", "Credit text", "Because", "Preset", "Include", "Key", *LAST_COLUMNS)
PRESET = "house wording, a draft"


class CreditLine(Struct, frozen=True):
    """*key*: of its decisions; *because*: the cues and agreements that it stands on; *question*: what has to be settled before it may be
    set, "" for nothing."""

    key: str
    group: str
    text: str
    because: str
    evidence: tuple[str, str, str]
    question: str = ""


class Omission(Struct, frozen=True):
    """The newest decision on a line. *by*: an alias, *why*: "" where it is sealed or erased."""

    is_omitted: bool
    by: str
    at: str
    why: str


def credit_key(kind: str, records: Iterable[str]) -> str:
    """The key of a line of *kind* that stands on *records* (decision 0025)."""
    lines = ("edgecode credit v1", kind, *sorted(set(records)))
    return sha256(("\n".join(lines) + "\n").encode()).hexdigest()[:32]


def credit_lines(known: Known) -> list[CreditLine]:
    """The lines in order: recreated people, generated picture, generated sound, what models cleaned, credits that agreements ask for."""
    cues = cues_of(known)
    recreated: dict[str, list[Cue]] = {}
    plain: list[Cue] = []
    for cue in cues:
        persons = sorted({one.person for one in cue.relied if one.person}) if cue.generative else []
        for person in persons:
            recreated.setdefault(person, []).append(cue)
        if not persons:
            plain.append(cue)
    found = [_recreated(person, of) for person, of in sorted(recreated.items())]
    for kind, text, fits in _GROUPS:
        of = [cue for cue in plain if fits(cue)]
        if of:
            found.append(_line(kind, kind.capitalize(), text, of))
    return [*found, *_agreed(known, cues)]


def credit_sheet(known: Known, lines: list[CreditLine], decided: Mapping[str, Omission]) -> Sheet:
    """One row for each line. A line that is left out stands there with who left it out and why."""
    rows = tuple(
        (
            str(place),
            line.group,
            line.text,
            line.because,
            PRESET,
            _include(line, decided.get(line.key)),
            line.key,
            *line.evidence,
        )
        for place, line in enumerate(lines, 1)
    )
    omitted = sum(one.is_omitted for line in lines if (one := decided.get(line.key)) is not None)
    foot = (
        f"{counted(len(rows), 'line')}; {counted(omitted, 'line')} left out by a decision on record.",
        unaccounted_line(known) + " What nobody can account for has no line here.",
        f"Nobody knows whether a model had a hand in {counted(figures_of(known).ai['unknown'], 'frame')} of picture and "
        f"{counted(figures_of(known, medium='sound').ai['unknown'], 'frame')} of sound: they have no line either.",
        "The wording is a draft, checked with no guild: read it with a person before it is set. Names are put in where the aliases stand.",
        VERIFY,
    )
    return Sheet(f'END CREDITS  "{known.production}"  {known.view.name}', CREDIT_COLUMNS, rows, foot=foot)


def _include(line: CreditLine, decided: Omission | None) -> str:
    if decided is not None and decided.is_omitted:
        return f"no: omitted by {decided.by} on {decided.at}{f': {decided.why}' if decided.why else ''}"
    return f"question: {line.question}" if line.question else "yes"


_GROUPS: tuple[tuple[str, str, Callable[[Cue], bool]], ...] = (
    (
        "generated picture",
        "Additional imagery created with generative AI",
        lambda cue: cue.generative and cue.medium == "picture",
    ),
    (
        "generated sound",
        "Additional sound created with generative AI",
        lambda cue: cue.generative and cue.medium == "sound",
    ),
    ("cleaned by models", "Picture and sound restored with machine learning", lambda cue: not cue.generative),
)


def _line(kind: str, group: str, text: str, cues: list[Cue], *, also: Iterable[str] = ()) -> CreditLine:
    because = f"{'cues' if len(cues) > 1 else 'cue'} {', '.join(cue.number for cue in cues)}"
    key = credit_key(kind, (*(cue.version for cue in cues), *also))
    return CreditLine(key, group, text, because, cues[0].evidence)


def _recreated(person: str, cues: list[Cue]) -> CreditLine:
    """The credit of somebody whose likeness or voice was made again; what is not in force today is a question and no credit."""
    consents = sorted({one for cue in cues for one in cue.relied if one.person == person}, key=_named)
    heard = all(cue.medium == "sound" for cue in cues)
    what = "The voice" if heard else "The likeness"
    made = _line(f"recreated {person}", "Recreated people", f"{what} of {person} recreated with consent", cues)
    standing = all(one.covers == "yes" and one.state == "active" for one in consents) and bool(consents)
    said = relied_text(consents) or "no consent on file"
    return CreditLine(
        made.key,
        made.group,
        made.text if standing else f"{what} of {person} recreated",
        f"{made.because}; {said}",
        made.evidence,
        "" if standing else f"on which consent? {said}",
    )


def _named(one: Relied) -> tuple[str, str]:
    return one.agreement, one.use


def _agreed(known: Known, cues: list[Cue]) -> list[CreditLine]:
    """Credits that agreements ask for; their words are sealed terms, so the agreement is named unless they may be printed."""
    found = []
    for agreement in sorted(known.register.agreements.values(), key=lambda one: one.label):
        terms = agreement.versions[-1].terms
        of = [cue for cue in cues if any(one.agreement == agreement.label for one in cue.relied)]
        if terms is None or not terms.terms.credit or not of:
            continue
        words = terms.terms.credit if known.reveal else f"as {agreement.label} has it (sealed; print it with --reveal)"
        kept = _line("agreed", "By agreement", words, of, also=(agreement.versions[0].agreement,))
        found.append(CreditLine(kept.key, kept.group, words, f"{kept.because}; {agreement.label}", kept.evidence))
    return found
