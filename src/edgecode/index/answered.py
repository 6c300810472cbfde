"""Answers as they were given: what each declares, of what, and whether it still holds."""

import msgspec
from msgspec import Struct

from edgecode.index.keys import record_of
from edgecode.index.rows import data, text
from edgecode.index.store import IndexStore
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind


class AnswerRow(Struct, frozen=True):
    """One answer. *about*: making or effects. *chosen_by*: the rule's kinds that selected the group."""

    key: RecordId
    cut: RecordId
    about: str
    kind: StepKind
    ai: AiUse | None
    chosen_by: tuple[str, ...]
    is_withdrawn: bool
    versions: tuple[RecordId, ...]
    clips: tuple[RecordId, ...]


def answers_given(store: IndexStore) -> list[AnswerRow]:
    """Every answer in the order in which they were given, withdrawn ones included."""
    return [
        AnswerRow(
            key=record_of(data(key)),
            cut=record_of(data(cut)),
            about=text(about),
            kind=StepKind(text(kind)),
            ai=AiUse(text(ai)) if ai is not None else None,
            chosen_by=msgspec.json.decode(text(chosen_by), type=tuple[str, ...]),
            is_withdrawn=bool(withdrawn),
            versions=tuple(record_of(data(row[0])) for row in store.rows("versions_of_answer", key)),
            clips=tuple(record_of(data(row[0])) for row in store.rows("clips_of_answer", key)),
        )
        for key, cut, about, kind, ai, chosen_by, withdrawn in store.rows("answer_listing")
    ]
