"""The table of gates is that of dependencies.md 2.6, word for word, and nothing at all clears nothing."""

import pytest

from edgecode.checks.gates import held_by, quality_of, word_of

TABLE = {
    ("pass", "block"): ("open", "open", "open", ""),
    ("not_applicable", "block"): ("open", "open", "open", ""),
    ("fail", "info"): ("open", "open", "open", "FYI"),
    ("fail", "warn"): ("open", "open", "open", "FYI"),
    ("unknown", "warn"): ("open", "open", "open", "FYI"),
    ("fail", "disclose"): ("open", "open", "held", "Issue"),
    ("fail", "approve"): ("open", "held", "held", "Issue"),
    ("unknown", "disclose"): ("open", "held", "held", "Issue"),
    ("unknown", "approve"): ("open", "held", "held", "Issue"),
    ("unknown", "block"): ("open", "held", "held", "Blocker"),
    ("error", "warn"): ("held", "held", "held", "Blocker"),
    ("fail", "block"): ("refused", "refused", "refused", "Blocker"),
}


@pytest.mark.parametrize(("case", "row"), list(TABLE.items()), ids=str)
def test_a_gate_does_what_the_table_says(case: tuple[str, str], row: tuple[str, ...]) -> None:
    outcome, severity = case

    assert (
        *(held_by(outcome, severity, gate) for gate in ("ingest", "publish", "deliver")),
        quality_of(outcome, severity),
    ) == row  # type: ignore[arg-type]


def test_the_worst_state_is_the_word_and_no_rules_at_all_clear_nothing() -> None:
    assert [
        word_of([], rules=0),
        word_of([], rules=3),
        word_of(["open", "held"], rules=3),
        word_of(["refused", "held"], rules=3),
    ] == [
        "HELD",
        "CLEARED",
        "HELD",
        "REFUSED",
    ]
