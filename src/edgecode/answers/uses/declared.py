"""Uses as people declare them: they fill gaps of what lineage shows, say what it cannot (a dub, a language), and add what no cut shows.

What is declared fills a gap and never overrules or narrows. That a use is of another kind, asks for less than lineage and the profile say,
shows nobody under age, or is asked less because of what somebody says of it, is the word of a member who decides, with a reason
(`checks.declaring.settles`). With a word of nobody every rule is asked both ways, with it and without, and the stricter answer counts
(`Use.ways`): so it fills a gap towards the stricter side only, whichever fact it is, those that settle which acts are asked among them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast, get_args

from msgspec.structs import asdict, replace

from edgecode.answers.cuts.view import CutView
from edgecode.checks.declaring import settles
from edgecode.checks.needs import WORDS, day_of_use, needs_of, union_of
from edgecode.checks.register import DeclaredUse, Register
from edgecode.checks.uses import PersonState, Span, Use, UseKind, use_key
from edgecode.terms.evidence import Visibility
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import FactValue, Scope

FINER: Mapping[UseKind, tuple[UseKind, ...]] = {
    "dub": ("replica_use", "alteration"),
    "synthetic_performer": ("ai_element",),
    "advert": (),
}
"""What somebody may say more exactly of a use than lineage can: the declared kind, and the derived ones that it names."""

WHOLE_CUT = -1
"""The clip and track of a span that no clip stands for."""

Places = Mapping[str, Sequence[tuple[RecordId, tuple[Span, ...]]]]


def with_declared(
    uses: Iterable[Use],
    view: CutView,
    register: Register,
    places: Places,
    *,
    refs: Mapping[int, str],
    is_final: bool | None,
) -> list[Use]:
    """*uses* with what was declared of them, and the declared ones that lineage does not show.

    *places*: by id of the declaration, the versions on screen that it reaches and where.
    """
    found = list(uses)
    for declared in sorted(register.uses.values(), key=lambda one: one.log_index):
        if declared.cut not in ("", view.cut):
            continue
        there = places.get(declared.id, ())
        kind = _kind(declared)
        at = [n for n, use in enumerate(found) if _is_meant(use, declared, kind, {version for version, _ in there})]
        beside = []
        for n in at:
            is_settled = _settles(declared, found[n], register)
            told = _told(found[n], declared, register, is_settled=is_settled)
            other = _as_kind(told, kind, subject=_subject(found[n], refs), is_settled=is_settled)
            # Whoever says that it is another kind of use and settles nothing has it judged as both.
            found[n] = other if is_settled and other is not None else told
            beside += [other] if other is not None and not is_settled else []
        found += [one for one in beside if all(one.key != known.key for known in found)]
        if not at and kind is not None:
            found += _added(declared, kind, view, there, register, refs=refs, is_final=is_final)
    return found


def _kind(declared: DeclaredUse) -> UseKind | None:
    said = declared.values.get("use.kind")
    return cast(UseKind, said) if said in get_args(UseKind) else None


def _is_meant(use: Use, declared: DeclaredUse, kind: UseKind | None, shown: set[RecordId]) -> bool:
    """Whether a declaration is about a derived use: of the same person, on a version that it reaches, of no other kind."""
    if use.version not in shown and not (use.kind == "train" and use.version in declared.versions):
        return False
    if kind is not None and kind != use.kind and use.kind not in FINER.get(kind, ()):
        return kind == "performance" and use.kind == "performance"
    if declared.whom.stated:
        if declared.whom.person is None:
            return declared.whom.erased and use.person_state == "erased"
        return use.person == declared.whom.person
    return use.person is None or kind is None


def _settles(declared: DeclaredUse, use: Use, register: Register) -> bool:
    persons = {use.person} if use.person is not None else set()
    return settles(declared, register, persons=persons, versions=use.about | {use.version})


def _told(use: Use, declared: DeclaredUse, register: Register, *, is_settled: bool) -> Use:
    """A derived use with what was declared of it; what lineage shows stays, and of quantities the larger counts."""
    values, scope = _counted(declared, use.cut, register, is_settled=is_settled)
    own = {name: n for name, n in declared.quantities.items() if name != "frames"}
    told = replace(
        use,
        declared=declared.id,
        stated={**use.stated, **values} if is_settled else use.stated,
        unnamed=use.unnamed if is_settled else {**values, **use.unnamed},
        quantities={**use.quantities, **{name: max(n, use.quantities.get(name, n)) for name, n in own.items()}},
        about=use.about | {declared.id, *declared.versions},
    )
    return _asking(told, declared, values, scope, register, is_settled=is_settled)


def _counted(
    declared: DeclaredUse, cut: RecordId, register: Register, *, is_settled: bool
) -> tuple[Mapping[str, FactValue], Scope]:
    """The facts and the needs of a declaration that count. Of a person those that make a rule ask for less are a deciding member's, and a
    day counts beside the one of the release, where that is known."""
    if is_settled:
        return declared.values, declared.scope
    values = {name: value for name, value in declared.values.items() if not name.startswith("person.") or value is True}
    scope, day = declared.scope, str(values.get("use.date", ""))
    is_released = any(move.state == "released" for move in register.cut_moves.get(cut, ()))
    if day and (is_released or register.profile.get("production.release_date")):
        values.pop("use.date")
        scope = union_of(scope, Scope(since=day, until=day))
    return values, scope


def _asking(
    use: Use,
    declared: DeclaredUse,
    values: Mapping[str, FactValue],
    scope: Scope,
    register: Register,
    *,
    is_settled: bool,
) -> Use:
    """The same with what was declared that it needs: on top of everything else, unless a member who decides says that this is all."""
    said = {name: value for name, value in asdict(scope).items() if value not in (None, "", {})}
    if is_settled:
        open_ = {name: getattr(Scope(), name) for name in said}
        told = replace(use, needs=replace(use.needs, **said), added=replace(use.added, **open_))
        facts = {name for name, value in values.items() if name != "use.kind" and name not in use.facts}
        milder = {name for name in facts if not (name.startswith("person.") and values[name] is True)}
        less = {(name, declared.id) for name in milder | _less(use, told, register)}
        return replace(told, narrowed=tuple(sorted({*use.narrowed, *less})))
    # Tools and trainings are no matter of the profile: what lineage has of them is all there is.
    made = {name: getattr(union_of(use.needs, scope), name) for name in ("tools", "training")}
    added = replace(union_of(use.added, scope), tools=None, training=None)
    return replace(use, needs=replace(use.needs, **made), added=added)


def _less(use: Use, told: Use, register: Register) -> set[str]:
    """What of a scope it needs less of than without that word."""
    day = day_of_use(use, register, today="")
    before, after = (needs_of(one, register, day=day) for one in (use, told))
    both = union_of(after, before)
    less = {name for name in ("since", "until", "training") if getattr(both, name) != getattr(after, name)}
    words = {name: (getattr(before, name), getattr(after, name)) for name in WORDS}
    return less | {name for name, (known, said) in words.items() if set(known or ()) - set(said or ())}


def _as_kind(told: Use, kind: UseKind | None, *, subject: str, is_settled: bool) -> Use | None:
    """The use as one of the declared kind; None where that is no other kind."""
    if kind == "performance":
        # Somebody answers for what lineage leaves open: they are in it as they were filmed.
        return replace(told, facts={**told.facts, "use.recorded_making": True}) if is_settled else None
    if kind is None or kind == told.kind or (kind == "synthetic_performer" and not is_settled):
        return None
    facts = {**told.facts, "use.kind": kind}
    if kind == "dub" and told.kind == "replica_use":
        facts["use.dub_by_replica"] = True
    elif kind == "dub":
        facts.pop("use.dub_by_replica", None)
    key = use_key(kind, version=told.version, subject=subject)
    return replace(told, kind=kind, key=key, facts=facts)


def _subject(use: Use, refs: Mapping[int, str]) -> str:
    if use.person is not None:
        return refs.get(use.person, "")
    return use.person_state if use.person_state in ("erased", "unknown") else ""


def _added(
    declared: DeclaredUse,
    kind: UseKind,
    view: CutView,
    there: Sequence[tuple[RecordId, tuple[Span, ...]]],
    register: Register,
    *,
    refs: Mapping[int, str],
    is_final: bool | None,
) -> list[Use]:
    """Uses that only a declaration shows: of versions that are in the cut, of the cut, or of the whole production."""
    if declared.versions:
        return [
            _new(declared, kind, view, version, spans, register, refs=refs, is_final=is_final)
            for version, spans in there
        ]
    return [_new(declared, kind, view, "", _in_cut(declared, view), register, refs=refs, is_final=is_final)]


def _in_cut(declared: DeclaredUse, view: CutView) -> tuple[Span, ...]:
    if not declared.cut:
        return ()
    first = max(0, declared.first or 0)
    end = min(view.clock.frames, declared.end if declared.end is not None else view.clock.frames)
    span = Span(first, end, WHOLE_CUT, WHOLE_CUT, "picture", Visibility.CERTAIN)
    return (span,) if first < end else ()


def _new(
    declared: DeclaredUse,
    kind: UseKind,
    view: CutView,
    version: RecordId,
    spans: tuple[Span, ...],
    register: Register,
    *,
    refs: Mapping[int, str],
    is_final: bool | None,
) -> Use:
    whom = declared.whom
    name = refs.get(whom.person, "") if whom.person is not None else ""
    facts: dict[str, FactValue] = {"use.kind": kind}
    if is_final is not None and spans:
        facts["use.final"] = is_final
    use = Use(
        key=use_key(kind, version=version, subject=name, clip="" if version else declared.id),
        kind=kind,
        cut=view.cut,
        spans=spans,
        version=version,
        about=frozenset({declared.id, view.cut, *declared.versions, *([version] if version else [])}),
        declared=declared.id,
        person=whom.person,
        alias=whom.alias,
        person_state=_state(declared),
        how="declared",
        facts=facts,
        rate=str(view.clock.rate),
    )
    is_settled = _settles(declared, use, register)
    values, scope = _counted(declared, view.cut, register, is_settled=is_settled)
    use = _asking(replace(use, stated=values), declared, values, scope, register, is_settled=is_settled)
    own = {name: n for name, n in declared.quantities.items() if name != "frames"}
    return replace(use, quantities={"frames": use.frames, **own} if spans else own)


def _state(declared: DeclaredUse) -> PersonState:
    if declared.whom.person is not None:
        return "recorded"
    if declared.whom.stated:
        return "erased" if declared.whom.erased else "unknown"
    return "none" if declared.values.get("person.status") == "none" else "unstated"
