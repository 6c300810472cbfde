"""What every command needs: the production it is about, saying diagnostics, progress on stderr, answers on stdout."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from edgecode.drivers.world import World
    from edgecode.ingest.progress import Progress
    from edgecode.production import Production
    from edgecode.terms.cuts import Diagnostic
    from edgecode.terms.timebase import Rate

Command = TypeVar("Command", bound=Callable[..., Any])

_SHOWN = 12


def in_production(command: Command) -> Command:
    """Adds ``--production DIR`` to a command as *folder*."""
    return click.option(
        "--production",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        help="The production's folder, or one below it (default: here).",
    )(command)


def as_json(command: Command) -> Command:
    """Adds ``--json`` to a command."""
    return click.option("--json", "json_wanted", is_flag=True, help="Print the answer as JSON (schema in schemas/).")(
        command
    )


@contextmanager
def opened(folder: Path | None) -> "Iterator[Production]":
    """The production of *folder*, or of the current folder, open."""
    from edgecode.production import Production
    from edgecode.settings import production_folder

    with Production.open(production_folder((folder or Path.cwd()).resolve()), world=terminal_world()) as production:
        for notice in production.notices:
            said(notice)
        heard = len(production.notices)
        yield production
        for notice in production.notices[heard:]:
            said(notice)
        if production.settings.hooks:
            _run_hooks(production)
        names = sum(map(len, production.unrecorded_names().values()))
        if names:
            said(
                f"{names} {'name' if names == 1 else 'names'} of media roots in edgecode.toml {'is' if names == 1 else 'are'} not "
                "recorded yet, so answers do not use them; edgecode scan records them"
            )


_CAPTURES = ("record", "run", "scan", "watch", "hook", "log", "assets")
"""Commands behind which no hook runs: whoever captures is not held up, and `hook` says itself what runs."""
_MOST_HOOKS = 50


def _run_hooks(production: "Production") -> None:
    from edgecode.production.checking.hooking import may_run, run_event_hooks

    context = click.get_current_context(silent=True)
    if context is not None and context.command_path.split(" ")[1:2] and context.command_path.split(" ")[1] in _CAPTURES:
        return
    if not may_run(production):
        said("hooks of edgecode.toml did not run: they were not allowed on this machine (edgecode hook list)")
        return
    for report in run_event_hooks(production, most=_MOST_HOOKS):
        if report.outcome != "done":
            said(f"hook {report.hook} on {report.on}: {report.outcome}")


def terminal_world() -> "World":
    """The world with somebody at the terminal, who can be asked for the passphrase of a key."""
    from edgecode.drivers.signers import signer_at
    from edgecode.drivers.world import World

    ask = ask_passphrase if sys.stdin.isatty() else None
    return World(open_signer=lambda uri, folder: signer_at(uri, folder=folder, ask=ask))


def ask_passphrase(name: str, *, twice: bool = False) -> str:
    """What somebody types, unseen."""
    return str(click.prompt(f"Passphrase of {name}", hide_input=True, confirmation_prompt=twice, err=True))


def written_key(written: str) -> str:
    """A public key as somebody gives it: its hexadecimal characters, or a file that holds them."""
    return Path(written).read_text("ascii", "replace").strip() if written and Path(written).is_file() else written


def rate_of(written: str | None) -> "Rate | None":
    """The rate that somebody typed; None when they did not."""
    from edgecode.terms.timebase import Rate

    return Rate.of(written) if written else None


def print_json(answer: object) -> None:
    """One JSON document on stdout."""
    import msgspec

    encoded = msgspec.json.encode(answer)
    click.echo(msgspec.json.format(encoded, indent=2).decode())


def said(text: str) -> None:
    """Talk, on stderr."""
    click.echo(text, err=True)


def say_diagnostics(
    diagnostics: "Sequence[Diagnostic]", *, all_of_them: bool = False, lost: str = "a row is missing because of this"
) -> None:
    """Problems on stderr, each a sentence with its code; a long list is cut with the number of the others.

    *lost*: what it means here that something could not be taken.
    """
    shown = diagnostics if all_of_them else diagnostics[:_SHOWN]
    for item in shown:
        where = f"line {item.line}: " if item.line else ""
        gone = f" ({lost})" if item.effect == "row-missing" else ""
        said(f"  {where}{_one_line(item.text)}{gone} [{item.code}]")
    if len(shown) < len(diagnostics):
        said(f"  … and {len(diagnostics) - len(shown)} more; --verbose lists all")


def _one_line(text: str) -> str:
    from edgecode.answers.layout.columns import printable

    return printable(text)


def width_of_terminal(default: int = 100) -> int:
    """Columns to print in."""
    import shutil

    return max(60, min(shutil.get_terminal_size((default, 24)).columns - 2, 160))


def fitted_width() -> int | None:
    """Columns to fit tables into: the terminal's, or COLUMNS; None (no limit) when the answer goes into a file or pipe."""
    import os

    return width_of_terminal() if sys.stdout.isatty() or "COLUMNS" in os.environ else None


def echo_folded(lines: Iterable[str]) -> None:
    """Lines on stdout, folded to the terminal where it is one (`fitted_width`)."""
    from edgecode.answers.layout.columns import folded

    columns = fitted_width()
    for line in lines:
        for part in folded(line, columns):
            click.echo(part)


def colour_wanted() -> bool:
    """Whether stdout is a terminal that shows colour."""
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


class ScanBar:
    """Shows how far a scan is: a bar on a terminal, nothing else elsewhere."""

    def __init__(self) -> None:
        self._shown = 0
        self._terminal = sys.stderr.isatty()

    def __call__(self, progress: "Progress") -> None:
        """Draw the figures now, on one line."""
        if not self._terminal:
            return
        line = progress_line(progress)
        click.echo("\r" + line.ljust(self._shown), err=True, nl=False)
        self._shown = len(line)

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            click.echo("\r" + " " * self._shown + "\r", err=True, nl=False)


class AuditLine:
    """Says on stderr how far an audit is: on one line of a terminal, every ten seconds elsewhere."""

    _SECONDS_ON_A_TERMINAL, _SECONDS_ELSEWHERE = 0.2, 10.0

    def __init__(self) -> None:
        self._shown = 0
        self._terminal = sys.stderr.isatty()
        self._said = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """*done* of *of* (0: nobody knows) are compared."""
        now = time.monotonic()
        if now - self._said < (self._SECONDS_ON_A_TERMINAL if self._terminal else self._SECONDS_ELSEWHERE):
            return
        self._said = now
        line = f"{what}: {done:,} of {of:,}" if of else f"{what}: {done:,}"
        click.echo("\r" + line.ljust(self._shown) if self._terminal else line, err=True, nl=not self._terminal)
        self._shown = len(line)

    def end(self) -> None:
        """Take the line away."""
        if self._shown and self._terminal:
            click.echo("\r" + " " * self._shown + "\r", err=True, nl=False)
        self._shown = 0


def progress_line(progress: "Progress") -> str:
    """Progress in one line: phase, files, rate, time left."""
    rate = f", {progress.rate_bytes_per_second / 1e6:,.0f} MB/s" if progress.rate_bytes_per_second else ""
    left = "" if progress.seconds_left is None else f", about {_spoken_seconds(progress.seconds_left)} left"
    phase = {"looking": "looking", "headers": "reading headers", "wanted": "reading what the cut uses"}.get(
        progress.phase, "reading the rest"
    )
    return f"{phase}: {progress.files_done:,} of {progress.files:,} files{rate}{left}"


def _spoken_seconds(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def counted_words(parts: Iterable[tuple[int, str]]) -> str:
    """``3 new versions, 1 step``: the parts that are not zero, or ``nothing new``; for one, a word loses its plural s."""
    words = (f"{count:,} {word.removesuffix('s') if count == 1 else word}" for count, word in parts if count)
    return ", ".join(words) or "nothing new"


def sheet_bytes(file: Path, kinds: str = "CSV or YAML") -> bytes:
    """The bytes of a sheet that somebody names. Raises InputError ``sheet.unreadable``, ``file.not_regular`` and ``file.too_large``."""
    from edgecode.errors import InputError
    from edgecode.ingest.regular_files import regular_bytes

    try:
        return regular_bytes(file)
    except OSError as error:
        raise InputError(
            "sheet.unreadable", f"the file cannot be read ({error.strerror})", f"Give a {kinds} file"
        ) from error
