"""A new file that holds frames of another one by their bytes shows whom these frames show, and nobody in the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_in_film import PeopledFilm
from recorded_film import ROOTS, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.matchback.people_seen import people_behind
from edgecode.answers.uses.derived import derived
from edgecode.checks.register import Register
from edgecode.index.frames import frame_digests, shared_frames
from edgecode.index.lineage import impact
from edgecode.index.rows import first_number
from edgecode.terms.steps import InputRole, StepKind


def rendered() -> PeopledFilm:
    """A render of 48 frames of somebody's replica."""
    film = PeopledFilm()
    film.file("scan/ada.obj", media_class="other")
    film.depict("P-01", "scan/ada.obj", how="likeness-source")
    film.sequence("render/r.", ".exr", 1, 48)
    film.make(StepKind.GENERATE, "render/r.*.exr", [("scan/ada.obj", InputRole.REFERENCE, ())])
    return film


def in_cut(film: PeopledFilm, path: str, frames: int = 48) -> list[tuple[str, str, list[tuple[int, int]]]]:
    film.cut("Cut", [shown("c", path, 0, frames, source=1)])
    store = film.index()
    found = derived(load_cut(store, "Cut", roots=ROOTS), Chains(store), Register.read(store))
    return [(use.kind, use.alias, [(one.first, one.end) for one in use.spans]) for use in found.uses]


def number(film: PeopledFilm, name: str) -> int:
    return first_number(film.index().rows("version_id", bytes.fromhex(film.id(name).replace("-", ""))))


@pytest.mark.parametrize("is_claimed", [False, True])
def test_frames_of_a_replica_copied_among_others_show_the_person_in_exactly_these(is_claimed: bool) -> None:
    film = rendered()
    film.sequence("new/n.", ".exr", 1, 48, copied={n: f"render/r.{n + 10}.exr" for n in range(13, 37)})
    if is_claimed:
        film.make(StepKind.CAMERA, "new/n.*.exr", [])

    assert in_cut(film, "/mnt/show/new/n.%04d.exr") == [("replica_use", "P-01", [(12, 36)])]


def test_a_copy_that_was_read_before_the_render_shows_the_person_too() -> None:
    film = PeopledFilm()
    film.sequence("new/n.", ".exr", 1, 24, copied={n: f"render/r.{n}.exr" for n in range(1, 25)})
    film.sequence("render/r.", ".exr", 1, 48)
    film.depict("P-01", "render/r.*.exr", 9, 20)

    assert in_cut(film, "/mnt/show/new/n.%04d.exr", 24) == [("performance", "P-01", [(8, 19)])]


def test_frames_go_from_copy_to_copy_of_a_copy() -> None:
    film = rendered()
    film.sequence("one/n.", ".exr", 1, 4, copied={1: "render/r.5.exr", 2: "render/r.6.exr"})
    film.sequence("two/n.", ".exr", 1, 4, copied={3: "one/n.2.exr", 4: "render/r.6.exr"})

    assert in_cut(film, "/mnt/show/two/n.%04d.exr", 4) == [("replica_use", "P-01", [(3, 4)])]


def test_stills_that_became_frames_of_a_sequence_bring_who_is_in_them_and_who_made_them() -> None:
    film = PeopledFilm()
    film.sequence("stop/s.", ".png", 1, 6)
    for n in (2, 5):
        film.file(f"stop/s.{n}.png", media_class="still")
    film.depict("P-01", "stop/s.2.png")
    film.make(StepKind.GENERATE, "stop/s.5.png", [])

    assert in_cut(film, "/mnt/show/stop/s.%04d.png", 6) == [
        ("performance", "P-01", [(1, 2)]),
        ("ai_element", "", [(4, 5)]),
    ]


def test_matchback_and_impact_follow_frames_in_common() -> None:
    film = rendered()
    film.sequence("new/n.", ".exr", 1, 48, copied={n: f"render/r.{n}.exr" for n in range(13, 37)})
    copy, source = number(film, "new/n.*.exr"), number(film, "scan/ada.obj")
    chains = Chains(film.index())

    assert [len(people_behind(chains, copy, (n, n + 1))) for n in (12, 13, 36, 37)] == [0, 1, 1, 0]
    assert copy in impact(film.index(), source)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=12), st.lists(st.integers(0, 6), min_size=2, max_size=12))
def test_frames_in_common_are_those_with_the_same_bytes_and_no_other(ours: list[int], theirs: list[int]) -> None:
    film = PeopledFilm()
    for folder, frames in (("a", ours), ("b", theirs)):
        film.sequence(f"{folder}/x.", ".exr", 1, len(frames), copied={n: f"f{one}" for n, one in enumerate(frames, 1)})
    store = film.index()
    one, other = (first_number(store.rows("content_of_digest", store.rows("dump_frames")[at][0])) for at in (0, -1))
    plain = {(n, m) for n, mine in frame_digests(store, one) for m, its in frame_digests(store, other) if mine == its}
    found = {
        (n, m)
        for each in shared_frames(store, one, other)
        for n in range(each.first, each.end)
        for m in ([n + each.low] if each.kind == "same" else range(each.low, each.high + 1))
    }

    assert found == plain
