"""Chains from a frame to what it was made from: depth, roles, exact frames, and never a sibling that was not used."""

from random import Random

import pytest

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.events.kinds import DatasetFact, DatasetKnown, FrameMap, NameSection
from edgecode.index.accounts import accounts
from edgecode.index.circles import circles
from edgecode.index.keys import record_of
from edgecode.index.lineage import LineageRow, closure, impact, lacking, matchback
from edgecode.terms.evidence import Reason
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import reasons_of
from edgecode.terms.steps import InputRole, StepKind
from index.random_show import PlainWalk, random_show
from index.small_show import Show, id_of, index_of, same, used_as


def chain(store: SqliteIndex, rows: list[LineageRow], **named: RecordId) -> list[tuple[object, ...]]:
    """Rows with the names that the test gave to versions."""
    names = {id_of(store, key): name for name, key in named.items()}
    return [(row.depth, names[row.version], row.relation, row.role, row.frames) for row in rows]


def test_a_chain_is_told_by_depth_with_roles() -> None:
    show = Show()
    plate, model, made, comp = (show.file(f"{name}.png") for name in "pgmc")
    show.step(StepKind.GENERATE, made, [plate, used_as(InputRole.WEIGHTS, model)])
    show.step(StepKind.COMP, comp, [made, plate])
    store = show.index()

    assert chain(store, closure(store, id_of(store, comp)), plate=plate, model=model, made=made, comp=comp) == [
        (0, "comp", "asked", None, ()),
        (1, "made", "input", InputRole.PICTURE, ()),
        (1, "plate", "input", InputRole.PICTURE, ()),
        (2, "model", "input", InputRole.WEIGHTS, ()),
    ]


def test_an_unused_sibling_is_no_ancestor_and_every_output_is_a_descendant() -> None:
    show = Show()
    scene, beauty, matte, comp = (show.file(f"{name}.png") for name in "sbmc")
    show.step(StepKind.RENDER, [beauty, matte], [scene])
    show.step(StepKind.COMP, comp, [beauty])
    store = show.index()
    ids = {key: id_of(store, key) for key in (scene, beauty, matte, comp)}

    assert ({row.version for row in closure(store, ids[comp])}, impact(store, ids[scene])) == (
        {ids[comp], ids[beauty], ids[scene]},
        {ids[beauty], ids[matte], ids[comp]},
    )


def test_a_model_s_training_material_is_behind_everything_it_made() -> None:
    show = Show()
    still, lora, made, faces = show.file("still.png"), show.file("lora.bin"), show.file("made.png"), show.new()
    show.events.append(DatasetKnown(DatasetFact(faces, members=(still,)), NameSection("faces")))
    show.step(StepKind.GENERATE, lora, [used_as(InputRole.TRAINING, faces)])
    show.step(StepKind.GENERATE, made, [used_as(InputRole.WEIGHTS, lora)])
    store = show.index()

    assert chain(store, closure(store, id_of(store, made)), still=still, lora=lora, made=made, faces=faces)[-2:] == [
        (2, "faces", "input", InputRole.TRAINING, ()),
        (3, "still", "member", None, ()),
    ]
    assert id_of(store, made) in impact(store, id_of(store, still))


def test_a_frame_leads_to_the_frame_it_came_from_through_shifts() -> None:
    show = Show()
    plate, clean, comp = (show.sequence(f"{name}.", ".exr", 1001, 1100) for name in "pxc")
    show.step(StepKind.PAINT, clean, [used_as(InputRole.PICTURE, plate, same(1001, 1101, 5))])
    show.step(StepKind.COMP, comp, [clean])
    store = show.index()

    assert chain(
        store, matchback(store, id_of(store, comp), first=1010, end=1012), plate=plate, clean=clean, comp=comp
    ) == [
        (0, "comp", "asked", None, ((1010, 1012),)),
        (1, "clean", "input", InputRole.PICTURE, ((1010, 1012),)),
        (2, "plate", "input", InputRole.PICTURE, ((1015, 1017),)),
    ]


def test_an_input_that_a_frame_does_not_use_is_not_named_for_it() -> None:
    show = Show()
    left, right, comp = (show.sequence(f"{name}.", ".exr", 1, 10) for name in "lrc")
    show.step(
        StepKind.COMP,
        comp,
        [used_as(InputRole.PICTURE, left, same(1, 6)), used_as(InputRole.PICTURE, right, same(6, 11))],
    )
    store = show.index()

    assert chain(store, matchback(store, id_of(store, comp), first=7, end=8), left=left, right=right, comp=comp) == [
        (0, "comp", "asked", None, ((7, 8),)),
        (1, "right", "input", InputRole.PICTURE, ((7, 8),)),
    ]


def test_frames_that_an_input_does_not_have_are_named_on_the_input_which_stays_in_the_chain() -> None:
    show = Show()
    plate, comp = show.sequence("pl.", ".exr", 1, 4), show.sequence("cp.", ".exr", 1001, 1004)
    show.step(StepKind.COMP, comp, [used_as(InputRole.PICTURE, plate, same(1001, 1005))])
    store = show.index()
    rows = matchback(store, id_of(store, comp), first=1001, end=1005)

    assert [(row.depth, row.version, row.frames, row.outside) for row in rows] == [
        (0, id_of(store, comp), ((1001, 1005),), ()),
        (1, id_of(store, plate), (), ((1001, 1005),)),
    ]
    assert lacking(store, id_of(store, comp), first=1002, end=1003) == {id_of(store, plate): ((1002, 1003),)}


def test_a_hole_of_an_input_is_named_for_the_frame_that_needs_it() -> None:
    show = Show()
    plate = show.sequence("pl.", ".exr", 1, 10, missing=((4, 5),))
    comp = show.sequence("cp.", ".exr", 1, 10)
    show.step(StepKind.COMP, comp, [plate])
    store = show.index()

    assert lacking(store, id_of(store, comp), first=1, end=11) == {id_of(store, plate): ((4, 6),)}
    assert lacking(store, id_of(store, comp), first=6, end=11) == {}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_range_outside_is_named_with_the_version_that_lacks_it(seed: int) -> None:
    show = random_show(300, 60 + seed)
    store = index_of(show.events)
    versions = [row[0] for row in store.rows("versions", str(list(range(1, 2000))))]
    unnamed, named = [], 0
    for version, pieces in accounts(store, versions).items():  # type: ignore[arg-type]
        for piece in pieces:
            if piece.first is None or piece.end is None or Reason.RANGE_OUTSIDE not in reasons_of(piece.account):
                continue
            named += 1
            if not lacking(store, version, first=piece.first, end=piece.end):
                unnamed.append((version, piece))

    assert (unnamed[:3], named > 50) == ([], True)


def test_a_window_names_every_frame_it_looks_at() -> None:
    show = Show()
    plate, made = show.sequence("p.", ".exr", 1, 20), show.sequence("m.", ".exr", 1, 20)
    show.step(StepKind.DENOISE, made, [used_as(InputRole.PICTURE, plate, FrameMap("window", 1, 21, -2, 2))])
    store = show.index()

    assert chain(store, matchback(store, id_of(store, made), first=10, end=11), plate=plate, made=made)[1][4] == (
        (8, 13),
    )


def test_a_late_maker_joins_the_chain() -> None:
    show = Show()
    plate, comp = show.file("p.png"), show.file("c.png")
    source = show.new()
    show.step(StepKind.COMP, comp, [plate])
    show.step(StepKind.TRANSCODE, plate, [source])
    store = show.index()

    assert [row.version for row in closure(store, id_of(store, comp))][-1] == id_of(store, source)


@pytest.mark.parametrize("seed", range(4))
def test_the_frames_behind_a_frame_are_never_fewer_than_a_plain_walk_finds(seed: int) -> None:
    show = random_show(250, 40 + seed)
    store, walk = index_of(show.events), PlainWalk(show.events)  # type: ignore[arg-type]
    keys = {row[0]: record_of(row[1]) for row in store.rows("versions", str(list(range(1, 2000))))}  # type: ignore[arg-type]
    missing = []
    for identity in Random(seed).sample(sorted(keys), 60):  # type: ignore[type-var]
        key = keys[identity]
        for frame in walk.frames_of(key):
            if frame is None:
                continue
            rows = matchback(store, identity, first=frame, end=frame + 1)  # type: ignore[arg-type]
            named = {keys[row.version]: row.frames for row in rows}
            for source, number in _behind(walk, key, frame):
                ranges = named.get(source)
                if ranges is None or (ranges and number is not None and not any(a <= number < b for a, b in ranges)):
                    missing.append((key, frame, source, number))

    assert missing[:3] == []


def _behind(walk: PlainWalk, key: RecordId, frame: int) -> set[tuple[RecordId, int | None]]:
    """Every (version, frame) that a frame was made from along followed inputs."""
    seen, stack = {(key, frame)}, [(key, frame)]
    while stack:
        current, number = stack.pop()
        for step in walk.versions[current].steps:
            for used in step.inputs:
                if not used.role.carries_origin:
                    continue
                merged = next(m for m in walk._merged(step) if (m.version, m.role) == (used.version, used.role))
                needed = walk._frames_needed(current, step, merged, number)
                frames = (
                    walk.frames_of(used.version)
                    if needed is None
                    else [n for n in needed if n in walk.frames_of(used.version)]
                )
                fresh = {(used.version, n) for n in frames} - seen
                seen |= fresh  # type: ignore[arg-type]
                stack += fresh  # type: ignore[arg-type]
    return seen  # type: ignore[return-value]


def test_circles_are_found_whatever_their_length() -> None:
    needs = {1: [2], 2: [3], 3: [1, 4], 4: [5], 5: [4], 6: [6], 7: [1]}

    assert sorted(map(sorted, circles([7, 6], lambda node: needs[node]))) == [[1, 2, 3], [4, 5]]
