"""How much of a maximum uses take up, counted by hand: what is shown or heard counts, what a model was trained on is neither."""

from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from edgecode.checks.needs import sums
from edgecode.checks.scopes import match_scope
from edgecode.checks.uses import Span, Use, UseKind
from edgecode.terms.evidence import Visibility
from edgecode.terms.rights import Scope

LINE = (Span(4, 28, 1, 1, "sound", Visibility.CERTAIN),)
"""24 frames at 24 a second: one second."""


def use(kind: UseKind, **more: Any) -> Use:
    return Use(**{"key": kind, "kind": kind, "spans": LINE, "rate": "24", "quantities": {"frames": 24}, **more})


def test_the_training_behind_a_line_adds_a_use_and_no_frame_to_it() -> None:
    assert sums([use("replica_use"), use("train")]) == {"frames": 24, "seconds": 1, "uses": 2}


@pytest.mark.parametrize("kind", ["train", "script", "transfer", "replica_create", "text", "log_append"])
def test_a_declared_use_that_lies_in_no_cut_leaves_the_frames_of_the_others_known(kind: UseKind) -> None:
    unplaced = use(kind, spans=(), quantities={"words": 240}, rate="")

    assert sums([use("replica_use"), unplaced]) == {"frames": 24, "seconds": 1, "uses": 2}


def test_a_line_that_nobody_placed_leaves_the_frames_of_all_unknown() -> None:
    assert sums([use("replica_use"), use("replica_use", spans=(), quantities={})]) == {"uses": 2}


def test_seconds_that_somebody_states_of_a_training_count() -> None:
    stated = use("train", quantities={"frames": 24, "seconds": 90})

    assert sums([use("replica_use"), stated]) == {"frames": 24, "seconds": 91, "uses": 2}


def test_two_lines_of_one_second_and_a_frame_are_two_seconds_and_a_frame() -> None:
    longer = (Span(40, 65, 2, 1, "sound", Visibility.CERTAIN),)

    assert sums([use("replica_use"), use("replica_use", spans=longer, quantities={"frames": 25})]) == {
        "frames": 49,
        "seconds": Fraction(49, 24),
        "uses": 2,
    }


@pytest.mark.parametrize(
    ("frames", "said"),
    [(24, "inside: 1 seconds of 1"), (25, "outside: 1.05 seconds of 1"), (36, "outside: 1.5 seconds of 1")],
)
def test_seconds_that_are_not_whole_are_printed_with_their_places(frames: int, said: str) -> None:
    line = use("replica_use", spans=(replace(LINE[0], end=4 + frames),), quantities={"frames": frames})
    (found,) = (
        one
        for one in match_scope(Scope(maxima={"seconds": 1}), Scope(), quantities=sums([line])).parts
        if one.dimension == "maxima"
    )

    assert f"{found.answer}: {found.say.rpartition(': ')[2]}" == said
