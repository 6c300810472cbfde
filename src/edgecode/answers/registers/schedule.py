"""The delivery schedule: every exhibit that a buyer asks for, ticked where its file is there, with what the record still lacks for it."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.layout.sheets import Sheet
from edgecode.errors import InputError

SCHEDULE_COLUMNS = ("Exhibit", "Essential", "Item", "Format", "File", "SHA-256", "Date", "Status", "Gaps", "Rule")
Need = Literal["", "coverage", "tools", "check", "witness"]
"""What of the record an exhibit rests on: accounted frames, tools without unknowns, a check that clears, witnesses."""

T = TypeVar("T")


class Exhibit(Struct, frozen=True, forbid_unknown_fields=True):
    """*no*: as the buyer numbers it. *rule*: whose demand, or the command that makes it. *on_record*: the
    record has to say that these bytes were delivered (`edgecode deliver`)."""

    no: str
    item: str
    format: str = ""
    essential: bool = False
    needs: Need = ""
    rule: str = ""
    on_record: bool = False


class Schedule(Struct, frozen=True, forbid_unknown_fields=True, rename={"exhibits": "exhibit"}):
    """A buyer's schedule. *citation*: where it comes from."""

    title: str
    citation: str
    exhibits: tuple[Exhibit, ...]


class Handed(Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody says of one exhibit: its *file*, or that it is *waived* or *not_required*, *by* whom (an alias or a role) and *why*.
    *date*: YYYY-MM-DD."""

    file: str = ""
    date: str = ""
    waived: bool = False
    not_required: bool = False
    by: str = ""
    why: str = ""


class Delivered(Struct, frozen=True):
    """A file that is there: its name without folders, and the SHA-256 of its bytes."""

    name: str
    sha256: str


def parse_schedule(data: bytes, *, name: str) -> Schedule:
    """A schedule from TOML. Raises InputError ``schedule.malformed``, also for two exhibits of one number."""
    schedule = _parsed(data, Schedule, name=name)
    numbers = [one.no for one in schedule.exhibits]
    if not numbers or len(set(numbers)) != len(numbers):
        raise InputError(
            "schedule.malformed",
            f"{name} has no exhibit, or two of one number",
            "Give each exhibit a number of its own",
        )
    return schedule


def shipped_schedule() -> Schedule:
    """The schedule that ships."""
    return parse_schedule((files(__package__) / "delivery-schedule.toml").read_bytes(), name="delivery-schedule.toml")


def parse_handed(data: bytes, schedule: Schedule, *, name: str) -> dict[str, Handed]:
    """By number of the exhibit what somebody says of it.

    Raises InputError ``schedule.malformed``, also for an exhibit that the schedule does not have, and ``schedule.who`` for one that is
    waived or not required without saying by whom and why.
    """
    handed = _parsed(data, dict[str, Handed], name=name)
    known = {one.no for one in schedule.exhibits}
    for number, one in handed.items():
        if number not in known:
            raise InputError(
                "schedule.malformed",
                f"{name} speaks of exhibit {number}, which the schedule does not have",
                f"It has {', '.join(sorted(known))}",
            )
        if (one.waived or one.not_required) and not (one.by and one.why):
            raise InputError(
                "schedule.who", f"exhibit {number} is let off without a name or a reason", "Say by = and why ="
            )
        if sum((bool(one.file), one.waived, one.not_required)) != 1:
            raise InputError(
                "schedule.malformed",
                f"exhibit {number} has to be a file, waived or not required, and one of them",
                "Say file =, waived = true or not_required = true",
            )
    return handed


def schedule_sheet(
    schedule: Schedule,
    handed: Mapping[str, Handed],
    delivered: Mapping[str, Delivered],
    gaps: Mapping[str, str],
    *,
    cut: str,
    recorded: Mapping[str, str],
) -> Sheet:
    """One row for each exhibit. *delivered*: files that are there, by number; *gaps*: what the record lacks, by `Need`; *recorded*: days of
    deliveries on record, by digest. A file with gaps is delivered and says so; a waiver is printed with who gave it."""
    rows = tuple(
        _row(one, handed.get(one.no), delivered.get(one.no), gaps.get(one.needs, ""), recorded)
        for one in schedule.exhibits
    )
    states = [row[7].split(" (")[0] for row in rows]
    lacking = [
        one.no for one, state in zip(schedule.exhibits, states, strict=True) if one.essential and state == "open"
    ]
    said = ", ".join(f"{states.count(state):,} {state}" for state in ("delivered", "open", "not required", "waived"))
    foot = (
        f"{counted(len(rows), 'exhibit')}: {said}. Essential and open: {', '.join(lacking) or 'none'}.",
        "Files, waivers and dates are as somebody typed them; the digests were computed from the files as they lie.",
        schedule.citation,
    )
    return Sheet(f"{schedule.title.upper()}  {cut}", SCHEDULE_COLUMNS, rows, foot=foot)


def _row(
    one: Exhibit, said: Handed | None, file: Delivered | None, gap: str, recorded: Mapping[str, str]
) -> tuple[str, ...]:
    state = "open"
    if file is not None:
        state = "delivered"
    elif said is not None and (said.waived or said.not_required):
        state = f"{'waived' if said.waived else 'not required'} (by {said.by}: {said.why})"
    day = recorded.get(file.sha256, "") if file is not None else ""
    if one.on_record and file is not None and not day:
        gap = "; ".join(filter(None, (gap, "no delivery of these bytes is on record")))
    date = (said.date if said is not None else "") or day or ("none" if state == "open" else NOT_RECORDED)
    return (
        one.no,
        "*" if one.essential else "no",
        one.item,
        one.format or "any",
        file.name if file is not None else "none",
        file.sha256 if file is not None else "none",
        date,
        state,
        gap or "none that the record shows",
        one.rule or "the buyer's schedule",
    )


def _parsed(data: bytes, kind: type[T], *, name: str) -> T:
    try:
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), kind)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            "schedule.malformed",
            f"{name} cannot be read as a schedule: {error}",
            "Compare it with docs/how-to/tick-a-delivery-schedule.md",
        ) from error
