"""Who has to act so that a use becomes possible: the person or whoever signs for them, a licensor, a union, a member in a role, a keeper.

People are named by alias. That somebody is named here says that the record has them in that place, not that a law does.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from edgecode.checks.deciding import LEFT_TO_LEGAL, MAY_DECIDE, OF_FORM
from edgecode.checks.lifecycle import OF_THE_DEAD, may_sign
from edgecode.checks.register import PersonInfo, Register, Representation
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.terms.rights import Act, Capacity, Role

Part = Capacity | Literal["person", "estate", "licensor", "buyer", "member", "keeper", "production"]
"""In which place somebody acts. *keeper*: whoever keeps an agreement that this log only refers to; *production*: whoever knows it here."""

_UNION = frozenset({"consent.by_union", "approval.union_transfer"})
_OF_REPLICAS = frozenset({"use.replica_overdue", "use.replica", "use.source"})
_BUYER = frozenset({"approval.netflix_written", "approval.commissioner", "approval.editorial_policy"})


class Actor(Struct, frozen=True, order=True):
    """*who*: an alias, "" where the record names nobody. *of*: the alias of whom they sign for. *decision*: how several heirs decide;
    *share*: the part of this one, ``1/2``. *roles*: of a member, any of which will do. *how*: what they do, as a sentence."""

    part: Part
    who: str = ""
    of: str = ""
    decision: str = ""
    share: str = ""
    roles: tuple[Role, ...] = ()
    how: str = ""


def signers_of(register: Register, person: int, acts: Iterable[Act], *, on: str) -> tuple[Actor, ...]:
    """Who could give a consent of a person for these acts on a day.

    In life the person, and whoever represents them; of a minor a guardian alone; of somebody dead the heirs as they decide, and the union
    where the record says that somebody looked for them and found none.
    """
    info = register.persons.get(person)
    if info is None:
        return ()
    able = [
        one for one in register.representations.values() if may_sign(one, person, acts=tuple(sorted(set(acts))), on=on)
    ]
    if _is_dead(info, on):
        return _heirs(info, able)
    if info.was_minor(on):
        guardians = tuple(_actor(one, info) for one in able if _capacity(one) in {"guardian", "court_appointed"})
        return guardians or (_nobody("guardian", info, "Record who may sign: edgecode person represent"),)
    signs = "Sign a consent that names the act: edgecode consent record"
    others = (_actor(one, info) for one in able if _capacity(one) not in {*OF_THE_DEAD, "guardian", "union"})
    return (Actor("person", info.alias, info.alias, how=signs), *others)


def _heirs(info: PersonInfo, able: Iterable[Representation]) -> tuple[Actor, ...]:
    listed = list(able)
    heirs = tuple(_actor(one, info) for one in listed if _capacity(one) in OF_THE_DEAD)
    searched = any(one.section is not None and one.section.searched for one in listed)
    unions = tuple(_actor(one, info) for one in listed if _capacity(one) == "union" and searched)
    return (*heirs, *unions) or (_nobody("estate", info, "Record who may sign: edgecode person represent"),)


def actors_for(fact: str, register: Register, *, person: int | None, acts: Iterable[Act], on: str) -> tuple[Actor, ...]:
    """Who could settle a fact of the catalogue. *person*: whom the use depicts, by dense id, None: nobody known."""
    meant = CATALOGUE.get(fact)
    if meant is None:
        return (Actor("production", how="Say it where it is asked: docs/reference/packs.md"),)
    if fact in _UNION:
        return (Actor("union", how="Ask the union, and record what it answers"),)
    if fact in _BUYER:
        return (Actor("buyer", how="Ask the buyer in writing, and record the answer: edgecode desk approval"),)
    if meant.world == "status" and _is_kept_elsewhere(register, person, meant.root):
        return (Actor("keeper", how=f"Say how the agreement stands: edgecode {meant.root} standing"),)
    if meant.root in ("consent", "representation") and fact not in OF_FORM:
        found = signers_of(register, person, acts, on=on) if person is not None else ()
        return found or (Actor("production", how="Say who is in it: edgecode person depicted"),)
    if meant.root == "license":
        return (Actor("licensor", how="License it, or extend what is licensed: edgecode license record"),)
    if meant.world == "classification" or meant.root in ("approval", "determination") or fact in OF_FORM:
        return _deciders(fact, register)
    return (Actor("production", how=_how(fact)),)


def _is_kept_elsewhere(register: Register, person: int | None, kind: str) -> bool:
    """Whether an agreement that may be meant has a keeper to be asked; of one kept here, or of none, nobody else knows more."""
    listed = (
        register.agreements_of(person) if kind == "consent" and person is not None else register.agreements.values()
    )
    return any(one.kind == kind and one.kept == "elsewhere" for one in listed)


def _deciders(fact: str, register: Register) -> tuple[Actor, ...]:
    roles: tuple[Role, ...] = ("legal",) if fact in LEFT_TO_LEGAL else MAY_DECIDE
    root, _, word = fact.partition(".")
    what = f"edgecode desk approval {word}" if root == "approval" else f"edgecode desk determination {fact}"
    members = [one for one in register.members.values() if not one.retired and set(one.roles) & set(roles)]
    found = tuple(Actor("member", one.alias, roles=roles, how=f"Decide it: {what}") for one in members)
    return found or (Actor("member", roles=roles, how=f"Decide it: {what}; nobody has such a role yet"),)


def _how(fact: str) -> str:
    meant = CATALOGUE[fact]
    if meant.world == "profile":
        return f"Fill in the profile: edgecode desk profile {fact}=…"
    if meant.root in ("notice", "disclosure", "payment"):
        return f"Record it: edgecode desk {meant.root}"
    if meant.root == "attest":
        return "Record it: edgecode desk attestation"
    if fact == "person.state":
        return "Say who is in it: edgecode person depicted"
    if meant.root == "person":
        return "Note it of the person: edgecode person set"
    if fact == "tool.training":
        return "Say what the model was trained on: edgecode desk model"
    if fact in _OF_REPLICAS:
        return "Record the replica, and ask with it: edgecode person replica"
    if meant.root == "tool":
        return "Record the tool's terms: edgecode desk tool-terms"
    if meant.root == "dataset":
        return "Describe the dataset: edgecode desk dataset"
    return f"Say it of the use: edgecode desk use KIND --about WHAT --fact {fact}=…, or here: --fact {fact}=…"


def said_of_a_use(facts: Iterable[str]) -> list[str]:
    """Those of *facts* that `edgecode desk use` says of a use, where lineage does not tell them."""
    known = [name for name in facts if name in CATALOGUE and name not in _OF_REPLICAS]
    return [name for name in known if CATALOGUE[name].root == "use" and CATALOGUE[name].world == "derived"]


def _is_dead(info: PersonInfo, on: str) -> bool:
    died = info.fields.get("deceased_on", "")
    return died < on if died else info.fields.get("status") == "deceased"


def _capacity(one: Representation) -> str:
    return one.section.capacity if one.section is not None else ""


def _actor(one: Representation, of: PersonInfo) -> Actor:
    section = one.section
    assert section is not None  # `may_sign` takes no other
    share = f"{section.share[0]}/{section.share[1]}" if section.share is not None else ""
    how = "Sign for them: edgecode consent record --representation"
    return Actor(section.capacity, one.agent.alias, of.alias, section.decision or "", share, how=how)


def _nobody(part: Part, of: PersonInfo, how: str) -> Actor:
    return Actor(part, of=of.alias, how=how)
