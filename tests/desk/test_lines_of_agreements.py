"""Lines that people read of agreements: numbers agree with words, somebody erased has no state to rely on, no stop stands twice."""

from edgecode.answers.desk.lists import ERASED, AgreementLine, AgreementsAnswer
from edgecode.answers.desk.lists_text import agreements_text
from edgecode.answers.layout.fitting import Weights, fitted


def line(**said: object) -> str:
    one = AgreementLine(**{**KNOWN, **said})  # type: ignore[arg-type]
    (text,) = agreements_text(AgreementsAnswer("consent", "2026-11-23", (one,)))
    return text


KNOWN: dict[str, object] = {
    "label": "C-01", "agreement": "id", "person": "P-01", "state": "active", "since": "2026-10-05", "disputed": False,
    "kept": "here", "versions": 1, "unmet": 0,
}  # fmt: skip


def test_one_condition_is_one_and_two_are_two() -> None:
    assert [line(unmet=n).split("   ")[-2].strip() for n in (1, 2)] == ["1 condition not met", "2 conditions not met"]


def test_where_an_agreement_of_somebody_erased_stood_is_said_as_past() -> None:
    assert "erased it stood as active since 2026-10-05" in line(person=ERASED)


def test_what_is_the_same_in_every_row_ends_with_one_stop() -> None:
    rows = [(str(n), "Pull the shot.") for n in range(2)]

    notes = fitted(("No.", "Next step"), rows, columns=60, weights=Weights(("No.",))).notes

    assert notes == ("The same in every row: Next step: Pull the shot.",)
