"""Uses as people declare them: they fill gaps of what lineage shows, say what it cannot (a dub, a language), and add what no cut shows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast, get_args

from msgspec.structs import asdict, replace

from edgecode.answers.cut_view import CutView
from edgecode.checks.declaring import settles
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
        for n in at:
            found[n] = _told(found[n], declared, kind, register, subject=_subject(found[n], refs))
        if not at and kind is not None:
            found += _added(declared, kind, view, there, refs=refs, is_final=is_final)
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


def _told(use: Use, declared: DeclaredUse, kind: UseKind | None, register: Register, *, subject: str) -> Use:
    """A derived use with what was declared of it; what lineage shows stays."""
    stated = {**use.stated, **declared.values}
    told = replace(
        use,
        declared=declared.id,
        stated=stated,
        needs=_together(use.needs, declared.scope),
        quantities={**use.quantities, **{name: n for name, n in declared.quantities.items() if name != "frames"}},
        about=use.about | {declared.id, *declared.versions},
    )
    persons = {use.person} if use.person is not None else set()
    is_settled = settles(declared, register, persons=persons, versions=use.about | {use.version})
    if kind == "performance":
        # Somebody answers for what lineage leaves open: they are in it as they were filmed.
        return replace(told, facts={**told.facts, "use.recorded_making": True}) if is_settled else told
    if kind is None or kind == use.kind or (kind == "synthetic_performer" and not is_settled):
        return told
    facts = {**told.facts, "use.kind": kind}
    if kind == "dub" and use.kind == "replica_use":
        facts["use.dub_by_replica"] = True
    elif kind == "dub":
        facts.pop("use.dub_by_replica", None)
    key = use_key(kind, version=use.version, subject=subject)
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
    *,
    refs: Mapping[int, str],
    is_final: bool | None,
) -> list[Use]:
    """Uses that only a declaration shows: of versions that are in the cut, of the cut, or of the whole production."""
    if declared.versions:
        return [_new(declared, kind, view, version, spans, refs=refs, is_final=is_final) for version, spans in there]
    return [_new(declared, kind, view, "", _in_cut(declared, view), refs=refs, is_final=is_final)]


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
        stated=declared.values,
        needs=declared.scope,
        rate=str(view.clock.rate),
    )
    own = {name: n for name, n in declared.quantities.items() if name != "frames"}
    return replace(use, quantities={"frames": use.frames, **own} if spans else own)


def _state(declared: DeclaredUse) -> PersonState:
    if declared.whom.person is not None:
        return "recorded"
    if declared.whom.stated:
        return "erased" if declared.whom.erased else "unknown"
    return "none" if declared.values.get("person.status") == "none" else "unstated"


def _together(one: Scope, other: Scope) -> Scope:
    """What both ask for; where both say something the later one counts."""
    said = {name: value for name, value in asdict(other).items() if value not in (None, "", {})}
    return replace(one, **said)
