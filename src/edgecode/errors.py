"""One tree of errors: every one says which thing, what was expected and what to do next, and carries a stable dotted code."""

from typing import ClassVar


class EdgecodeError(Exception):
    """Work that cannot go on. *code* is stable and dotted; *sentence* names the thing; *remedy* says what to do next.

    No message holds a person's name, a prompt, a secret or a contract term.
    """

    exit_status: ClassVar[int] = 1

    def __init__(self, code: str, sentence: str, remedy: str = "") -> None:
        super().__init__(code, sentence, remedy)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [
            part if part.endswith("?") else part.rstrip(".") + "." for part in (self.sentence, self.remedy) if part
        ]
        return f"{' '.join(parts)} [{self.code}]"


class UsageError(EdgecodeError):
    """The call's own words are off."""

    exit_status = 2


class HeldError(EdgecodeError):
    """A person must act before this can go on."""

    exit_status = 10


class RefusedError(EdgecodeError):
    """A rule or a safeguard refuses this."""

    exit_status = 11


class InputError(EdgecodeError):
    """A file, a record or a value from outside cannot be read as what it should be."""

    exit_status = 20


class NotFoundError(EdgecodeError):
    """A named cut, version, frame or file is not known here."""

    exit_status = 21


class InvalidError(EdgecodeError):
    """A hash, a proof or a signature is wrong: the record does not verify."""

    exit_status = 30


class UnverifiableError(EdgecodeError):
    """It cannot be told whether the record is right: a key, a version or material is missing."""

    exit_status = 32


class DivergedError(EdgecodeError):
    """Two signed checkpoints of one log cannot belong to one history."""

    exit_status = 33


class UnavailableError(EdgecodeError):
    """A service, a device or a file system that this needs cannot be used."""

    exit_status = 40
