"""What counts of a model, a dataset or a tool's terms that were described more than once.

A later description adds to what is known. It takes back what an earlier one held against the use only when somebody who decides for the
production answers for it with a paper kept since (for the terms of a tool: another page). Until then the stricter word stands, so that
nobody types a finding away; a description that was withdrawn is no exception.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from edgecode.checks.desk_rows import DatasetInfo, ModelInfo, ToolTerms
from edgecode.events.rights_kinds import DatasetItem, ModelTerms, ToolTermsSection
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import ALL

_Info = TypeVar("_Info", ModelInfo, DatasetInfo)
_Word = TypeVar("_Word", bound=str)
_OWN = frozenset({"owned", "commissioned"})


class Described(Struct, frozen=True):
    """One description as it lies in the log. *is_shown*: a named member answers for it with a paper kept since the one before.
    *is_withdrawn*: it was taken back."""

    info: ModelInfo | DatasetInfo
    is_shown: bool = False
    is_withdrawn: bool = False


def standing_models(described: Iterable[Described]) -> Mapping[RecordId, ModelInfo]:
    """What counts of each model, by its version, from all its descriptions in ledger order."""
    found: dict[RecordId, ModelInfo] = {}
    for one in described:
        if isinstance(one.info, ModelInfo):
            _stand(found, one.info, ModelInfo(one.info.version), one)
    return found


def standing_datasets(described: Iterable[Described]) -> Mapping[RecordId, DatasetInfo]:
    """What counts of each dataset, by its version, from all its descriptions in ledger order."""
    found: dict[RecordId, DatasetInfo] = {}
    for one in described:
        if isinstance(one.info, DatasetInfo):
            _stand(found, one.info, DatasetInfo(one.info.version), one)
    return found


def _stand(found: dict[RecordId, _Info], info: _Info, nothing: _Info, one: Described) -> None:
    known = found.get(info.version)
    if one.is_withdrawn:
        held = _held(info, nothing)
        if known is not None or held != nothing:
            found[info.version] = _held(held, known) if known is not None else held
    else:
        found[info.version] = info if known is None or one.is_shown else _held(known, info)


def _held(before: _Info, now: _Info) -> _Info:
    """*now*, with what *before* holds against a use."""
    if isinstance(before, ModelInfo) and isinstance(now, ModelInfo):
        return _held_of_model(before, now)
    if isinstance(before, DatasetInfo) and isinstance(now, DatasetInfo):
        return _held_of_dataset(before, now)
    return now


# ------------------------------------------------------------------------------------------ models


def _held_of_model(before: ModelInfo, now: ModelInfo) -> ModelInfo:
    others = [one for one in (before.whom, *before.also_of) if one.stated and one.person != now.whom.person]
    return replace(
        now,
        parents=_both(before.parents, now.parents),
        trained_on=_both(before.trained_on, now.trained_on),
        undisclosed=now.undisclosed or (before.undisclosed and not now.trained_on),
        one_person=before.one_person or now.one_person,
        terms=_held_terms(before.terms, now.terms),
        also_of=tuple(dict.fromkeys((*now.also_of, *others))),
    )


def _held_terms(before: ModelTerms | None, now: ModelTerms | None) -> ModelTerms | None:
    if before is None:
        return now
    said = now if now is not None else ModelTerms()
    return replace(
        said,
        allowed_works=_narrower(before.allowed_works, said.allowed_works),
        fields=_narrower(before.fields, said.fields),
        restricts_av=before.restricts_av or said.restricts_av,
    )


def _both(before: Sequence[RecordId] | None, now: Sequence[RecordId] | None) -> tuple[RecordId, ...] | None:
    """What was named once stays named; that there is nothing was no more than what somebody said."""
    if not before:
        return None if now is None else tuple(now)
    return tuple(dict.fromkeys((*before, *(now or ()))))


def _narrower(before: Collection[_Word] | None, now: Collection[_Word] | None) -> tuple[_Word, ...] | None:
    """What both allow; of two lists without a common word nothing is."""
    if before is None or ALL in before:
        return None if now is None and before is None else tuple(now if now is not None else before or ())
    if now is None or ALL in now:
        return tuple(before)
    known = {word.casefold() for word in now}
    return tuple(word for word in before if word.casefold() in known)


# ------------------------------------------------------------------------------------------ datasets


def _held_of_dataset(before: DatasetInfo, now: DatasetInfo) -> DatasetInfo:
    left = [item for item in before.items or () if _holds(item) and item not in (now.items or ())]
    return replace(
        now,
        third_party=before.third_party or now.third_party,
        likeness=before.likeness or now.likeness,
        minors=before.minors or now.minors,
        reserved=before.reserved or now.reserved,
        items=now.items if now.items is None else (*now.items, *left),
        reservations=tuple(dict.fromkeys((*before.reservations, *now.reservations))),
    )


def _holds(item: DatasetItem) -> bool:
    """Whether an item asks something of a use: a release or license, a likeness, rights of others, or the file that leads to them."""
    is_foreign = item.basis not in _OWN and item.basis != "unknown"
    return bool(item.release or item.license or item.version or item.likeness or is_foreign)


# ------------------------------------------------------------------------------------------ terms of tools


def standing_terms(seen: Iterable[tuple[ToolTerms, str]]) -> tuple[ToolTerms, ...]:
    """The terms of tools with the digest of the page each was read from ("" for none), in ledger order, as they count."""
    found: dict[str, list[ToolTerms]] = {}
    pages: dict[str, set[str]] = {}
    listed: list[ToolTerms] = []
    for terms, page in seen:
        earlier, known = found.setdefault(terms.tool, []), pages.setdefault(terms.tool, set())
        before = max(earlier, key=lambda one: (one.seen, one.log_index), default=None)
        is_new_page = bool(page) and page not in known
        known.add(page)
        if before is not None and not is_new_page and before.section is not None and terms.section is not None:
            terms = replace(terms, section=_held_of_tool(before.section, terms.section))
        earlier.append(terms)
        listed.append(terms)
    return tuple(listed)


def _held_of_tool(before: ToolTermsSection, now: ToolTermsSection) -> ToolTermsSection:
    days = [one for one in (before.retention_days, now.retention_days) if one is not None]
    return replace(
        now,
        trains_on_inputs=before.trains_on_inputs or now.trains_on_inputs,
        retention_days=max(days) if days else None,
        enterprise=False if before.enterprise is False else now.enterprise,
        indemnity=False if before.indemnity is False else now.indemnity,
        covered_provider=before.covered_provider or now.covered_provider,
        restricts_av=before.restricts_av or now.restricts_av,
        fields=_narrower(before.fields, now.fields),
    )
