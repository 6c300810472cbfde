"""`edgecode poll kitsu`: what a Kitsu says of versions, reviews, casting and frames; the standing of shots written back on demand."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import counted_words, in_production, opened, said, say_diagnostics
from edgecode.cli.ending import end_on_sigterm
from edgecode.cli.review import status_meant

if TYPE_CHECKING:
    from edgecode.drivers.kitsu_client import Kitsu
    from edgecode.ingest.tables.kitsu_people import WhoIsWho
    from edgecode.production import Production
    from edgecode.production.kitsu.following import KitsuFollower, KitsuProject, KitsuTaken


@click.command("kitsu")
@click.argument("url")
@click.option(
    "--project", "called", default="", metavar="NAME", help="The project in Kitsu; needed where there are several."
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file with a bot's token, or with a login and its password on two lines. Else EDGECODE_KITSU_TOKEN is read.",
)
@click.option(
    "--fetch", is_flag=True, help="Read the files that Kitsu keeps, so that versions have digests; nothing is stored."
)
@click.option("--every", "every_seconds", type=click.FloatRange(1), help="Go on, and ask again after so many seconds.")
@click.option("--again", is_flag=True, help="List everything, whatever was read before; nothing is recorded twice.")
@click.option(
    "--status", "statuses", multiple=True, metavar="WORD=OUTCOME", help="What a status means: 'lead ok'=approved."
)
@click.option(
    "--people",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV: kitsu, name, person. Whom characters show; then the casting is noted.",
)
@click.option(
    "--template", is_flag=True, help="Print the characters of the casting that nobody is named for, as that CSV."
)
@click.option(
    "--cut", "cut", default="", metavar="CUT", help="Compare the frames that Kitsu expects of each shot with this cut."
)
@click.option("--write-back", is_flag=True, help="Write into Kitsu how much of each shot in the cut is accounted for.")
@click.option(
    "--settle",
    "settle_seconds",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="How many seconds a comment without a file is waited for, since Kitsu tells of its file later.",
)
@in_production
def kitsu(
    url: str,
    called: str,
    key_file: Path | None,
    every_seconds: float | None,
    statuses: tuple[str, ...],
    people: Path | None,
    cut: str,
    settle_seconds: float,
    folder: Path | None,
    *,
    fetch: bool,
    again: bool,
    template: bool,
    write_back: bool,
) -> None:
    """Record what was published and said in the Kitsu at URL: versions, approvals, casting.

    Nothing is deleted here because it was deleted there. Without --every it asks once. Stop it in any way (SIGTERM ends it
    with status 0): the next one goes on where it was, and nothing is lost or recorded twice.
    """
    from edgecode.drivers.kitsu_client import Kitsu, kitsu_key
    from edgecode.errors import UnavailableError, UsageError
    from edgecode.ingest.tables.headings import folded
    from edgecode.settings import production_folder

    if write_back and not cut:
        raise UsageError("kitsu.no_cut", "no cut was named to say how shots stand in", "Add --cut CUT")
    home = production_folder((folder or Path.cwd()).resolve())
    who = _people(people)
    host = Kitsu(url, kitsu_key(os.environ, file=key_file))
    if host.in_the_open:
        said("the key travels unsealed: this address is plain HTTP to another machine")
    meant = {folded(word): outcome for word, outcome in map(status_meant, statuses)}
    members = {key: aliases[0] for key, aliases in who.people.items()} if who is not None else {}
    session: tuple[KitsuProject, KitsuFollower] | None = None
    if every_seconds is not None:
        end_on_sigterm()
    while True:
        try:
            session = session or _session(host, called, home, meant, members, settle_seconds)
            project, follower = session
            news = follower.news(again=again)
            shots_wanted = bool(who is not None or cut or template)
            if follower.has_work(news) or (shots_wanted and every_seconds is None):
                with opened(folder) as production:
                    _tell(follower.take(production, news, fetch=fetch))
                    if shots_wanted:
                        _shots(production, project, who, cut, template=template, write_back=write_back)
            again = False
        except UnavailableError as error:
            if every_seconds is None or error.code in ("kitsu.login", "kitsu.forbidden"):
                raise
            said(str(error))
        if every_seconds is None:
            return
        time.sleep(every_seconds)


def _session(
    host: "Kitsu", called: str, home: Path, meant: dict[str, str], members: dict[str, str], settle_seconds: float
) -> "tuple[KitsuProject, KitsuFollower]":
    from edgecode.production.kitsu.cursor import KitsuCursor
    from edgecode.production.kitsu.following import KitsuFollower, KitsuProject

    host.enter()
    project = KitsuProject(host, called)
    cursor = KitsuCursor(host, project.id, production=home)
    return project, KitsuFollower(
        project,
        cursor,
        statuses=meant,  # type: ignore[arg-type]
        members=members,
        settle_seconds=settle_seconds,
    )


def _tell(taken: "KitsuTaken") -> None:
    say_diagnostics(taken.said)
    outcomes = [(count, {"note": "notes"}.get(word, word)) for word, count in sorted(taken.reviews.outcomes.items())]
    said_of = counted_words([(taken.publishes, "published files"), *outcomes])
    waits = f"; {taken.waiting} not settled in Kitsu yet" if taken.waiting else ""
    click.echo(f"recorded: {said_of}{waits}")


def _shots(
    production: "Production",
    project: "KitsuProject",
    who: "WhoIsWho | None",
    cut: str,
    *,
    template: bool,
    write_back: bool,
) -> None:
    from edgecode.ingest.tables.kitsu_people import WhoIsWho
    from edgecode.production.kitsu.shots import ShotDesk

    desk = ShotDesk(production, project, production.view(cut) if cut else None)
    if who is not None or template:
        cast = desk.cast(who or WhoIsWho())
        if who is not None:
            click.echo(f"casting: {counted_words([(cast.noted, 'depictions')])}")
        if template:
            click.echo("kitsu,name,person")
            for identity, name in sorted(cast.open, key=lambda one: one[1]):
                click.echo(f'{identity},"{name.replace(chr(34), chr(34) * 2)}",')
    if cut:
        for one in desk.differences():
            expected, found = (f"{span[0]}-{span[1]}" if span else "?" for span in (one.expected, one.found))
            click.echo(f"{one.shot.called}: Kitsu {expected}, {cut} {found}: {one.what}")
    if write_back:
        click.echo(f"written back: {counted_words([(desk.write_back(), 'shots')])}")
    say_diagnostics(project.said)
    project.said = []


def _people(path: Path | None) -> "WhoIsWho | None":
    from edgecode.errors import InputError
    from edgecode.ingest.tables.kitsu_people import who_is_who
    from edgecode.production.doors.readers import read_bytes
    from edgecode.production.doors.tables import read_table

    if path is None:
        return None
    who, problems = who_is_who(read_table(read_bytes(path), name=path.name))
    if problems:
        first = problems[0]
        raise InputError("kitsu.people", f"{path.name}, line {first.line}: expected {first.expected}", first.remedy)
    return who
