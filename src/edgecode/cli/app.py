"""The `edgecode` command: a lazy table of commands; nothing heavy is imported before the command that needs it runs."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from edgecode import __version__
from edgecode.errors import EdgecodeError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo.command", "Make an invented film, run the whole road on it and open its page."),
    "look": ("looking", "One page for a cut and a folder: what is on screen, and what nobody can explain."),
    "init": ("recording", "Open a production in this folder."),
    "scan": ("scanning", "Read media folders: headers, digests, records of generative tools."),
    "watch": ("watching", "Record files of folders as soon as they rest."),
    "record": ("recording", "Record steps from NDJSON lines (step/1)."),
    "spool": ("spooling", "Lines that wait where the record cannot be written now: add, status, clear."),
    "ingest": ("doors", "Record what other programs' files say of making: scripts, spools, take sheets."),
    "readers": ("doors", "Who reads which files here, installed packages' readers among them."),
    "run": ("recording", "Run a command and record what it read and made."),
    "poll": ("polling", "Ask a program what it did (comfyui, kitsu), where nothing may be installed."),
    "boundary": ("bordering", "Stand before a hosted generator, pass everything on, record what was made."),
    "usd": ("usd", "Write names of the record into copies of USD layers."),
    "inspect": ("inspecting", "Read any cut or media file and say what is in it; stores nothing."),
    "cut": ("cuts", "Add, list and show cuts."),
    "conform": ("cuts", "List which version each clip shows, and settle it by hand or CSV."),
    "stamp": ("stamping", "Write edge codes back into the cut's own EDL, OTIO or ALE."),
    "relink": ("relinking", "The same media tree under another name, or where it was moved to."),
    "pixels": ("relinking", "Join files that differ only in their headers to the ones that are explained."),
    "questions": ("gaps", "The fewest questions that would settle what is unaccounted."),
    "answer": ("gaps", "Answer for a group at once; dry run first, can be taken back."),
    "coverage": ("papers", "How many frames of the cut are accounted for, and why the others are not."),
    "matchback": ("papers", "From a frame to who or what made it, from what, on whose say-so."),
    "cut-list": ("papers", "Every event of the cut with its origin."),
    "missing": ("papers", "The missing elements list: every unaccounted range and what would settle it."),
    "where-used": ("papers", "Every cut and frame that a file, version, model or edge code reaches."),
    "changes": ("listing", "What came, went, grew or slipped between two cuts, and what of it nobody has agreed to."),
    "cue-sheet": ("sheets_of_cut", "The AI cue sheet: what models had a hand in, from what, whose, on whose say-so."),
    "clearance-log": (
        "sheets_of_cut",
        "Every use and every tool's terms, what is on file for it and where that stands.",
    ),
    "shot-map": (
        "sheets_of_cut",
        "Each shot that a model had a hand in: how much, with what, and which disclosure is due.",
    ),
    "toolchain": ("registers", "Every tool and model that had a hand in a cut, unknowns first; --public for one page."),
    "pull": (
        "listing",
        "What has to be replaced because of a person, an agreement or a model; the EDL for the vendor.",
    ),
    "eo": ("registers", "Two pages for an insurer: six numbers, then shots, tools, people and gaps."),
    "dupes": ("listing", "The same person, replica, model, dataset or archive item in more than one place."),
    "form": ("forms", "Forms of buyers, authorities and awards, answered from the record as far as it goes."),
    "statement": (
        "statement",
        "What was used of a person or a license: units, arithmetic and a proposed amount; --check does it again.",
    ),
    "credits": ("credits", "End-credit lines of a cut; what is left out is a recorded decision."),
    "contest": ("statement", "Query or dispute a line of a statement that went out, or answer that."),
    "schedule": (
        "registers",
        "The delivery schedule of a cut: exhibits, their files, and what the record lacks for them.",
    ),
    "ask": ("asking", "May this likeness, voice, work, dataset or model be used so? Who must sign? What is not known?"),
    "check": ("check", "Hold a cut against the rules: CLEARED, HELD or REFUSED."),
    "paper-check": ("checking_papers", "Make the proof codes of printed pages again, from the JSON of their paper."),
    "deliver": ("deliver", "Hold a master against the cut, and ask the deliver gate."),
    "assets": ("assets", "The door for asset managers and publishing tools: versions, lineage, the publish gate."),
    "finding": ("findings", "Findings of a cut: list, show, fix, clear."),
    "waive": ("findings", "Go on although a rule is not met, for a time and by name."),
    "turnover": ("turnover", "Ask houses outside to account for frames, and take in what they answer."),
    "mhl": ("mhl", "Histories of copies (ASC MHL): read every generation, write a new one where asked."),
    "pack": ("pack", "The evidence pack of a cut: one file that an outsider checks alone."),
    "export": ("exporting", "For other programs: PROV-JSON of a cut or version, Parquet for questions across shows."),
    "key": ("keys", "The keys that sign the record: create, list, rotate, retire."),
    "witness": ("witness", "Be a witness of other logs, and ask your own: init, trust, serve, sign, submit, status."),
    "store": ("store", "Where the record is kept; move it between SQLite and PostgreSQL."),
    "person": ("person", "People in the record: add, note, depicted, hold, show, export, erase."),
    "take": ("take", "Takes from set and stage: import sheets and logs, list; whose body or voice is in which file."),
    "review": ("review", "Review notes and approvals from a tracker's export: import."),
    "direction": ("direction", "Which human acts are on record for what a model made in a cut."),
    "consent": ("consent", "What people permit: record, grant, amend, suspend, revoke, list, show, import."),
    "license": ("license", "What works, datasets and models come with: record, grant, amend, revoke, list, import."),
    "desk": ("desk", "The clearance desk's small records: profile, notice, approval, determination, use, document …"),
    "hook": ("hooks", "What the compliance team runs on events and at gates; the hook that records inside ComfyUI."),
    "packs": ("packs", "Packs of rules: which judge and why, what they say, their tests and signatures."),
    "log": ("log", "The record: show, verify, prove, checkpoint, publish, recover, problems."),
}
"""Every command: the module below `edgecode.cli` that holds it, and its line in the help."""


class LazyCommands(click.Group):
    """A group that knows its commands by name and imports the module of one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"edgecode.cli.{COMMANDS[cmd_name][0]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's list, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, "-V", "--version", prog_name="edgecode")
def edgecode() -> None:
    """Chain of title for every frame.

    Edge numbers on film stock trace each frame of a cut back to the camera negative. edgecode does it for every frame: who or
    what made it, from what, and how well we know.

    Start with `edgecode demo`, or on your own show: `edgecode look reel1.edl ~/show`.
    """


def _without_values(error: click.ClickException, typed: Sequence[str]) -> click.ClickException:
    """The error without the wrong values, which may be somebody's name where a word was expected. Names of files stay, and so do
    commands and options that are none."""
    if isinstance(error, click.BadParameter) and not isinstance(
        error.param and error.param.type, click.Path | click.File
    ):
        for value in (value for word in typed for value in (word, word.partition("=")[2])):
            if error.message.startswith(f"{value!r} "):
                error.message = f"what was given {error.message.removeprefix(f'{value!r} ')}"
                break
    elif isinstance(error, click.UsageError) and error.message.startswith("Got unexpected extra argument"):
        error.message = "more was given than it takes; words that belong together are put into quotes"
    return error


def main() -> None:
    """Run the command line; a known problem is one sentence on stderr and the exit status of its kind."""
    try:
        edgecode(standalone_mode=False)
    except EdgecodeError as error:
        click.echo(f"edgecode: {error}", err=True)
        sys.exit(error.exit_status)
    except click.ClickException as error:
        _without_values(error, sys.argv[1:]).show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("edgecode: stopped; everything acknowledged is kept", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
