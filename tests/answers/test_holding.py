"""What holds a cut although its frames look whole: rows and entries that could not be read, no frames, answers overtaken by records."""

from dataclasses import replace

from made_cuts import CAMERA, GENERATED, Match, Piece, made_clip, matched, view

from edgecode.answers.coverage.answer import Coverage, LedgerPoint, coverage_of, exit_status
from edgecode.answers.cuts.accounts import Told
from edgecode.answers.cuts.view import CutView
from edgecode.terms.evidence import ConformMethod, Grade, Reason
from edgecode.terms.origins import letter_of, step_account, unaccounted
from edgecode.terms.steps import StepKind

PIECES = {1: (Piece(None, None, CAMERA),)}


def coverage(of: CutView) -> Coverage:
    return coverage_of(of, production="A Show", ledger=LedgerPoint("edgecode.test/film", 10, "00" * 32))


def test_rows_that_could_not_be_read_hold_a_cut_that_is_otherwise_whole() -> None:
    whole = view([made_clip("a", 0, 5)], [matched(0, 1)], PIECES, frames=5)
    torn = replace(whole, told=Told(rows_missing=1))

    assert (exit_status(coverage(whole)), exit_status(coverage(torn))) == (0, 10)
    assert coverage(torn).rows_missing == 1


def test_entries_that_could_not_be_read_hold_a_cut_that_is_otherwise_whole() -> None:
    whole = view([made_clip("a", 0, 5)], [matched(0, 1)], PIECES, frames=5)

    assert exit_status(coverage(replace(whole, unread=1))) == 10


def test_a_cut_without_frames_is_held() -> None:
    assert exit_status(coverage(view([], [], PIECES, frames=0))) == 10


def test_an_answer_never_settles_a_clip_that_may_show_something_recorded() -> None:
    clip = made_clip("a", 0, 5)
    either = Match(0, ConformMethod.NONE, 0, None, (1, 2), "two files fit", Reason.AMBIGUOUS)
    answered = Told(answered={0: step_account(StepKind.CAMERA, grade=Grade.DECLARED)})
    unknown = (Piece(None, None, unaccounted(Reason.NO_STEP)),)

    def letters(pieces: dict[int, tuple[Piece, ...]]) -> set[str]:
        return {letter_of(run.account) for run in view([clip], [either], pieces, frames=5, told=answered).runs()}

    assert letters({1: unknown, 2: (Piece(None, None, GENERATED),)}) == {"U"}
    assert letters({1: unknown, 2: unknown}) == {"C"}
