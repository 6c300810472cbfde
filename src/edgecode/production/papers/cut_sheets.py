"""The sheets of a cut as papers: each gathers what is known, sets its sheet, and stamps it."""

from msgspec import Struct

from edgecode.answers.coverage.on_paper import coverage_blocks
from edgecode.answers.layout.sheets import Sheet
from edgecode.answers.lists import missing_elements
from edgecode.answers.look.pictures import pictures_of
from edgecode.answers.papers.clearances import clearance_log
from edgecode.answers.papers.cue_sheet import Preset, cue_sheet
from edgecode.answers.papers.heading import heading, strip_of
from edgecode.answers.papers.known import Known
from edgecode.answers.papers.shot_map import shot_map
from edgecode.answers.report.paper import Figure, Paper, Table
from edgecode.production.checking.cuts import Checked, check
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.papers.knowing import known_of
from edgecode.production.persons.noting import judged_at


class Illustrated(Struct, frozen=True):
    """A paper with the pictures that its tables name, by key."""

    paper: Paper
    pictures: dict[str, bytes] = {}


def ai_cue_sheet(
    production: Production,
    cut: str,
    *,
    preset: Preset = "house",
    reel: str = "",
    pictures: bool = False,
    reveal: bool = False,
) -> Illustrated:
    """The AI cue sheet. *pictures*: with a thumbnail of each cue's version, where its file can be reached.

    Raises as `known_of` and `cue_sheet` do.
    """
    known = known_of(production, cut, reveal=reveal)
    made = cue_sheet(known, preset=preset, reel=reel)
    roots = {root.id: root.path for root in production.media_roots()}
    images = pictures_of(production.index, known.view, roots=roots) if pictures else {}
    table = Table(
        "",
        made.sheet.columns,
        made.sheet.rows,
        numbers=("Frames",),
        pictures=tuple(cue.version if cue.version in images else "" for cue in made.cues) if images else (),
        foot=made.sheet.foot,
    )
    paper = Paper(
        kind="cue-sheet",
        title=made.sheet.title,
        stamp=stamp(production, known.view.name),
        blocks=(heading(known, more=(Figure(f"{len(made.cues):,}", "cues"),)), strip_of(known), table),
    )
    return Illustrated(paper, {cue.version: images[cue.version] for cue in made.cues if cue.version in images})


def clearances(production: Production, cut: str, *, reveal: bool = False) -> Paper:
    """The clearance log. *reveal*: with what agreements say.

    Raises as `known_of` and `check` do, UnavailableError ``extra.missing`` among them: what was not judged is in no such log.
    """
    checked = check(production, cut)
    known = known_of(production, cut, directed=False, reveal=reveal)
    sheet = clearance_log(known, checked.uses, checked.findings, now=judged_at(production, checked.register))
    return _paper(production, known, "clearance-log", sheet, numbers=("Frames",), packs=packs_text(checked))


def disclosures(production: Production, cut: str) -> Paper:
    """The shot map.

    Raises as `clearances` does.
    """
    checked = check(production, cut)
    known = known_of(production, cut, directed=False)
    sheet = shot_map(known, checked.findings)
    return _paper(production, known, "shot-map", sheet, numbers=("Frames", "AI frames"), packs=packs_text(checked))


def covered(production: Production, cut: str) -> Paper:
    """Coverage as a paper: first figures, the strip, frames by origin, and every gap.

    Raises as `known_of` does.
    """
    known = known_of(production, cut, directed=False)
    gaps = missing_elements(known.view, known.chains, production=known.production)
    blocks = coverage_blocks(production.coverage(known.view), gaps)
    named = f'"{known.production}"  ' if known.production else ""
    return Paper(
        kind="coverage",
        title=f"COVERAGE  {named}{known.view.name}",
        stamp=stamp(production, known.view.name),
        blocks=(heading(known), strip_of(known), *blocks),
    )


def packs_text(checked: Checked) -> str:
    """Which packs judged, for the stamp: ``consent-core 0.1.0, …``."""
    return ", ".join(f"{pack.pack} {pack.version}" for pack in checked.answer.packs if pack.state == "on")


def _paper(
    production: Production, known: Known, kind: str, sheet: Sheet, *, numbers: tuple[str, ...], packs: str = ""
) -> Paper:
    table = Table("", sheet.columns, sheet.rows, numbers=numbers, lead=sheet.head, foot=sheet.foot)
    stamped = stamp(production, known.view.name, packs=packs)
    return Paper(kind=kind, title=sheet.title, stamp=stamped, blocks=(heading(known), strip_of(known), table))
