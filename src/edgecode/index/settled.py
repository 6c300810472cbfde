"""What people's answers add to the index, and what taking one back undoes. Reducers: no clock, no chance, no files."""

import msgspec

from edgecode.events.kinds import AnswerGiven, AnswerWithdrawn
from edgecode.index.keys import key_of
from edgecode.index.rows import first_number
from edgecode.index.store import IndexStore
from edgecode.index.versions import version_of


def give_answer(store: IndexStore, event: AnswerGiven, log_index: int) -> None:
    """An answer covers exactly the versions and clips that it names; the rule's words stay in the ledger."""
    fact = event.fact
    if store.rows("answer_id", key_of(fact.answer)):
        store.run("add_problem", log_index, "answer.twice", 0, 0)
        return
    ai = fact.claim.ai.value if fact.claim.ai is not None else None
    chosen_by = msgspec.json.encode(fact.by).decode()
    found = store.rows(
        "add_answer", key_of(fact.answer), key_of(fact.cut), fact.about, fact.claim.kind.value, ai, chosen_by, log_index
    )
    answer = first_number(found)
    store.run_many("add_answer_version", [(version_of(store, record, log_index), answer) for record in fact.versions])
    store.run_many("add_answer_clip", [(key_of(record), answer) for record in fact.clips])


def withdraw_answer(store: IndexStore, event: AnswerWithdrawn, log_index: int) -> None:
    """What the answer settled is open again; an older answer about the same thing stands again."""
    if not store.rows("answer_id", key_of(event.fact.answer)):
        store.run("add_problem", log_index, "answer.unknown", 0, 0)
        return
    store.run("withdraw_answer", key_of(event.fact.answer))
