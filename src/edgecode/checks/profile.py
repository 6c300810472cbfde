"""The production's profile as its entries come to it: the first word on a fact is anybody's, another word is a named member's.

What is released where and when, for whom and under which agreement decides what rules ask. So a fact that was said is said otherwise only
by a member who decides for the production, and an agreement that was declared is undeclared with that member's signature. Held when it is
entered, and again whenever it is read: an entry that came in by another door does not make anything milder.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from edgecode.checks.desk_rows import Member
from edgecode.checks.member_signatures import approves
from edgecode.events.profile_kinds import ProductionProfiled, profile_statement
from edgecode.terms.rights import FactValue

AGREEMENTS = frozenset({"production.sag", "production.wga", "production.dga"})
"""Facts that declare a guild's agreement."""


class ProfileEntry(Struct, frozen=True):
    """One entry of the profile. *alias*: of whoever said so, "" for nobody; *may*: they decided for the production when it was entered.
    *on*: the day; *log_index*: its place. *signature*: whether it holds under the key that they had then."""

    event: ProductionProfiled
    log_index: int
    on: str
    alias: str = ""
    may: bool = False
    signature: Literal["none", "holds", "fails"] = "none"


class ProfileChange(Struct, frozen=True):
    """A fact that had been said was said otherwise, or taken back (*after* None). *counts*: by somebody who may say so; else *after* does
    not count: an agreement stays declared, and of another fact nobody knows the value. *signed*: with a signature that holds; *forged*:
    with one that does not, so that it counts as not said."""

    name: str
    before: FactValue
    after: FactValue | None
    on: str
    by: str
    counts: bool
    signed: bool
    log_index: int
    forged: bool = False


class Profile(Struct, frozen=True):
    """*values*: what counts. *said*: what was last said of each fact and counts or counted, also where it was taken back."""

    values: Mapping[str, FactValue] = {}
    said: Mapping[str, FactValue] = {}
    changes: tuple[ProfileChange, ...] = ()


def signature_of(event: ProductionProfiled, member: Member | None, *, origin: str) -> Literal["none", "holds", "fails"]:
    """Whether the signature of an entry of the log *origin* is its member's. Where nobody says of which log, it is as if there was none."""
    if not event.fact.signature or not origin:
        return "none"
    values = event.recipe.values if event.recipe is not None else {}
    statement = profile_statement(event.fact, values=values, origin=origin)
    return "holds" if member is not None and approves(member.key, event.fact.signature, statement) else "fails"


def folded(entries: Iterable[ProfileEntry]) -> Profile:
    """The profile by its entries in ledger order."""
    values, said = dict[str, FactValue](), dict[str, FactValue]()
    changes: list[ProfileChange] = []
    for entry in entries:
        recipe = entry.event.recipe
        for name, value in (recipe.values if recipe is not None else {}).items():
            if name not in said or value == said[name]:
                if value is not None:
                    values[name] = said[name] = value
                continue
            is_signed, is_forged = entry.signature == "holds", entry.signature == "fails"
            grave = undeclares(name, said[name])
            # That an agreement binds after all counts whoever says so: it asks more.
            counts = (entry.may and not is_forged and (is_signed or not grave)) or (
                name in AGREEMENTS and not grave and value is not None
            )
            changes.append(
                ProfileChange(
                    name, said[name], value, entry.on, entry.alias, counts or (value is None and not grave), is_signed,
                    entry.log_index, is_forged,
                )
            )  # fmt: skip
            if counts and value is not None:
                values[name] = said[name] = value
            elif not grave or (counts and value is None):
                # Whoever may not say so leaves it open: the old word may be too mild, and so may the new one.
                values.pop(name, None)
    return Profile(values, said, tuple(changes))


def changed(profile: Profile, values: Mapping[str, FactValue | None]) -> dict[str, FactValue]:
    """What *values* would say otherwise than it was said, with what was said: what needs a named member. To declare an agreement, and to
    take back what declares none, need nobody: the one asks more, the other leaves it open."""
    before = {name: profile.said[name] for name, value in values.items() if profile.said.get(name, value) != value}
    return {name: said for name, said in before.items() if undeclares(name, said) or not _is_free(name, values[name])}


def _is_free(name: str, value: FactValue | None) -> bool:
    return value is None or name in AGREEMENTS


def undeclares(name: str, before: FactValue) -> bool:
    """Whether another word than *before* ends the declaration of an agreement."""
    return name in AGREEMENTS and before not in ("none", False)
