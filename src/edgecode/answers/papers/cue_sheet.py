"""The AI cue sheet: one numbered cue for each stretch that a model had a hand in, in the columns of a house or of a guild."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from edgecode.answers.agreements.relied import Relied, relied_text
from edgecode.answers.cuts.accounts import Medium
from edgecode.answers.direction import Act
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import LAST_COLUMNS, Sheet
from edgecode.answers.matchback.people_seen import people_text
from edgecode.answers.papers.behind import Stretch, behind_stretches, models_text, sources_text, tools_text
from edgecode.answers.papers.heading import VERIFY, figures_of, unaccounted_line
from edgecode.answers.papers.known import Known
from edgecode.errors import NotFoundError
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import classes_of
from edgecode.terms.timebase import FrameRange

Preset = Literal["house", "apa"]
HOUSE_COLUMNS = (
    "Cue",
    "In",
    "Out",
    "Frames",
    "Duration",
    "What is seen / heard",
    "Use",
    "Tool + version",
    "Model + weights",
    "From (source material)",
    "Copyright status of the source",
    "Person depicted",
    "Consent no.",
    "Human author and contribution",
    "Credit due",
    "Prompt",
    "Terms snapshot no.",
)
APA_COLUMNS = (
    "Cue",
    "Description",
    "Timecode in",
    "Timecode out",
    "Frames",
    "Prompt",
    "Software",
    "Underlying source material",
    "Copyright status of source",
)
"""The grid that the Archival Producers Alliance asks documentaries for (archivalproducersalliance.com,
workflow tips), with the cue's number and its frames."""

OF_APA: Mapping[str, str] = {
    "Description": "What is seen / heard",
    "Timecode in": "In",
    "Timecode out": "Out",
    "Software": "Tool + version",
    "Underlying source material": "From (source material)",
    "Copyright status of source": "Copyright status of the source",
}
_MODELS = (AiUse.GENERATIVE, AiUse.ASSISTIVE)


class Cue(Struct, frozen=True):
    """A cue: its number, the stretches of one clip that it joins, its cells by column of the house's sheet, and what it
    relies on."""

    number: str
    first: int
    end: int
    medium: Medium
    generative: bool
    version: RecordId
    cells: Mapping[str, str]
    evidence: tuple[str, str, str]
    relied: tuple[Relied, ...] = ()


class CueSheet(Struct, frozen=True):
    """The cues and, for each, the version whose picture may stand beside it."""

    cues: tuple[Cue, ...]
    sheet: Sheet


def cue_sheet(known: Known, *, preset: Preset = "house", reel: str = "") -> CueSheet:
    """The sheet of a cut or of one *reel* of it.

    Raises NotFoundError ``cut.no_such_reel``.
    """
    within = _span(known, reel)
    cues = [cue for cue in cues_of(known) if within is None or (cue.first < within.end and within.first < cue.end)]
    columns = APA_COLUMNS if preset == "apa" else HOUSE_COLUMNS
    rows = tuple(
        (*(cue.cells[OF_APA.get(name, name) if preset == "apa" else name] for name in columns), *cue.evidence)
        for cue in cues
    )
    return CueSheet(
        tuple(cues),
        Sheet(_title(known, preset, reel), (*columns, *LAST_COLUMNS), rows, foot=_foot(known, cues, within, reel)),
    )


def cues_of(known: Known) -> list[Cue]:
    """Every cue of the cut in order of its first frame, numbered by reel. A stretch of which nobody knows whether a model had
    a hand in it is no cue: it is counted at the foot."""
    stretches = [one for one in behind_stretches(known) if one.ai in _MODELS]
    counts: dict[str, int] = {}
    cues = []
    for one in sorted(stretches, key=lambda one: (one.first, one.medium != "picture", one.number)):
        reel = next((name for name, span in known.view.reels if one.first in span), "1")
        counts[reel] = counts.get(reel, 0) + 1
        cues.append(_cue(known, one, f"{reel}A{counts[reel]}"))
    return cues


def _span(known: Known, reel: str) -> FrameRange | None:
    if not reel:
        return None
    reels = dict(known.view.reels)
    if reel not in reels:
        raise NotFoundError(
            "cut.no_such_reel", f"the cut has no reel {reel}", f"Its reels: {', '.join(reels) or 'none'}"
        )
    return reels[reel]


def _cue(known: Known, one: Stretch, number: str) -> Cue:
    clock, steps = known.view.clock, one.made_by_models
    consents = [relied for relied in one.relied if relied.person]
    cells = {
        "Cue": number,
        "In": clock.label(one.first),
        "Out": clock.label(one.end),
        "Frames": str(one.frames),
        "Duration": f"{clock.seconds(one.frames)} s",
        "What is seen / heard": one.name,
        "Use": use_text(one),
        "Tool + version": tools_text(steps),
        "Model + weights": models_text(steps),
        "From (source material)": sources_text(one),
        "Copyright status of the source": _rights_text(one),
        "Person depicted": people_text(one.people) or "nobody is noted",
        "Consent no.": relied_text(consents) or ("none on file" if one.people else "nobody is noted"),
        "Human author and contribution": _directed(known, one),
        "Credit due": _credits(known, one.relied),
        "Prompt": _prompt(known, one),
        "Terms snapshot no.": _terms(known, one),
    }
    return Cue(
        number,
        one.first,
        one.end,
        one.medium,
        one.ai is AiUse.GENERATIVE,
        one.version_key,
        cells,
        one.evidence,
        tuple(one.relied),
    )


def use_text(one: Stretch) -> str:
    """How it is used: full frame, element, voice, sound or enhancement; what lineage does not show is not guessed."""
    if one.ai is AiUse.ASSISTIVE:
        return "enhancement"
    if one.medium == "sound":
        return "voice" if any(person.how == "heard" for person in one.people) else "sound"
    return "full frame" if classes_of(one.account) == "G" else "element"


def _rights_text(one: Stretch) -> str:
    licenses = relied_text(relied for relied in one.relied if not relied.person)
    return licenses or f"question: whose is it? no license on file, status {NOT_RECORDED}"


def _directed(known: Known, one: Stretch) -> str:
    """The human acts on record, never by whom."""
    if known.direction is None:
        return NOT_RECORDED
    acts = [
        act
        for part in known.direction.ranges
        if part.medium == one.medium and part.clip == one.name and part.first < one.end and one.first < part.end
        for act in part.acts
    ]
    return acts_text(acts) or f"{NOT_RECORDED} (edgecode direction)"


def acts_text(acts: Sequence[Act]) -> str:
    """``circled (declared), approved twice (logged)``: what was done, with the grade of its evidence."""
    found: dict[tuple[str, str], int] = {}
    for act in dict.fromkeys(acts):
        said = f"chosen, {act.kept} of {act.made} generations kept" if act.act == "chosen" else act.act
        said = f"{act.step} by hand" if act.act == "painted" and act.step else said
        found[said, act.grade] = found.get((said, act.grade), 0) + 1
    return ", ".join(
        f"{said}{f' {times} times' if times > 1 else ''} ({grade})" for (said, grade), times in found.items()
    )


def _credits(known: Known, relied: Sequence[Relied]) -> str:
    """Where a credit is due by the terms on file. The words of terms are sealed, so the agreement is named."""
    labels = {one.agreement for one in relied}
    due = [
        agreement.label
        for agreement in known.register.agreements.values()
        if agreement.label in labels
        and any(version.terms is not None and version.terms.terms.credit for version in agreement.versions)
    ]
    return f"by {', '.join(sorted(due))}" if due else NOT_RECORDED


def _prompt(known: Known, one: Stretch) -> str:
    """The words where they may be printed, else that they are sealed; what was never recorded says so."""
    said: dict[str, None] = {}
    for step in one.made_by_models:
        words = known.prompts(step.ledger) if step.step is not None else ()
        if words is None:
            said["sealed, not readable here"] = None
        elif words:
            said |= dict.fromkeys(words if known.reveal else ("sealed",))
    return " · ".join(said) or NOT_RECORDED


def _terms(known: Known, one: Stretch) -> str:
    """The newest snapshot of the terms of each tool, by its day and entry."""
    found = []
    for name in dict.fromkeys(step.tool.name for step in one.made_by_models if step.tool is not None):
        seen = [terms for terms in known.register.tool_terms if terms.tool.casefold() == name.casefold()]
        newest = max(seen, key=lambda terms: (terms.seen, terms.log_index), default=None)
        found.append(f"{name}: no. {newest.log_index}, seen {newest.seen}" if newest else f"{name}: none on record")
    return ", ".join(found) or "none on record"


def _title(known: Known, preset: Preset, reel: str) -> str:
    named = f'"{known.production}"  ' if known.production else ""
    of = f"   Reel {reel} of {len(known.view.reels)}" if reel else ""
    form = "   (APA grid)" if preset == "apa" else ""
    return f"AI CUE SHEET  {named}{known.view.name}{of}{form}   {known.view.clock.rate.spoken} fps"


def _foot(known: Known, cues: Sequence[Cue], within: FrameRange | None, reel: str) -> tuple[str, ...]:
    found = figures_of(known, within=within)
    picture = union_frames(cues, "picture", within=within)
    sound = union_frames(cues, "sound", within=within)
    where = f"reel {reel}" if reel else "cut"
    lines = [
        f"{counted(len(cues), 'cue')}. Picture: {counted(picture, 'frame')}, each counted once; of the {where}'s {found.frames:,} frames a "
        f"generative model had a hand in {found.ai['generative']:,}, an assistive one alone in {found.ai['assistive']:,}. Sound: "
        f"{counted(sound, 'frame')}.",
        f"Of {counted(found.ai['unknown'], 'frame')} of picture nobody knows whether a model had a hand in them: a question each, no cue "
        "(edgecode missing).",
        unaccounted_line(known, within=within),
        VERIFY,
    ]
    if known.view.carries_sound:
        lines.insert(3, unaccounted_line(known, within=within, medium="sound"))
    return tuple(lines)


def union_frames(
    cues: Sequence[Cue], medium: Medium, *, within: FrameRange | None = None, of: Callable[[Cue], bool] = bool
) -> int:
    """Frames of the cut under the cues of one medium for which *of* holds, each counted once."""
    spans = sorted((cue.first, cue.end) for cue in cues if cue.medium == medium and of(cue))
    total, reached = 0, within.first if within is not None else 0
    for first, end in spans:
        first, end = max(first, reached), min(end, within.end) if within is not None else end
        total += max(0, end - first)
        reached = max(reached, end)
    return total
