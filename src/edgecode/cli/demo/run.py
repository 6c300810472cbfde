"""Runs the whole road on the demo film: make it, scan, record, add the cut, count, print, and write the page."""

import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from edgecode.answers.coverage.text import coverage_text
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import aligned
from edgecode.cli.demo.desk import Desk
from edgecode.cli.demo.desk_entries import write_new_consent
from edgecode.cli.demo.desk_shown import show_desk
from edgecode.cli.demo.film import CROWD_COVERED, FRAMES, PLANTED, RATE, TITLE
from edgecode.cli.demo.script import Film, make_film, written_film
from edgecode.cli.demo.tamper import FORGED_FRAMES, tamper_with_return
from edgecode.drivers.world import World
from edgecode.errors import RefusedError
from edgecode.production import Production, audit_of
from edgecode.settings import FILE_NAME, read_settings

CUT, NEXT_CUT = "cut13", "cut14"
PAGE = "look.html"

Out = Callable[[str], object]


def run_demo(
    folder: Path, *, open_page: bool, tamper: bool, out: Out, colour: bool = False, columns: int = 100
) -> Path:
    """Make the film below *folder*, run the road on it and print what it shows with *out*, one line at a time. Returns the page.

    A folder that holds an earlier demo is used again: nothing is made or recorded twice. Raises RefusedError ``demo.folder`` for
    a folder with something else in it.
    """
    folder = folder.resolve()
    _refuse_other_folder(folder)
    film = _film(folder, out)
    with _production(folder) as production:
        view = _road(production, film, out)
        out("")
        coverage = production.coverage(view)
        for line in coverage_text(coverage, view, columns=columns, colour=colour).splitlines():
            out(line)
        path = folder / PAGE
        path.write_text(production.look(view), "utf-8")
        desk = Desk(production, folder)
        show_desk(desk, cut=CUT, next_cut=NEXT_CUT, columns=columns, out=out)
        _next_commands(folder, open_gaps=len(coverage.gaps), consent=write_new_consent(desk), out=out)
        out("")
        out(f"The page: {path}")
        entries = production.log.size
    if tamper:
        _show_tampering(folder, entries, out)
    if open_page:
        webbrowser.open(path.as_uri())
    return path


def _refuse_other_folder(folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    if (folder / FILE_NAME).is_file() and read_settings(folder).title == TITLE:
        return
    raise RefusedError(
        "demo.folder",
        f"{folder.name} holds something that is not a demo",
        "Give another folder, as in: edgecode demo --dir DIR",
    )


def _production(folder: Path) -> Production:
    return Production.open(folder) if (folder / FILE_NAME).is_file() else Production.create(folder, title=TITLE)


def _film(folder: Path, out: Out) -> Film:
    seconds = FRAMES // RATE.nominal
    film = written_film(folder)
    if film is not None:
        out(f"“{TITLE}”, an invented documentary of {seconds} seconds, is here already.")
        return film
    out(f"Making “{TITLE}”, an invented documentary of {seconds} seconds …")
    # The settings come first, so that a demo that was stopped half way is known for one and finished.
    _production(folder).close()
    started = time.monotonic()
    film = make_film(folder, now=World().milliseconds())
    out(f"  made      {film.files:,} files: EXR and PNG frames, sound, a cut, records of its making{_took(started)}")
    return film


def _road(production: Production, film: Film, out: Out) -> CutView:
    started = time.monotonic()
    scanned = production.scan([film.media])
    out(f"  scanned   {scanned.frames:,} frames and files, {scanned.assets:,} versions{_took(started)}")
    started = time.monotonic()
    recorded = production.record_lines([line.encode() for line in film.lines])
    out(f"  recorded  {recorded.steps:,} steps of cameras, artists and a vendor{_took(started)}")
    started = time.monotonic()
    (cut,) = production.add_cut([film.cut], name=CUT)
    view = production.view(cut)
    production.add_cut([film.next_cut], name=NEXT_CUT)
    out(f"  matched   {len(view.clips)} clips of {CUT} to what made them{_took(started)}")
    return view


def _took(started: float) -> str:
    return f", {time.monotonic() - started:.1f} s"


def _next_commands(folder: Path, *, open_gaps: int, consent: str, out: Out) -> None:
    if open_gaps == len(PLANTED):
        gaps = "Seven gaps are there on purpose, one for each reason."
    else:
        still = "none is" if not open_gaps else "1 is" if open_gaps == 1 else f"{open_gaps} are"
        gaps = f"Seven gaps were there on purpose, one for each reason; {still} open."
    out("")
    out(f"{gaps} Try next:")
    out(f"  cd {folder}")
    commands = (
        (f"matchback {CUT} 01:00:54:14", "the dream dissolves into the courtyard"),
        (f"questions {CUT}", "the few answers that settle most frames"),
        (f"check {CUT} --gate deliver", "what holds or refuses it, rule by rule"),
        ("consent impact C-01", "every frame and model that it reaches"),
        (f"consent record --file {consent}", f"the estate agrees anew; then check {CUT}"),
        ("ask --person P-04 --act alter", "may a model change the hand?"),
        ("packs list", "which rules judge here, and why"),
        ("log verify --allow-unwitnessed", "the record, entry by entry"),
    )
    for line in aligned([(f"edgecode {command}", what) for command, what in commands], indent="  ", limit=60):
        out(line)


def _show_tampering(folder: Path, entries: int, out: Out) -> None:
    copy = folder / "tampered"
    tamper_with_return(folder, copy=copy)
    out("")
    out("Tampering: in a copy of the record one byte of the vendor's return was changed,")
    out(f"so that it seems to account for {FORGED_FRAMES} frames instead of {CROWD_COVERED}. Verifying the copy:")
    audit, _ = audit_of(copy)
    for finding in audit.report.findings:
        out(f"  {finding.verdict.name}  {finding}")
    wrong = len({finding.object for finding in audit.report.findings})
    out(f"  {audit.verdict.name}: {wrong} line of {entries} entries fails, everything else stands.")
