"""What the terms of the models and tools behind a use say it may be used for: which works, and where it is shown."""

from collections.abc import Collection, Iterable, Mapping

from edgecode.checks.needs import NOT_SHOWN, needs_of
from edgecode.checks.register import ModelInfo, Register
from edgecode.checks.uses import Use
from edgecode.terms.rights import ALL, FactValue

_MADE_WITH = frozenset(
    {
        "replica_create",
        "replica_use",
        "alteration",
        "synthetic_performer",
        "ai_element",
        "dub",
        "archival_alteration",
        "advert",
        "text",
        "script",
    }
)


def limits_of_terms(use: Use, register: Register) -> Mapping[str, FactValue]:
    """``tool.terms_limit`` and ``tool.terms_allow``: by every model and tool that the use rests on and whose terms are on record.

    A model that nobody described is another rule's finding; of it no limit is known, and none is made up.
    """
    if use.kind not in _MADE_WITH or register.unreadable:
        return {}
    said = list(_said(use, register))
    if not said:
        # A declared use that lies nowhere is a scenario's: what it does not say of itself nobody knows.
        is_scenario = use.declared and not (use.cut or use.version or use.spans)
        return {} if is_scenario else {"tool.terms_limit": False}
    facts: dict[str, FactValue] = {"tool.terms_limit": True}
    if False in said:
        facts["tool.terms_allow"] = False
    elif None not in said:
        facts["tool.terms_allow"] = True
    return facts


def is_for_this_alone(model: ModelInfo | None, register: Register) -> bool | None:
    """Whether by its terms on record a model may be used for this production and for nothing else; None where they name no works."""
    terms = model.terms if model is not None else None
    if terms is None or terms.allowed_works is None:
        return None
    works = {word.casefold() for word in terms.allowed_works}
    return bool(works) and works <= _called(register)


def _called(register: Register) -> frozenset[str]:
    """The names by which agreements and terms call this production, in small letters."""
    own = (register.production, *_strings(register.profile.get("production.works")))
    return frozenset(word.casefold() for word in own)


def _said(use: Use, register: Register) -> Iterable[bool | None]:
    """Of each limit on record whether it allows this use; None where nobody has said where it is shown."""
    own = _called(register)
    media = () if use.kind in NOT_SHOWN else needs_of(use, register, day="").media
    for record in sorted({*use.about, *use.material}):
        model = register.models.get(record)
        terms = model.terms if model is not None else None
        if terms is not None and terms.allowed_works is not None:
            works = {word.casefold() for word in terms.allowed_works}
            yield ALL in works or bool(works & own)
        if terms is not None and terms.fields is not None:
            yield _fits(media, terms.fields)
    for tool in sorted(set(use.needs.tools or ()) - {ALL}):
        read = register.terms_of_tool(tool)
        if read is not None and read.section is not None and read.section.fields is not None:
            yield _fits(media, read.section.fields)


def _fits(media: Collection[str] | None, fields: Collection[str]) -> bool | None:
    if media is None:
        return None
    return ALL in fields or set(media) <= set(fields)


def _strings(value: FactValue | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
