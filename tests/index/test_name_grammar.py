"""Names of files as a show builds them: a clip that says shot and version finds that version, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgecode.errors import InputError
from edgecode.events.cut_kinds import NamesFact, NamesPlace, NamesRuled
from edgecode.index.conform import Match
from edgecode.terms.evidence import ConformMethod, Reason
from edgecode.terms.naming import NamePattern, ShotName
from index.cut_of import clip, match_of
from index.small_show import Show, id_of

PATTERN = r"(?:(?P<seq>sq\d+)_)?(?P<shot>sh\d+)(?:_(?P<task>[a-z]+))?_v(?P<version>\d+)"


def ruled(show: Show, *patterns: str) -> None:
    show.events.append(NamesRuled(NamesFact(show.new(), len(patterns)), NamesPlace(patterns) if patterns else None))


def found(show: Show, name: str) -> Match:
    return match_of(show, clip(name))


def test_a_clip_that_names_shot_and_version_finds_the_render() -> None:
    show = Show()
    ruled(show, PATTERN)
    show.sequence("sq01_sh010_comp_v002.", ".exr", 1001, 1020)
    comp = show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)
    match = found(show, "SH010_comp_v3")

    assert (match.version, match.method, match.confidence) == (id_of(show.index(), comp), ConformMethod.INFERRED, 50)
    assert match.why.startswith("its name says the shot and version of the file's")


@pytest.mark.parametrize(
    "name", ["sh010_comp_v004", "sh011_comp_v003", "sh010_anim_v003", "sq02_sh010_comp_v003", "sh010"]
)
def test_another_shot_task_or_version_is_another_file(name: str) -> None:
    show = Show()
    ruled(show, PATTERN)
    show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)

    assert found(show, name).reason is Reason.NO_MATCH


def test_two_tasks_of_one_version_stay_ambiguous_until_the_name_says_which() -> None:
    show = Show()
    ruled(show, PATTERN)
    comp = show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)
    show.sequence("sq01_sh010_anim_v003.", ".exr", 1001, 1020)

    assert found(show, "sh010_v003").reason is Reason.AMBIGUOUS
    assert found(show, "sh010_comp_v003").version == id_of(show.index(), comp)


def test_without_a_recorded_pattern_such_a_name_matches_nothing() -> None:
    show = Show()
    show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)

    assert found(show, "sh010_comp_v3").reason is Reason.NO_MATCH


def test_the_patterns_recorded_last_stand() -> None:
    show = Show()
    ruled(show, PATTERN)
    show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)
    ruled(show)

    assert found(show, "sh010_comp_v3").reason is Reason.NO_MATCH


def test_the_very_name_of_a_file_beats_the_pattern() -> None:
    show = Show()
    ruled(show, PATTERN)
    show.sequence("sq01_sh010_comp_v003.", ".exr", 1001, 1020)
    named = show.sequence("sh010_comp_v003.", ".exr", 1001, 1020)

    assert found(show, "sh010_comp_v003").version == id_of(show.index(), named)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("(?P<shot>", "no regular expression"),
        ("(?P<shot>a)_(?P<version>1)" + "a" * 500, "longer"),
        ("(?P<shot>a)", "must have the groups"),
        ("(?P<shot>a)(?P<version>1)(?P<artist>b)", "must have the groups"),
        ("(?P<shot>(a+)+)_(?P<version>1)", "repeats a repeat"),
    ],
)
def test_a_pattern_that_cannot_serve_is_refused_with_its_reason(written: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        NamePattern.of(written)


@given(st.integers(0, 9999), st.integers(0, 999), st.sampled_from(("", "v", "V")), st.integers(1, 5))
def test_a_version_is_compared_by_its_number_however_it_is_padded(
    shot: int, version: int, letter: str, width: int
) -> None:
    pattern = NamePattern.of(r"(?P<shot>sh\d+)_(?P<version>v?\d+)")

    assert pattern.read(f"SH{shot}_{letter}{version:0{width}d}") == ShotName(shot=f"sh{shot}", version=str(version))
