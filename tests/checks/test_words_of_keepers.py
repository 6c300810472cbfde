"""What a keeper said against a use is over when they say otherwise and somebody shows it, and not before."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.checks.desk_rows import Standing, said_otherwise
from edgecode.checks.keepers_word import held_to_losses

NAMES = ("consent.revoked", "consent.disputed", "consent.use")
ANSWERS = st.lists(
    st.tuples(st.sampled_from(["c1", "c2"]), st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=3)),
    min_size=1,
    max_size=6,
)


def nobody(one: Standing, after: int) -> bool:
    return False


def anybody(one: Standing, after: int) -> bool:
    return True


def answers(said: list[tuple[str, dict[str, bool]]]) -> list[Standing]:
    return [Standing(f"s{place}", about, place, place, values) for place, (about, values) in enumerate(said)]


@given(ANSWERS)
def test_a_loss_that_was_said_once_stays_in_every_answer_after_it_where_nobody_shows_its_end(
    said: list[tuple[str, dict[str, bool]]],
) -> None:
    rows = answers(said)
    held = held_to_losses(rows, nobody)

    for place, one in enumerate(held):
        before = [row.values for row in rows[: place + 1] if row.about == one.about]
        for name, bad in zip(NAMES, (True, True, False), strict=True):
            if any(values.get(name) is bad for values in before):
                assert one.values[name] is bad
            else:
                assert one.values.get(name) == rows[place].values.get(name)


@given(ANSWERS)
def test_what_is_not_said_again_stays_even_of_one_who_is_believed(said: list[tuple[str, dict[str, bool]]]) -> None:
    rows = answers(said)
    held = held_to_losses(rows, anybody)

    assert all(one.values.items() >= row.values.items() for one, row in zip(held, rows, strict=True))


@given(ANSWERS)
def test_the_order_in_which_answers_are_entered_hides_no_loss(said: list[tuple[str, dict[str, bool]]]) -> None:
    rows = [replace(one, log_index=-place) for place, one in enumerate(answers(said))]

    assert {one.id: one.values for one in held_to_losses(rows, nobody)} == {
        one.id: one.values for one in held_to_losses(answers(said), nobody)
    }


def test_what_protects_somebody_is_not_said_otherwise_by_anybody() -> None:
    known = {"gdpr_subject": "yes", "status": "living", "guilds": "SAG-AFTRA WGA", "minor_until": "2030-01-01"}
    milder = {"gdpr_subject": "no", "status": "deceased", "guilds": "WGA", "minor_until": "adult"}

    assert said_otherwise(known, milder) == set(known)
    assert said_otherwise(known, {"gdpr_subject": "", "status": "", "guilds": ""}) == {
        "gdpr_subject",
        "status",
        "guilds",
    }
    stricter = {"gdpr_subject": "yes", "status": "living", "guilds": "WGA SAG-AFTRA DGA", "minor_until": "2031-01-01"}
    assert said_otherwise(known, stricter) == frozenset()
    assert said_otherwise({}, milder) == said_otherwise({"gdpr_subject": "no"}, {"gdpr_subject": "yes"}) == frozenset()
