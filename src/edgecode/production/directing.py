"""Gathers what is on record of human direction: takes, reviews, their words, and which generations had the same prompt."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from edgecode.answers.chain import Chains
from edgecode.answers.direction import Direction, OnRecord, direction_of
from edgecode.events.kinds import StepPerformed, TextSection
from edgecode.index.catalogue import StepRow, VersionRow, outputs, steps, version_rows
from edgecode.index.directed import reviews, takes
from edgecode.index.rows import number
from edgecode.terms.identity import RecordId
from edgecode.terms.steps import StepKind

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

_PAGE = 1_000
_GENERATES = (StepKind.GENERATE, StepKind.GENERATIVE_EDIT)


def direction(production: "Production", cut: str, *, reveal: bool = False) -> Direction:
    """Which human acts are on record for what a model made in a cut. *reveal*: with the words of notes.

    Raises NotFoundError ``cut.unknown``, InputError ``cut.ambiguous`` and ``rate.unknown``.
    """
    production.catch_up()
    view = production.view(cut)
    said, noted = list(reviews(production.index)), list(takes(production.index).values())
    words = {one.id: text for one in said if (text := _words(production, [one.log_index], notes_only=False))}
    words |= {one.id: text for one in noted if (text := _words(production, one.entries, notes_only=True))}
    record = OnRecord(noted, said, words, _siblings(production))
    return direction_of(
        view,
        Chains(production.index),
        record,
        production=production.title(),
        ledger=production.ledger_point(),
        reveal=reveal,
    )


def _words(production: "Production", entries: Iterable[int], *, notes_only: bool) -> tuple[str, ...]:
    """The words that stand in entries, as far as they can be opened here."""
    found: dict[str, None] = {}
    for index in entries:
        for entry in production.recorded(index, index + 1):
            text = getattr(entry.event, "text", None)
            if isinstance(text, TextSection):
                found |= dict.fromkeys(words for name, words in text.items if name == "note" or not notes_only)
    return tuple(found)


def _siblings(production: "Production") -> dict[RecordId, frozenset[int]]:
    """By generating step the contents that it and every other step with the same prompt, inputs and models made."""
    rows: dict[int, VersionRow] = {}
    after = 0
    while page := production.index.rows("all_versions", after, _PAGE):
        after = number(page[-1][0])
        rows |= version_rows(production.index, [number(one[0]) for one in page], places=False)
    made = steps(production.index, sorted({row.step for row in rows.values() if row.step is not None}))
    groups: dict[str, list[StepRow]] = {}
    for step in made.values():
        if step.kind in _GENERATES and step.status == "done" and (prompt := _prompt(production, step)):
            groups.setdefault(prompt, []).append(step)
    return {
        step.key: contents
        for group in groups.values()
        for contents in (frozenset(_contents(production, group, rows)),)
        for step in group
    }


def _contents(production: "Production", group: Iterable[StepRow], rows: dict[int, VersionRow]) -> Iterator[int]:
    for step in group:
        for version in outputs(production.index, step.id):
            content = rows[version].content if version in rows else None
            yield content if content is not None else -version


def _prompt(production: "Production", step: StepRow) -> str:
    """A digest of what a step was asked for, without seeds and settings; "" where no text of it can be read."""
    for entry in production.recorded(step.log_index, step.log_index + 1):
        event = entry.event
        if not isinstance(event, StepPerformed) or event.text is None or not any(text for _, text in event.text.items):
            return ""
        models = sorted({model.name for model in step.recipe.models}) if step.recipe is not None else []
        inputs = sorted((used.version, used.role.value) for used in step.inputs)
        asked = (step.kind.value, sorted(event.text.items), models, inputs)
        return sha256(msgspec.json.encode(asked)).hexdigest()
    return ""
