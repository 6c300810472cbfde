"""The sheets of a cut as papers: each gathers what is known, sets its sheet, and stamps it."""

from msgspec import Struct

from edgecode.answers.look.pictures import pictures_of
from edgecode.answers.papers.cue_sheet import Preset, cue_sheet
from edgecode.answers.papers.heading import heading, strip_of
from edgecode.answers.report.paper import Figure, Paper, Table
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.papers.knowing import known_of


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
