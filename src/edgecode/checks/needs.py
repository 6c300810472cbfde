"""What a use asks of a scope, and how much of everything it counts.

What nobody said is None, and then unknown; what a use of this kind does not need at all is ``()``. What somebody declared comes on top
of what lineage and the production's profile say; that it is less is the word of a member who decides (`answers.uses.declared`).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec.structs import replace

from edgecode.checks.register import Agreement, Register
from edgecode.checks.scopes import Shown, kin_of
from edgecode.checks.uses import Use, UseKind
from edgecode.index.persons import day_of
from edgecode.terms.rights import ALL, Act, FactValue, Scope, Training, Words

NOT_SHOWN: frozenset[UseKind] = frozenset({"replica_create", "train", "transfer", "script", "text", "log_append"})
"""Kinds of uses that no audience sees or hears, so that roles, scenes, media, languages and territories play no part unless stated."""
_WITH_TOOLS: frozenset[UseKind] = frozenset(
    {
        "replica_create",
        "replica_use",
        "alteration",
        "synthetic_performer",
        "ai_element",
        "dub",
        "train",
        "archival_alteration",
    }
)


def needs_of(use: Use, register: Register, *, day: str) -> Scope:
    """What a use needs of the scope of a consent. *day*: when it takes place (`day_of_use`), "" unknown."""
    asked, profile = use.needs, register.profile
    unseen = use.kind in NOT_SHOWN
    silent = use.kind != "dub" and shown_by(use) == "picture"
    known = Scope(
        works=asked.works or ((register.production,) if register.production else None),
        roles=_or(asked.roles, () if unseen else None),
        scenes=_or(asked.scenes, () if unseen else None),
        languages=_or(asked.languages, () if unseen or silent else None),
        territories=_or(asked.territories, () if unseen else _strings(profile.get("production.territories"))),
        media=_or(asked.media, () if unseen else _media(use, profile)),
        modalities=asked.modalities,
        since=asked.since or day,
        until=asked.until or asked.since or day,
        tools=_or(asked.tools, None if use.kind in _WITH_TOOLS else ()),
        training=asked.training if use.kind == "train" else "none",
    )
    return known if use.added == Scope() else _with_added(known, use, register)


def _with_added(known: Scope, use: Use, register: Register) -> Scope:
    """The same with what somebody declared beyond it. A production that goes by several names is one work; what nobody can see in a
    picture or hear in a sound is no modality of it, so that who names only such has named none."""
    added = use.added
    names = {register.production, *(_strings(register.profile.get("production.works")) or ())}
    works = tuple(word for word in added.works or () if word not in names) or None
    both = union_of(known, replace(added, works=works, training=None))
    kin = kin_of(shown_by(use))
    is_named = both.modalities is not None and all(set(one) & set(both.modalities) for one in kin)
    modalities = (
        both.modalities if is_named or known.modalities is not None or ALL in (added.modalities or ()) else None
    )
    return replace(both, modalities=modalities, training=known.training)


WORDS = ("works", "roles", "scenes", "languages", "territories", "media", "modalities", "tools")
"""What a scope has as lists of words."""
_TRAINS: Mapping[Training, int] = {"none": 0, "this_production_only": 1, "named_model": 1, "general": 2}


def union_of(one: Scope, other: Scope) -> Scope:
    """What both ask for: every word of either, from the earlier day to the later one, the training that reaches further. What one leaves
    open the other fills."""
    words = {name: _both(getattr(one, name), getattr(other, name)) for name in WORDS}
    starts = [day for day in (one.since, other.since) if day]
    ends = [day for day in (one.until or one.since, other.until or other.since) if day]
    return replace(
        one,
        **words,
        since=min(starts, default=""),
        until=ALL if ALL in ends else max(ends, default=""),
        training=_further(one.training, other.training),
    )


def _both(one: Words, other: Words) -> Words:
    if one is None or other is None:
        return one if other is None else other
    return tuple(dict.fromkeys((*one, *other)))


def _further(one: Training | None, other: Training | None) -> Training | None:
    if one is None or other is None or one == other:
        return other if one is None else one
    if _TRAINS[one] == _TRAINS[other]:
        return "general"
    return max(one, other, key=lambda word: _TRAINS[word])


def license_needs(needs: Scope) -> Scope:
    """The same of a license, which is about a work and nobody's likeness."""
    return replace(needs, roles=(), scenes=(), modalities=(), languages=())


def in_words_of(needs: Scope, scope: Scope, register: Register) -> Scope:
    """The same with this production called as the agreement calls it: its id, EIDR, ISAN, a number (``production.works``)."""
    names = (register.production, *(_strings(register.profile.get("production.works")) or ()))
    if needs.works != (register.production,) or scope.works is None:
        return needs
    called = {word.casefold() for word in scope.works}
    return replace(needs, works=(next((name for name in names if name.casefold() in called), register.production),))


def shown_by(use: Use) -> Shown:
    """Whether it shows somebody in a picture, in sound, or both; "" where neither its place in the cut nor its kind says."""
    if use.kind == "train" and "use.audio_only" in use.facts:
        # What it was trained on, wherever the model's work is on screen.
        return "sound" if use.facts["use.audio_only"] else "picture"
    media = {span.medium for span in use.spans}
    if not media and use.how in {"depicted", "heard"}:
        return "picture" if use.how == "depicted" else "sound"
    if media == {"picture", "sound"}:
        return "both"
    return next(iter(media), "")


def day_of_use(use: Use, register: Register, *, today: str) -> str:
    """When a use takes place: stated, released, or the production's release; of what no audience sees when it was made. "" unknown, also
    where nobody who may say it answers for a release."""
    if use.kind in NOT_SHOWN:
        return day_of(use.made) if use.made else today
    stated = use.facts.get("use.date") or use.stated.get("use.date")
    if stated:
        return str(stated)
    moves = [move for move in register.cut_moves.get(use.cut, ()) if move.state == "released" and not move.undone]
    if "released" in register.open_states_of_cut(use.cut, on=today):
        return ""
    released = [move.on for move in moves if move.vouched]
    if released and "released" in register.states_of_cut(use.cut, on=today):
        return min(released)
    return str(register.profile.get("production.release_date", ""))


def quantities_of(use: Use) -> dict[str, Fraction]:
    """How much a use counts, by the names that maxima have; what nobody counted is not there. What is shown to nobody counts no frame: a
    training lies where its model's work is on screen, and is not on screen itself."""
    counted = {name: Fraction(amount) for name, amount in use.quantities.items()}
    if use.kind in NOT_SHOWN:
        counted["frames"] = Fraction(0) if use.spans else counted.get("frames", Fraction(0))
        if not counted["frames"]:
            counted.setdefault("seconds", Fraction(0))
    elif use.spans:
        counted.setdefault("frames", Fraction(use.frames))
    if "frames" in counted and use.rate:
        counted["seconds"] = max(counted["frames"] / Fraction(use.rate), counted.get("seconds", Fraction(0)))
    return counted | {"uses": Fraction(1)}


def sums(uses: Iterable[Use], *, of_shown: bool = False) -> dict[str, Fraction]:
    """Sums over uses, exact; a quantity that one of them does not know has no sum.

    *of_shown*: what these uses rest on is for an audience, so that only what is shown uses it up and a training of it does not.
    """
    counted = [_unseen(use) if of_shown and use.kind in NOT_SHOWN else quantities_of(use) for use in uses]
    known = set.intersection(*(set(one) for one in counted)) if counted else set()
    return {name: sum((one[name] for one in counted), Fraction(0)) for name in sorted(known)}


_ON_SCREEN = ("frames", "seconds", "lines", "words", "uses")


def _unseen(use: Use) -> dict[str, Fraction]:
    """What a use that is shown to nobody takes of what is counted on screen: nothing. Days and generations are counted wherever they are
    spent; of a training and a transfer there are none unless somebody says so."""
    spent = {name: Fraction(n) for name, n in use.quantities.items() if name not in _ON_SCREEN}
    none = ("days", "generations") if use.kind in ("train", "transfer") else ()
    return {**dict.fromkeys((*_ON_SCREEN, *none), Fraction(0)), **spent}


_SEEN_BY_NOBODY: frozenset[Act] = frozenset({"create", "train", "fine_tune", "transfer", "biometric_process", "retain"})


def is_for_showing(agreement: Agreement, resting: Iterable[Use]) -> bool:
    """Whether what an agreement permits is for an audience, so that its maxima are of what is shown: a consent by its acts, a license by
    what rests on it."""
    acts = {act for version in agreement.versions if version.terms is not None for act in version.terms.acts}
    return bool(acts - _SEEN_BY_NOBODY) if acts else any(use.kind not in NOT_SHOWN for use in resting)


def _or(stated: Words, otherwise: Words) -> Words:
    return stated if stated is not None else otherwise


def _media(use: Use, profile: Mapping[str, FactValue]) -> Words:
    return ("advert",) if use.kind == "advert" else _strings(profile.get("production.media"))


def _strings(value: FactValue | None) -> Words:
    # A rule may read that a picture is released nowhere; of a scope that says nothing, because something is used.
    return value if isinstance(value, tuple) and value else None
