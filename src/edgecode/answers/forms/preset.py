"""A form as data: its source and its questions, each bound to one thing that the record can say. Read strictly."""

import tomllib
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from edgecode.errors import InputError, NotFoundError


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """*asks*: the word of the closed list of `answering.ANSWERS`. *family*, *kind*: of a small record; *fact*: of a determination;
    *pack*: whose rules."""

    question: str
    asks: str
    family: str = ""
    kind: str = ""
    fact: str = ""
    pack: str = ""


class Preset(Struct, frozen=True, forbid_unknown_fields=True, rename={"questions": "question"}):
    """A form of *issuer*. *confidence*: of the transcription: high, medium or low. *note*: what its reader must know."""

    title: str
    issuer: str
    edition: str
    citation: str
    confidence: str
    questions: tuple[Question, ...]
    note: str = ""


def parse_preset(data: bytes, *, name: str, asks: frozenset[str]) -> Preset:
    """A form from TOML. *asks*: the words that questions may use.

    Raises InputError ``form.malformed`` for anything but a form, and for a question that the record cannot be asked.
    """
    try:
        preset = msgspec.convert(tomllib.loads(data.decode("utf-8")), Preset)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            "form.malformed", f"{name} is no form: {error}", "Compare it with docs/reference/forms.md"
        ) from error
    unknown = sorted({one.asks for one in preset.questions} - asks)
    if unknown or not preset.questions or preset.confidence not in ("high", "medium", "low"):
        what = (
            f"asks the record for {', '.join(unknown)}"
            if unknown
            else "has no question"
            if not preset.questions
            else "has no confidence"
        )
        raise InputError(
            "form.malformed",
            f"{name} {what}",
            f"A question asks one of {', '.join(sorted(asks))}; confidence is high, medium or low",
        )
    return preset


def shipped_names() -> list[str]:
    """The names of the forms that ship."""
    return sorted(one.name.removesuffix(".toml") for one in _folder().iterdir() if one.name.endswith(".toml"))


def shipped(name: str, *, asks: frozenset[str]) -> Preset:
    """A form that ships. Raises NotFoundError ``form.unknown``."""
    if name not in shipped_names():
        raise NotFoundError(
            "form.unknown",
            "no form of this name ships",
            f"Name one of {', '.join(shipped_names())}, or a file: --file FORM.toml",
        )
    return parse_preset((_folder() / f"{name}.toml").read_bytes(), name=name, asks=asks)


def _folder() -> Any:
    return files(__package__) / "presets"
