"""A production with a desk, its commands run in this process as a person would, and what was planted in it to be found nowhere."""

from dataclasses import dataclass
from pathlib import Path

from edgecode.cli.app import edgecode
from edgecode.errors import EdgecodeError
from edgecode.production import Production
from running import Done, command_runner

NAME, DESCRIPTION, FEE, CLAUSE, REASON = (
    "Wilhelmina Oxenstierna",
    "her weeping face in the burning library",
    "4815162342",
    "revocable by pigeon post alone",
    "because the countess said so",
)
SECRETS = (NAME, DESCRIPTION, FEE, CLAUSE, REASON)
SIGNED = ("--signed-on", "2026-10-01")
WHOLE = ("--acts", "use_this_work alter", "--form", "rider", "--description", DESCRIPTION, *SIGNED)


@dataclass
class Desk:
    """One production; *run* gives commands to it."""

    folder: Path

    def run(self, *words: str) -> Done:
        """`edgecode` with these words for this production."""
        done = command_runner().invoke(edgecode, [*words, "--production", str(self.folder)], standalone_mode=False)
        error = done.exception
        if isinstance(error, EdgecodeError):
            return Done(error.exit_status, done.stdout, f"{done.stderr}edgecode: {error}")
        if error is not None and not isinstance(error, SystemExit):
            raise error
        return Done(done.exit_code, done.stdout, done.stderr)

    def did(self, *words: str) -> str:
        """What a command prints that must work."""
        done = self.run(*words)
        assert done.status == 0, done.err
        return done.out.strip()

    def refused(self, *words: str) -> tuple[int, str]:
        """Exit status and code of a command that must not work."""
        done = self.run(*words)
        assert done.status != 0, done.out
        return done.status, done.err.rpartition("[")[2].rstrip("]\n")

    def file(self, name: str, text: str) -> str:
        """A file beside the production; its path."""
        path = self.folder.parent / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def size(self) -> int:
        """Entries of the log."""
        with Production.open(self.folder) as production:
            return production.log.size


def desk_in(folder: Path) -> Desk:
    """A production with a performer P-01, counsel P-02, an artist P-03 and a clearance coordinator P-04."""
    Production.create(folder, title="The desk").close()
    desk = Desk(folder)
    desk.did("person", "add", "--name", NAME)
    for alias, role in (("P-02", "legal"), ("P-03", "artist"), ("P-04", "clearance")):
        desk.did("person", "add", "--name", f"Somebody {alias}")
        desk.did("person", "role", alias, "--role", role)
    return desk
