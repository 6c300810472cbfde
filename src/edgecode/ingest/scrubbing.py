"""Takes secrets out of what records and command lines hold before any of it becomes an event."""

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgecode.ingest.generation.records import Record
from edgecode.ingest.generation.secrets import REMOVED, names_a_secret, scrub


class Scrubbed(Struct, frozen=True):
    """Named texts without secrets, and where a secret stood (never its value)."""

    texts: tuple[str, ...]
    where: tuple[str, ...] = ()


def without_secrets(named: Sequence[tuple[str, str]]) -> Scrubbed:
    """(name, text) pairs scrubbed together: a value found secret in one is taken out of all."""
    records, where = scrub([Record(name, text.encode("utf-8", "surrogatepass"), text) for name, text in named])
    return Scrubbed(tuple(record.text for record in records), where)


def settings_without_secrets(settings: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Settings with the values of secret names removed, and the names of those that were."""
    secret = tuple(name for name, value in settings.items() if value and names_a_secret(name))
    kept = {name: REMOVED if name in secret else value for name, value in settings.items()}
    shaped = without_secrets(list(kept.items()))
    return dict(zip(kept, shaped.texts, strict=True)), (*secret, *shaped.where)


def command_without_secrets(command: Sequence[str]) -> Scrubbed:
    """A command line as one text (arguments as JSON, so that it reads back exactly) without what looks like a secret.

    ``--api-key VALUE`` and ``--api-key=VALUE`` lose their values; so does anything in the shape of a token.
    """
    kept: list[str] = []
    where: list[str] = []
    expects_secret = ""
    for argument in command:
        name, equals, value = argument.partition("=")
        if expects_secret and not argument.startswith("-"):
            kept.append(REMOVED)
            where.append(expects_secret)
        elif equals and value and names_a_secret(name.lstrip("-")):
            kept.append(f"{name}={REMOVED}")
            where.append(name)
        else:
            kept.append(argument)
        expects_secret = argument if argument.startswith("-") and names_a_secret(argument.lstrip("-")) else ""
    shaped = without_secrets([("argument", argument) for argument in kept])
    return Scrubbed((json.dumps(list(shaped.texts), ensure_ascii=False),), (*where, *shaped.where))
