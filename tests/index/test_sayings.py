"""Several records of the same bytes: what each says is kept, contradictions are said, and the order of recording does not matter."""

from collections.abc import Collection, Iterator, Sequence
from functools import reduce
from operator import or_
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.events.kinds import StepPerformed
from edgecode.index import sayings
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.pieces import Span, joined, lying_over
from edgecode.terms.evidence import AiUse, Grade, Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import ai_of, grade_of, letter_of, reasons_of, used
from edgecode.terms.steps import InputRole, StepKind
from index.small_show import Show, digest, id_of, index_of, used_as


def account(show: Show, version: RecordId) -> int:
    store = show.index()
    identity = id_of(store, version)
    return joined_account(accounts(store, [identity])[identity])


def said(show: Show, version: RecordId) -> tuple[str, AiUse, list[Reason]]:
    found = account(show, version)
    return letter_of(found), ai_of(found), reasons_of(found)


def test_two_names_of_the_same_bytes_with_different_makings_are_both_ambiguous() -> None:
    show = Show()
    one, other = show.file("x.png", content="x"), show.file("w.png", content="x")
    show.step(StepKind.CAMERA, one)
    show.step(StepKind.GENERATE, other)
    ambiguous = ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS])

    assert [said(show, one), said(show, other)] == [ambiguous, ambiguous]


def test_a_twin_that_is_partly_unknown_still_says_what_it_knows() -> None:
    show = Show()
    plate, twin, copy = (show.file(name, content="x") for name in ("x.png", "w.png", "y.png"))
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GENERATE, twin, [used_as(InputRole.REFERENCE, show.new())])
    expected = ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS, Reason.DANGLING_PARENT])

    assert [said(show, one) for one in (plate, twin, copy)] == [expected, expected, expected]


def test_the_unknown_input_that_a_second_record_names_is_not_lost() -> None:
    show = Show()
    plate, comp = show.file("p.png"), show.file("c.png")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.COMP, comp, [plate])
    show.step(StepKind.COMP, comp, [plate, show.new()], grade=Grade.DECLARED)

    assert said(show, comp) == ("U", AiUse.UNKNOWN, [Reason.DANGLING_PARENT])


@pytest.mark.parametrize("ai", [AiUse.ASSISTIVE, AiUse.UNKNOWN])
def test_the_ai_use_that_a_weaker_record_names_is_not_lost(ai: AiUse) -> None:
    show = Show()
    plate, clean = show.file("p.png"), show.file("c.png")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.DENOISE, clean, [plate], ai=ai, grade=Grade.DECLARED)
    show.step(StepKind.DENOISE, clean, [plate])

    assert (*said(show, clean), grade_of(account(show, clean))) == ("C", ai, [], Grade.DECLARED)


@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_a_model_that_ran_and_did_not_finish_is_not_answered_away(status: str) -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.GENERATE, made, status=status)
    show.answer(StepKind.CAMERA, [made])

    assert said(show, made) == ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS])


def test_an_import_that_says_generated_is_not_answered_away() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.IMPORT, made, ai=AiUse.GENERATIVE)
    show.answer(StepKind.CAMERA, [made])

    assert said(show, made) == ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS])


def test_an_answer_that_a_model_made_it_is_not_overruled_in_silence() -> None:
    show = Show()
    made = show.file("a.png")
    show.answer(StepKind.GENERATE, [made])
    show.step(StepKind.CAMERA, made)

    assert said(show, made) == ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS])


def test_a_generative_kind_is_generative_whatever_it_says_of_itself() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.GENERATE, made, ai=AiUse.NONE)

    assert said(show, made) == ("G", AiUse.GENERATIVE, [])


@pytest.mark.parametrize("ai", [None, AiUse.NONE])
def test_a_painting_that_lists_weights_has_unknown_ai_use(ai: AiUse | None) -> None:
    show = Show()
    made, model = show.file("a.png"), show.new()
    show.step(StepKind.PAINT, made, [used_as(InputRole.WEIGHTS, model)], ai=ai)

    assert said(show, made) == ("H", AiUse.UNKNOWN, [])


@pytest.mark.parametrize("role", [InputRole.CONTROL, InputRole.TOOL])
def test_a_control_or_tool_that_a_model_made_leaves_the_ai_use_unknown(role: InputRole) -> None:
    show = Show()
    depth, smooth, made = show.file("d.png"), show.file("s.png"), show.file("a.png")
    show.step(StepKind.GENERATE, depth)
    show.step(StepKind.DENOISE, smooth, [depth])
    show.step(StepKind.PAINT, made, [used_as(role, smooth)])

    assert said(show, made) == ("H", AiUse.UNKNOWN, [])


def test_a_vendor_that_covers_other_frames_leaves_a_still_open() -> None:
    show = Show()
    missed, covered = show.file("m.png"), show.file("c.png")
    show.step(StepKind.VENDOR, missed, covers=((900, 901),), origins="H", ai=AiUse.NONE)
    show.step(StepKind.VENDOR, covered, covers=((0, 10),), origins="H", ai=AiUse.NONE)

    assert [said(show, missed)[2], said(show, covered)[2]] == [[Reason.VENDOR_OPEN], []]


def test_a_copy_made_by_a_command_does_not_cast_doubt_on_the_plate_it_copied() -> None:
    show = Show()
    plate, copy = show.file("a.png", content="x"), show.file("b.png", content="x")
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.COMMAND, copy, [plate])

    assert [said(show, plate), said(show, copy)] == [("C", AiUse.NONE, []), ("C", AiUse.NONE, [])]


def test_a_record_of_some_frames_says_nothing_of_the_others() -> None:
    show = Show()
    made = show.sequence("s.", ".png", 1, 4)
    show.step(StepKind.GENERATE, made, covers=((2, 3),))
    show.answer(StepKind.CAMERA, [made])
    store = show.index()
    pieces = accounts(store, [id_of(store, made)])[id_of(store, made)]

    assert [letter_of(piece.account) for piece in pieces] == ["U", "C", "G", "C", "U"]
    assert [ai_of(piece.account) for piece in pieces[1:4]] == [AiUse.NONE, AiUse.GENERATIVE, AiUse.NONE]


def test_a_generated_file_that_is_one_frame_of_a_camera_sequence_makes_that_frame_ambiguous() -> None:
    show = Show()
    plate = show.sequence("s.", ".png", 1, 4)
    frame = show.file("f.png", content="nothing yet")
    show.events[-1] = _with_bytes_of_frame(show, frame, "s.", 3)
    show.step(StepKind.CAMERA, plate)
    show.step(StepKind.GENERATE, frame)
    store = show.index()
    pieces = accounts(store, [id_of(store, plate)])[id_of(store, plate)]
    inside = [(piece.first, piece.end, letter_of(piece.account)) for piece in pieces[1:-1]]

    assert inside == [(1, 3, "C"), (3, 4, "U"), (4, 5, "C")]
    assert said(show, frame) == ("U", AiUse.GENERATIVE, [Reason.AMBIGUOUS])


def _with_bytes_of_frame(show: Show, version: RecordId, sequence: str, frame: int):  # type: ignore[no-untyped-def]
    event = show.events[-1]
    return replace(event, bytes=replace(event.bytes, sha256=digest((sequence, frame))))  # type: ignore[union-attr]


KINDS = [StepKind.CAMERA, StepKind.PAINT, StepKind.GENERATE, StepKind.COMP, StepKind.COMMAND, StepKind.IMPORT]


@st.composite
def shows(draw: st.DrawFn) -> tuple[Show, list[RecordId]]:
    """Files of few contents, each with a step, and further steps of any kind, all without circles between versions."""
    show = Show()
    versions = [show.file(f"{i}.png", content=f"c{draw(st.integers(0, 3))}") for i in range(draw(st.integers(2, 6)))]
    for place, version in enumerate(versions):
        _draw_step(draw, show, version, versions[:place], first=True)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(versions) - 1))
        _draw_step(draw, show, versions[place], versions[:place], first=False)
    return show, versions


def _draw_step(draw: st.DrawFn, show: Show, made: RecordId, before: list[RecordId], *, first: bool) -> None:
    kind = draw(st.sampled_from(KINDS[:-1] if first else KINDS))
    inputs = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
    roles = [draw(st.sampled_from([InputRole.PICTURE, InputRole.CONTROL, InputRole.WEIGHTS])) for _ in inputs]
    show.step(
        kind,
        made,
        [used_as(role, one) for role, one in zip(roles, inputs, strict=True)],
        ai=draw(st.sampled_from([None, *AiUse])),
        grade=draw(st.sampled_from(list(Grade))),
        status="done" if first else draw(st.sampled_from(["done", "failed", "unknown"])),
    )


def _all(events: list, versions: list[RecordId]) -> dict[RecordId, int]:  # type: ignore[type-arg]
    store = index_of(events)
    ids = {id_of(store, version): version for version in versions}
    return {ids[one]: joined_account(pieces) for one, pieces in accounts(store, ids).items()}


@given(shows(), st.integers(0, 2**32))
@settings(deadline=None, max_examples=150)
def test_the_order_of_recording_never_matters(drawn: tuple[Show, list[RecordId]], seed: int) -> None:
    show, versions = drawn
    shuffled = list(show.events)
    Random(seed).shuffle(shuffled)

    assert _all(shuffled, versions) == _all(show.events, versions)


@given(shows())
@settings(deadline=None, max_examples=150)
def test_a_further_record_never_takes_away_ai_use_and_never_accounts_for_what_another_leaves_open(
    drawn: tuple[Show, list[RecordId]],
) -> None:
    show, versions = drawn
    last = show.events[-1]
    further = isinstance(last, StepPerformed) and sum(isinstance(e, StepPerformed) for e in show.events) > len(versions)
    less = _all(show.events[:-1] if further else show.events, versions)
    more = _all(show.events, versions)
    bits = [used(ai) for ai in AiUse]

    assert [one for one in versions if any(less[one] & bit and not more[one] & bit for bit in bits)] == []
    assert [one for one in versions if letter_of(less[one]) == "U" and letter_of(more[one]) != "U"] == []


def test_a_folder_of_stills_with_a_step_each_looks_at_each_still_a_few_times_and_not_once_for_every_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show, stills = Show(), 600
    folder = show.sequence("s.", ".png", 1, stills, content="s")
    for number in range(1, stills + 1):
        still = show.file(content=("s", number))
        show.step(StepKind.GENERATE if number % 3 == 0 else StepKind.CAMERA, still)
    store, looks = show.index(), list[int]()

    def counted(edges: Sequence[int], layers: Sequence[Span]) -> Iterator[tuple[int, int, Collection[int]]]:
        for low, high, over in lying_over(edges, layers):
            looks.append(len(over))
            yield low, high, over

    monkeypatch.setattr(sayings, "lying_over", counted)
    pieces = accounts(store, [id_of(store, folder)])[id_of(store, folder)]

    assert sum(looks) <= 8 * stills
    assert [ai_of(one.account) for one in pieces[1:4]] == [AiUse.UNKNOWN, AiUse.GENERATIVE, AiUse.UNKNOWN]


LAYERS = st.lists(st.tuples(st.integers(-3, 30), st.integers(-3, 30), st.integers(0, 15)), max_size=40)


@given(LAYERS, st.integers(0, 10), st.integers(11, 25))
def test_layers_joined_are_what_lies_over_each_frame(layers: list[Span], first: int, end: int) -> None:
    found = [bits for low, high, bits in joined(first, end, layers) for _ in range(low, high)]
    plain = [reduce(or_, (bits for low, high, bits in layers if low <= frame < high), 0) for frame in range(first, end)]

    assert found == plain
