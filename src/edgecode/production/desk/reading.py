"""Reads what people write beside the records of the desk: what a use needs, quantities, reservations, cards; and which packs ask."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.pack import Pack
from edgecode.errors import InputError, UnavailableError
from edgecode.ingest.agreement_fields import FIELD_NAMED
from edgecode.ingest.agreement_form import Misread, day, quantity, read_field
from edgecode.production.record import Record
from edgecode.production.rule_packs.choosing import packs_of
from edgecode.terms.rights import Scope

_DOTTED = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_NEEDS = ("works", "roles", "scenes", "languages", "territories", "media", "modalities", "tools")


def needs_of(written: Mapping[str, str]) -> Scope:
    """What a use needs of a scope: works, roles, scenes, languages, territories, media, modalities, tools.

    Raises InputError ``desk.needs``, which does not repeat the words.
    """
    found: dict[str, object] = {}
    for name, words in written.items():
        if name not in _NEEDS:
            raise InputError("desk.needs", "a use has no such need", f"It may need: {', '.join(_NEEDS)}")
        try:
            found[name] = read_field(FIELD_NAMED[name], words)
        except Misread as misread:
            raise InputError("desk.needs", f"{name}: expected {misread}") from misread
    return msgspec.convert(found, Scope)


def quantities_of(written: Sequence[str]) -> dict[str, int]:
    """``NAME=N`` pairs. Raises InputError ``desk.quantity``."""
    try:
        return dict(quantity(one) for one in written)
    except Misread as misread:
        raise InputError("desk.quantity", f"expected {misread}", "As in: --quantity lines=12") from misread


def reservations_of(written: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """``SCHEME=VALUE@DATE``: signals that somebody reserves rights, and the day on which each was seen. Raises InputError
    ``desk.reservation``."""
    found = []
    for one in written:
        scheme, separator, rest = one.partition("=")
        value, at, seen = rest.rpartition("@")
        try:
            if not (separator and at and scheme):
                raise Misread("SCHEME=VALUE@DATE")
            found.append((scheme.strip(), value.strip(), day(seen)))
        except Misread as misread:
            raise InputError(
                "desk.reservation", f"a reservation was expected as {misread}", "As in: tdmrep=1@2026-11-23"
            ) from misread
    return tuple(found)


def card_of(written: Sequence[str]) -> dict[str, str]:
    """``NAME=VALUE`` fields of a provenance card. Raises InputError ``desk.card``."""
    pairs = [one.partition("=") for one in written]
    if not all(name.strip() and name.isascii() and name.isprintable() and separator for name, separator, _ in pairs):
        raise InputError(
            "desk.card",
            "a field of a card is written NAME=VALUE, its name in ASCII",
            "As in: --card source=own-archive",
        )
    return {name.strip(): value.strip() for name, _, value in pairs}


def asked_by_packs(record: Record) -> dict[str, list[str]]:
    """Which packs of rules read each fact of the profile, by its name; those that only watch are left out. Nothing where the extra that
    reads packs is not installed. Raises like `packs_of` for packs of the production's own."""
    try:
        packs = packs_of(record)
    except UnavailableError:
        return {}
    found: dict[str, list[str]] = {}
    for pack in packs:
        for name in sorted(_facts_read(pack)) if pack.header.tier != "watch" else ():
            if CATALOGUE[name].world == "profile":
                found.setdefault(name, []).append(pack.id)
    return found


def _facts_read(pack: Pack) -> set[str]:
    """The catalogue's names that stand in a pack's expressions."""
    texts = [pack.header.scope, pack.header.agreement]
    for rule in pack.rules:
        texts += [rule.when, rule.effective.fact if rule.effective is not None else ""]
        for requirement in rule.require:
            texts += [requirement.that, *(one.that for one in requirement.where)]
    return {name for text in texts if text for name in _DOTTED.findall(text) if name in CATALOGUE}
