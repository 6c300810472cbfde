"""Whatever the cut: the figures sum, a brute-force count agrees, forgetting weakens nothing, and the start does not matter."""

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from made_cuts import A1, V1, V2, Match, Piece, made_clip, matched, unmatched, view

from edgecode.answers.coverage.answer import Coverage, LedgerPoint, coverage_of, exit_status
from edgecode.answers.cuts.accounts import Told, effects_account, known_or_not, version_frames
from edgecode.answers.cuts.figures import Sums
from edgecode.answers.cuts.view import CutView
from edgecode.terms.cuts import Effect
from edgecode.terms.evidence import AiUse, ConformMethod, Grade, Reason, Visibility
from edgecode.terms.origins import (
    NOTHING,
    Account,
    ai_of,
    graded,
    letter_of,
    step_account,
    unaccounted,
)
from edgecode.terms.steps import StepKind
from edgecode.terms.timebase import FrameRange

POINT = LedgerPoint("edgecode.test/film", 10, "00" * 32)
MADE = [
    step_account(kind, grade=Grade.LOGGED)
    for kind in (StepKind.CAMERA, StepKind.GENERATE, StepKind.DRAW, StepKind.TRANSFER)
]
ASSISTED = step_account(StepKind.CAMERA, grade=Grade.SIGNED) | step_account(
    StepKind.DENOISE, grade=Grade.LOGGED, ai=AiUse.ASSISTIVE
)
ACCOUNTS = [
    *MADE,
    ASSISTED,
    MADE[0] | MADE[1],
    NOTHING,
    unaccounted(Reason.NO_STEP),
    unaccounted(Reason.VENDOR_OPEN) | MADE[1],
]


@dataclass(frozen=True)
class Film:
    cut: CutView
    versions: dict[int, tuple[Piece, ...]]
    matches: tuple[Match, ...]


def coverage(cut: CutView, waived: tuple[FrameRange, ...] = ()) -> Coverage:
    return coverage_of(cut, production="The Last Verse", ledger=POINT, waived=waived)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[Piece, ...]:
    marks = sorted(draw(st.sets(st.integers(-5, 60), max_size=3)))
    ends: list[int | None] = [None, *marks, None]
    return tuple(Piece(first, end, draw(st.sampled_from(ACCOUNTS))) for first, end in pairwise(ends))


@st.composite
def films(draw: st.DrawFn) -> Film:
    versions = {number: draw(pieces()) for number in range(1, 4)}
    frames = draw(st.integers(1, 50))
    spot = st.one_of(st.integers(0, frames), st.fractions(0, frames, max_denominator=4))
    clips, matches = [], []
    for number in range(draw(st.integers(0, 6))):
        edges = sorted({Fraction(draw(spot)), Fraction(draw(spot))})
        if len(edges) < 2:
            continue
        effects = draw(st.sampled_from([(), (Effect("x", seen="unknown"),), (Effect("g", seen="generative"),)]))
        number, track = len(clips), draw(st.sampled_from([0, 1, 2]))
        clips.append(
            made_clip(
                f"clip {number}",
                edges[0],
                edges[1],
                track=track,
                kind="sound" if track == 2 else "picture",
                enabled=draw(st.booleans()) or draw(st.booleans()),
                effects=effects,
            )
        )
        if draw(st.booleans()) or draw(st.booleans()):
            scale = draw(st.sampled_from([Fraction(n) for n in (1, 1, 1, 2, -1, 0)] + [Fraction(1, 2), None]))
            first = draw(st.one_of(st.integers(0, 60).map(Fraction), st.fractions(0, 60, max_denominator=2)))
            method = draw(st.sampled_from(list(ConformMethod)[1:]))
            matches.append(matched(number, draw(st.integers(1, 3)), method=method, first=first, scale=scale))
        else:
            matches.append(draw(st.sampled_from([unmatched(number), matched(number, None)])))
    told = Told(plain_effects=frozenset(draw(st.sets(st.integers(0, 5), max_size=2))))
    cut = view(
        clips,
        matches,
        versions,
        frames=frames,
        tracks=(V1, V2, A1),
        effects_visible=draw(st.booleans()),
        told=told,
    )
    return Film(cut, versions, tuple(matches))


def assert_sums(sums: Sums) -> None:
    for breakdown in (sums.by_origin, sums.ai, sums.by_grade, sums.by_conform, sums.by_visibility):
        assert sum(breakdown.values()) == sums.frames
    assert sums.accounted + sums.unaccounted == sums.frames
    assert sums.by_origin["U"] == sums.unaccounted == sums.by_grade["none"] == sums.by_conform["none"]
    assert sum(sums.mixed.values()) == sums.by_origin["M"]
    assert 0 <= sums.waived <= sums.unaccounted


@given(films(), st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=3))
def test_every_breakdown_sums_to_the_frames_of_the_cut(film: Film, waivers: list[tuple[int, int]]) -> None:
    answer = coverage(film.cut, tuple(FrameRange(first, first + length) for first, length in waivers))

    assert answer.frames == film.cut.clock.frames == sum(reel.frames for reel in answer.reels)
    for sums in (answer, answer.audio, *answer.reels):
        assert_sums(sums)
    for gaps, sums in ((answer.gaps, answer.unaccounted), (answer.audio.gaps, answer.audio.unaccounted)):
        assert len({frame for gap in gaps for frame in range(gap.in_, gap.out)}) == sums


@given(films())
def test_runs_cover_the_cut_from_end_to_end_without_a_hole(film: Film) -> None:
    for medium in ("picture", "sound"):
        runs = film.cut.runs(medium)
        edges = [0, *(run.end for run in runs)]

        assert [run.first for run in runs] == edges[:-1]
        assert edges[-1] == film.cut.clock.frames


@given(films())
@settings(max_examples=200)
def test_runs_agree_with_a_count_frame_by_frame(film: Film) -> None:
    by_frame = [run.account for run in film.cut.runs() for _ in range(run.frames)]

    assert [_letters(account) for account in by_frame] == [
        _letters(_frame_by_brute_force(film.cut, frame)) for frame in range(film.cut.clock.frames)
    ]


def _letters(account: Account) -> tuple[str, int, AiUse]:
    return letter_of(account), account & 0x1F, ai_of(account)


def _frame_by_brute_force(cut: CutView, frame: int) -> Account:
    account, seen = 0, False
    for swept in cut.ranges:
        if not (swept.start < frame + 1 and frame < swept.end):
            continue
        for number, visibility in swept.seen:
            if visibility is not Visibility.HIDDEN and cut.clips[number].path[0] != 2:
                seen = True
                account |= _clip_by_brute_force(cut, number, frame)
    return account if seen else step_account(StepKind.TYPE, grade=Grade.LOGGED)


def _clip_by_brute_force(cut: CutView, number: int, frame: int) -> Account:
    clip, match = cut.clips[number], cut.match_of[number]
    plain = number in cut.told.plain_effects
    extra = effects_account(clip, effects_visible=cut.effects_visible, declared_plain=plain)
    if match.version is None:
        if match.method is ConformMethod.CONTENT:
            return step_account(StepKind.TYPE, grade=Grade.LOGGED) | extra
        return unaccounted(Reason.NO_MATCH) | extra
    wanted = version_frames(clip, match, Fraction(frame), Fraction(frame + 1))
    account = extra | graded(match.method.grade)
    for piece in cut.pieces[match.version]:
        outside = (piece.first is None) != (piece.end is None) and piece.account == unaccounted(Reason.RANGE_OUTSIDE)
        if wanted is None and outside:
            continue
        if wanted is None or _touches(piece.first, piece.end, *wanted):
            account |= known_or_not(piece.account)
    return account


def _touches(first: int | None, end: int | None, low: int, high: int) -> bool:
    return (first is None or first < high) and (end is None or low < end)


STRENGTH = {AiUse.NONE: 0, AiUse.ASSISTIVE: 1, AiUse.UNKNOWN: 2, AiUse.GENERATIVE: 2}


def assert_not_weaker(before: CutView, after: CutView) -> None:
    for medium in ("picture", "sound"):
        old = [run.account for run in before.runs(medium) for _ in range(run.frames)]
        new = [run.account for run in after.runs(medium) for _ in range(run.frames)]
        for was, now in zip(old, new, strict=True):
            assert not (letter_of(was) == "U" and letter_of(now) != "U"), "a frame became accounted for by forgetting"
            assert STRENGTH[ai_of(now)] >= min(STRENGTH[ai_of(was)], 2), "a frame became less AI by forgetting"


@given(films(), st.data())
def test_forgetting_a_match_makes_no_frame_look_better(film: Film, data: st.DataObject) -> None:
    known = [match for match in film.matches if match.version is not None]
    if known:
        lost = data.draw(st.sampled_from(known))
        rest = [unmatched(match.clip) if match is lost else match for match in film.matches]

        assert_not_weaker(film.cut, replace(film.cut, matches=rest))


@given(films(), st.sampled_from([1, 2, 3]), st.booleans())
def test_forgetting_how_a_version_was_made_makes_no_frame_look_better(film: Film, lost: int, gone: bool) -> None:
    unknown = (Piece(None, None, unaccounted(Reason.NO_STEP)),)
    rest = {number: found for number, found in film.versions.items() if number != lost}
    poorer = replace(film.cut, pieces=rest if gone else {**rest, lost: unknown})

    assert_not_weaker(film.cut, poorer)


@given(films(), st.integers(0, 5))
def test_forgetting_an_answer_makes_no_frame_look_better(film: Film, clip: int) -> None:
    open_ = film.cut
    answered = replace(open_, told=Told(answered={clip: MADE[0]}, plain_effects=open_.told.plain_effects | {clip}))

    assert_not_weaker(answered, replace(open_, told=Told()))
    assert_not_weaker(answered, open_)


@given(films(), st.integers(0, 200_000))
def test_another_start_timecode_changes_labels_and_nothing_else(film: Film, start: int) -> None:
    moved = replace(film.cut, clock=msgspec.structs.replace(film.cut.clock, start=start))

    assert _without_labels(coverage(moved)) == _without_labels(coverage(film.cut))


def _without_labels(answer: Coverage) -> dict[str, object]:
    document = msgspec.to_builtins(answer)
    for gap in (*document["gaps"], *document["audio"]["gaps"]):
        del gap["in_tc"], gap["out_tc"]
    del document["start"]
    return document


@given(films())
def test_the_answer_reads_back_as_it_was_written(film: Film) -> None:
    answer = coverage(film.cut)

    assert msgspec.json.decode(msgspec.json.encode(answer), type=Coverage) == answer


@given(films())
def test_a_cut_is_held_exactly_while_frames_are_unaccounted(film: Film) -> None:
    answer = coverage(film.cut)

    assert exit_status(answer) == (10 if answer.unaccounted else 0)
    assert exit_status(coverage(film.cut, (FrameRange(0, answer.frames),))) == 0


def test_the_contract_has_these_names_and_no_others() -> None:
    answer = msgspec.json.decode(
        msgspec.json.encode(coverage(view([made_clip("sh0512", 3, 5)], [unmatched(0)], frames=8)))
    )

    assert answer == {
        "schema": "edgecode.coverage/1",
        "production": "The Last Verse",
        "cut": "Cut 13",
        "rate": "24/1",
        "start": 86_400,
        **_sums(8, H=6, U=2),
        "gaps": [
            {
                "in": 3,
                "out": 5,
                "in_tc": "01:00:00:03",
                "out_tc": "01:00:00:05",
                "frames": 2,
                "track": "V1",
                "clip": "sh0512",
                "reason": "no-match",
            }
        ],
        "audio": {**_sums(0), "gaps": []},
        "reels": [{**_sums(8, H=6, U=2), "reel": "1", "in": 0, "out": 8}],
        "ledger": {"origin": "edgecode.test/film", "size": 10, "root": "00" * 32},
    }


def _sums(frames: int, **letters: int) -> dict[str, object]:
    count = Counter(letters)
    return {
        "frames": frames,
        "accounted": frames - count["U"],
        "unaccounted": count["U"],
        "waived": 0,
        "by_origin": {letter: count[letter] for letter in "CPHGMAU"},
        "mixed": {},
        "ai": {"none": frames - count["U"], "assistive": 0, "generative": 0, "unknown": count["U"]},
        "by_grade": {"declared": 0, "logged": frames - count["U"], "signed": 0, "corroborated": 0, "none": count["U"]},
        "by_conform": {"content": frames - count["U"], "id": 0, "inferred": 0, "declared": 0, "none": count["U"]},
        "by_visibility": {"certain": frames, "possible": 0},
        "effects_not_visible": 0,
    }


def test_two_clips_that_are_unaccounted_together_make_two_gaps_and_count_once() -> None:
    clips = [made_clip("below", 0, 10), made_clip("above", 5, 15, track=1)]
    answer = coverage(view(clips, [unmatched(0), unmatched(1, Reason.OFFLINE_MEDIA)], frames=20))

    assert [(gap.in_, gap.out, gap.clip, gap.reason) for gap in answer.gaps] == [
        (0, 10, "below", Reason.NO_MATCH),
        (5, 15, "above", Reason.OFFLINE_MEDIA),
    ]
    assert answer.unaccounted == 15


def test_a_gap_prints_the_first_of_its_reasons() -> None:
    both = unaccounted(Reason.DANGLING_PARENT) | unaccounted(Reason.NO_STEP)
    cut = view(
        [made_clip("a", 0, 4)], [matched(0, 1, method=ConformMethod.ID)], {1: (Piece(None, None, both),)}, frames=4
    )

    assert [gap.reason for gap in coverage(cut).gaps] == [Reason.NO_STEP]


def test_labels_begin_again_at_midnight() -> None:
    answer = coverage(view([made_clip("a", 0, 30)], [unmatched(0)], frames=30, start=24 * 86_400 - 10))

    assert (answer.gaps[0].in_tc, answer.gaps[0].out_tc) == ("23:59:59:14", "00:00:00:20")
