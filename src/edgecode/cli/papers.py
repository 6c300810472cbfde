"""`edgecode coverage`, `matchback`, `cut-list`, `missing` and `where-used`: answers about a cut, frame by frame."""

import sys
from pathlib import Path

import click

from edgecode.cli.context import (
    as_json,
    colour_wanted,
    fitted_width,
    in_production,
    opened,
    print_json,
    width_of_terminal,
)
from edgecode.cli.handing_over import as_files, hand_over, print_sheet
from edgecode.errors import UsageError


@click.command()
@click.argument("name", metavar="CUT")
@click.option("--sound", is_flag=True, help="Hold for unaccounted sound as well.")
@click.option("--gaps", type=click.IntRange(0), default=20, show_default=True, help="How many gaps to list.")
@as_files
@in_production
@as_json
def coverage(
    name: str,
    sound: bool,
    gaps: int,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
) -> None:
    """How many frames of CUT are accounted for, by origin and grade, and why the others are not.

    Exit 0 when none is unaccounted, else 10 (held: somebody must say what they are). Of a cut without picture the sound decides.
    CSV holds the gaps (the missing elements list); a file of --to holds every gap, whatever --gaps says, and has no CSV.
    """
    from edgecode.answers.chain import Chains
    from edgecode.answers.coverage.answer import exit_status, is_sound_alone
    from edgecode.answers.coverage.text import coverage_text
    from edgecode.answers.lists import missing_elements

    with opened(folder) as production:
        view = production.view(name)
        answer = production.coverage(view)
        if files:
            from edgecode.production.papers.cut_sheets import covered

            hand_over(covered(production, name), files=files, replace=replace)
        if json_wanted:
            print_json(answer)
        elif csv_wanted:
            print_sheet(
                missing_elements(view, Chains(production.index), production=production.title()), csv_wanted=True
            )
        elif not files:
            text = coverage_text(answer, view, columns=width_of_terminal(), colour=colour_wanted(), gaps_shown=gaps)
            click.echo(text, nl=False)
    sys.exit(exit_status(answer, sound=sound or is_sound_alone(view)))


@click.command()
@click.argument("what", metavar="CUT AT | CODE | FILE", nargs=-1)
@click.option(
    "--codes",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Instead: every edge code in a text (- is stdin).",
)
@click.option(
    "--pack",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Look codes up in an evidence pack; needs no production.",
)
@click.option("--reveal", is_flag=True, help="Also take codes retired when a scan, voice or capture was declared.")
@in_production
@as_json
def matchback(
    what: tuple[str, ...], codes: Path | None, pack: Path | None, reveal: bool, folder: Path | None, json_wanted: bool
) -> None:
    """From a frame to who or what made it: matchback CUT AT, matchback CODE, or matchback FILE.

    AT is a record timecode, a frame number from the start of the cut, or an edge code such as "G 7K3F9 Q2MT4 1043". With --codes every
    code of a text is looked up, with --pack in a pack alone; exit 21 where one names nothing.
    """
    if codes is not None or pack is not None or not what:
        from edgecode.cli.looking_up import look_up

        look_up(what, codes, pack, folder=folder, reveal=reveal, json_wanted=json_wanted)
        return
    from edgecode.answers.matchback.answer import matchback as answer_for
    from edgecode.answers.matchback.answer import matchback_code, matchback_file
    from edgecode.answers.matchback.text import matchback_text
    from edgecode.answers.naming import edge_code_in
    from edgecode.production.agreements.resting import relying_on

    with opened(folder) as production:
        relying = relying_on(production, few=True)
        if len(what) == 1 and not Path(what[0]).exists() and (code := edge_code_in(what[0])) is not None:
            answer = matchback_code(
                production.index, production.views(), code, gone=production.gone, reveal=reveal, relying=relying
            )
        elif len(what) == 1:
            digest = production.digest_of(Path(what[0]))
            answer = matchback_file(
                production.index,
                production.views(),
                digest,
                at=Path(what[0]).name,
                gone=production.gone,
                relying=relying,
            )
        else:
            view, at = production.view(what[0]), " ".join(what[1:])
            others = [other for other in production.views() if other.cut != view.cut]
            answer = answer_for(
                production.index, view, at, others=others, gone=production.gone, reveal=reveal, relying=relying
            )
    if json_wanted:
        print_json(answer)
    else:
        click.echo(matchback_text(answer, columns=fitted_width()), nl=False)


@click.command("cut-list")
@click.argument("name", metavar="CUT")
@as_files
@in_production
@as_json
def cut_list(
    name: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """Every event of CUT with its version, origin, maker, people, consents and licenses, and grade."""
    from edgecode.answers.chain import Chains
    from edgecode.answers.lists import cut_list as sheet_of
    from edgecode.production.agreements.resting import relying_on
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        chains, relying = Chains(production.index), relying_on(production)
        view = production.view(name)
        sheet = sheet_of(view, chains, production=production.title(), relying=relying)
        stamped = stamp(production, view.name) if files else None
    print_sheet(sheet, "cut-list", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)


@click.command()
@click.argument("name", metavar="CUT")
@as_files
@in_production
@as_json
def missing(
    name: str, files: tuple[Path, ...], replace: bool, csv_wanted: bool, folder: Path | None, json_wanted: bool
) -> None:
    """The missing elements list of CUT: every unaccounted range, why, and the question that settles it."""
    from edgecode.answers.chain import Chains
    from edgecode.answers.lists import missing_elements
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        view = production.view(name)
        sheet = missing_elements(view, Chains(production.index), production=production.title())
        stamped = stamp(production, view.name) if files else None
    print_sheet(sheet, "missing", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)


@click.command("where-used")
@click.argument("what", metavar="FILE|CODE|ID|NAME", nargs=-1)
@click.option("--person", default="", metavar="ALIAS", help="Instead: wherever somebody is seen, heard or made from.")
@click.option("--consent", default="", metavar="LABEL", help="Instead: every use that rests on this consent.")
@click.option(
    "--license", "license_", default="", metavar="LABEL", help="Instead: every use that rests on this license."
)
@click.option("--replica", default="", metavar="ID", help="Instead: wherever something made by a replica is.")
@click.option("--model", default="", metavar="VERSION", help="Instead: every frame that a model had a hand in.")
@click.option("--dataset", default="", metavar="VERSION", help="Instead: every frame that a dataset is behind.")
@click.option("--direct", is_flag=True, help="Only where it is shown itself, not what was made from it.")
@click.option("--reveal", is_flag=True, help="Also take codes retired when a scan, voice or capture was declared.")
@as_files
@in_production
@as_json
def where_used(
    what: tuple[str, ...],
    direct: bool,
    reveal: bool,
    files: tuple[Path, ...],
    replace: bool,
    csv_wanted: bool,
    folder: Path | None,
    json_wanted: bool,
    **instead: str,
) -> None:
    """Every cut and frame that a file, version, model or edge code reaches, directly or through what was made from it.

    Or that a person, an agreement, a replica, a model or a dataset is behind, frame by frame, with the agreement that each rests on.
    """
    from edgecode.answers.chain import Chains
    from edgecode.answers.lists import where_used as sheet_of
    from edgecode.answers.matchback.where_used import uses

    chosen = [(name.rstrip("_"), called) for name, called in instead.items() if called]
    if len(chosen) + bool(what) != 1 or (chosen and direct):
        raise UsageError("where_used.what", "where is what used?", "Name one thing, as in: where-used --person P-01")
    from edgecode.production.papering import stamp

    with opened(folder) as production:
        if chosen:
            from edgecode.production.agreements.resting import where_rests

            ((name, called),) = chosen
            sheet = where_rests(production, name, called)  # type: ignore[arg-type]
        else:
            written = " ".join(what)
            targets = production.targets(written, reveal=reveal)
            found = uses(production.index, production.views(), targets, derived=not direct)
            sheet = sheet_of(found, Chains(production.index), what=Path(written).name)
        stamped = stamp(production, "") if files else None
    print_sheet(sheet, "where-used", stamped, files, replace=replace, csv_wanted=csv_wanted, json_wanted=json_wanted)
