"""What changed in the consents of a cut between two days: spans that follow one another add up, and equal days change nothing."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.answers.agreements.consent_changes import ConsentChanges, UseStand
from edgecode.answers.agreements.consent_changes_text import changes_text
from edgecode.errors import UsageError
from edgecode.production.checking.changing import consent_changes
from edgecode.production.desk.records import PaperDraft, keep_paper
from questions.story_at_rest import production_of
from rule_samples import HEADER
from stories.story_run import Telling

DAYS = st.integers(0, 240).map(lambda number: (date(2026, 8, 28) + timedelta(days=number)).isoformat())
TOLD = ("02", "08", "09", "13")
"""A withdrawal and a new consent, a guardian's that ends, a license that runs out and is renewed, an erasure."""


@pytest.fixture(scope="module")
def shows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Telling]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield {
            number: stack.enter_context(production_of(number, tmp_path_factory.mktemp(f"show{number}")))
            for number in TOLD
        }


Steps = dict[str, tuple[UseStand, UseStand]]


def steps(answer: ConsentChanges) -> Steps:
    return {one.use: (one.before, one.after) for one in answer.changes}


def one_after_the_other(first: Steps, second: Mapping[str, tuple[UseStand, UseStand]]) -> Steps:
    """Two changes as one; what came back is none."""
    found = {}
    for use in {*first, *second}:
        before = (first.get(use) or second[use])[0]
        after = second[use][1] if use in second else first[use][1]
        if before != after:
            found[use] = before, after
    return found


@given(number=st.sampled_from(TOLD), days=st.tuples(DAYS, DAYS, DAYS).map(sorted))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_of_two_spans_add_up_to_those_of_the_whole(
    shows: dict[str, Telling], number: str, days: list[str]
) -> None:
    first, middle, last = days

    def between(since: str, until: str) -> ConsentChanges:
        return consent_changes(shows[number].production, "Film", since=since, until=until)

    early, late, whole = between(first, middle), between(middle, last), between(first, last)

    assert steps(whole) == one_after_the_other(steps(early), steps(late))
    assert sorted(whole.turns) == sorted((*early.turns, *late.turns))


@given(number=st.sampled_from(TOLD), day=DAYS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_changes_from_a_day_to_itself(shows: dict[str, Telling], number: str, day: str) -> None:
    answer = consent_changes(shows[number].production, "Film", since=day, until=day)

    assert (answer.changes, answer.turns) == ((), ())


def test_a_withdrawal_in_between_is_named_with_what_it_changes(tmp_path: Path) -> None:
    with production_of("02", tmp_path, until=-3) as telling:
        answer = consent_changes(telling.production, "Film", since="2026-11-12", until="2026-11-21")
        alias = telling.aliases["ada"]

    voice = next(one for one in answer.changes if one.kind == "replica_use")
    turns = [(one.day, one.label, one.what, one.before, one.after) for one in answer.turns]
    assert turns == [("2026-11-20", "C-01", ("revoked",), "active", "revoked")]
    assert (voice.person, voice.frames, voice.before.held, voice.after.held) == (alias, 40, "open", "refused")
    assert ("consent-core CONS-02", "pass", "fail, refused") in [
        (one.rule, one.before, one.after) for one in voice.rules
    ]
    assert f"{alias}, replica_use, from 01:00:00:04 to 01:00:01:20, 40 frames: worse" in changes_text(answer)


def test_a_last_day_that_passes_is_a_change_although_nobody_recorded_any(shows: dict[str, Telling]) -> None:
    answer = consent_changes(shows["09"].production, "Film", since="2026-12-31", until="2027-01-01")

    assert [(one.day, one.label, one.what, one.after) for one in answer.turns] == [
        ("2027-01-01", "L-01", ("expired",), "expired")
    ]


OF_A_CUT = (
    HEADER
    + """\
rules:
  - { id: LABEL, title: t, citation: own, basis: design, confidence: high, about: cut, gate: [deliver], severity: block, when: "true",
      require: [ { say: it is labelled, that: disclosure.eu_label || !use.final } ], waivable: false, fix: Label it. }
tests:
  - { name: a, rule: LABEL, given: { disclosure: { eu_label: true } }, expect: pass }
  - { name: b, rule: LABEL, given: { use: { final: true } }, expect: fail }
  - { name: c, rule: LABEL, expect: unknown }
"""
)


def test_a_rule_about_the_whole_cut_that_says_something_else_is_no_use_that_stands_as_before(tmp_path: Path) -> None:
    with production_of("09", tmp_path) as telling:
        production = telling.production
        (production.folder / "packs").mkdir()
        (production.folder / "packs" / "sample.yaml").write_text(OF_A_CUT, "utf-8")
        production.settings = replace(production.settings, packs=("packs",))
        keep_paper(production, PaperDraft(family="disclosure", kind="eu_label", at="2026-11-02", until="2026-11-20"))
        answer = consent_changes(production, "Film", since="2026-11-20", until="2026-11-21")

    (cut,) = answer.changes
    assert (cut.kind, [(one.rule, one.after) for one in cut.rules]) == ("cut", [("sample LABEL", "fail, refused")])
    assert "the whole cut: worse" in changes_text(answer)


def test_the_second_day_never_lies_before_the_first(shows: dict[str, Telling]) -> None:
    with pytest.raises(UsageError) as raised:
        consent_changes(shows["02"].production, "Film", since="2026-11-02", until="2026-11-01")

    assert raised.value.code == "changes.days"
