"""From events to tables: what the index keeps, refuses, counts, and how it stands at one point of the ledger."""

from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.drivers.sqlite import connect
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import InputError, InvalidError, NotFoundError, UnavailableError
from edgecode.events.file_facts import FileFacts
from edgecode.events.kinds import (
    DatasetFact,
    DatasetKnown,
    HashesSection,
    ModelFact,
    ModelKnown,
    NameSection,
    ProductionFact,
    ProductionOpened,
    Recipe,
    StepFact,
    StepInput,
    StepPerformed,
    Tool,
)
from edgecode.events.registry import Opaque
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.answered import AnswerRow, answers_given
from edgecode.index.catalogue import (
    edge_code,
    frames_of_content,
    outputs,
    resolve_edge_code,
    steps,
    superseding,
    version,
    version_at,
    versions_of_alias,
    versions_of_content,
)
from edgecode.index.dump import dump
from edgecode.index.lineage import closure, impact
from edgecode.index.memory import Memory
from edgecode.index.projector import Problem, problems, project, unread, watermark
from edgecode.index.steps import refuse_cycle, would_close_cycle
from edgecode.index.withdrawn import refuse_unknown_step
from edgecode.terms.evidence import Grade, Reason
from edgecode.terms.identity import EdgeCode, edge_digits
from edgecode.terms.origins import classes_of, reasons_of, unaccounted
from edgecode.terms.steps import InputRole, ModelUse, StepKind
from index.cut_of import add_cut, clip
from index.small_show import Show, digest, id_of, index_of, record, recorded, same, used_as

ROOT = b"\x07" * 32


def codes(store: SqliteIndex) -> list[str]:
    return [problem.code for problem in problems(store)]


def test_the_watermark_is_written_with_the_rows() -> None:
    show = Show()
    show.file("a.png")

    assert watermark(show.index()) == (1, ROOT)


def test_events_that_are_already_in_are_passed_over() -> None:
    show = Show()
    show.step(StepKind.CAMERA, show.file("a.png"))
    store = show.index()
    before = dump(store)
    project(store, recorded(show.events), size=2, root=ROOT)

    assert dump(store) == before


def test_a_missing_entry_stops_the_projection_and_changes_nothing() -> None:
    show = Show()
    show.file("a.png")
    show.file("b.png")
    store = SqliteIndex(":memory:")
    with pytest.raises(InvalidError) as raised:
        project(store, recorded(show.events)[1:], size=2, root=ROOT)

    assert (raised.value.code, watermark(store), versions_of_content(store, digest("b.png"))) == (
        "index.gap",
        (0, b""),
        [],
    )


def test_fewer_entries_than_the_tree_holds_stop_the_projection() -> None:
    show = Show()
    show.file("a.png")
    store = SqliteIndex(":memory:")
    with pytest.raises(InvalidError) as raised:
        project(store, recorded(show.events), size=2, root=ROOT)

    assert (raised.value.code, watermark(store)) == ("index.gap", (0, b""))


def test_events_of_unknown_kinds_are_counted_and_never_guessed_at() -> None:
    events = [Opaque("weather.seen/1", {}), Opaque("weather.seen/1", {}), Opaque("version.seen/1", {})]

    assert unread(index_of(events)) == {"version.seen/1": 1, "weather.seen/1": 2}


def test_the_production_is_kept_by_its_first_event() -> None:
    events = [ProductionOpened(ProductionFact(record(1), "The Last Verse", "edgecode"))]

    assert index_of(events).rows("production") == [(bytes.fromhex(record(1).replace("-", "")), "The Last Verse")]


def test_a_version_seen_at_a_second_place_is_the_same_version_with_two_places() -> None:
    show = Show()
    plate = show.file("a.png", content="x")
    show.file("copy/a.png", content="x", version=plate)
    row = version(show.index(), plate)
    assert row is not None

    assert [place.path for place in row.places] == ["a.png", "copy/a.png"]


def test_the_place_answers_with_what_was_last_seen_there() -> None:
    show = Show()
    old = show.file("a.png", content="old")
    new = show.file("a.png", content="new", supersedes=old)
    store = show.index()
    found = version_at(store, "media", "a.png")
    assert found is not None

    assert (found.key, found.supersedes, superseding(store, id_of(store, old))) == (new, old, [id_of(store, new)])


def test_a_file_that_came_back_to_its_place_is_found_there_again() -> None:
    show = Show()
    old = show.file("a.png", content="old")
    show.file("a.png", content="new", supersedes=old)
    show.file("a.png", content="old", version=old)
    found = version_at(show.index(), "media", "a.png")
    assert found is not None

    assert found.key == old


def test_one_version_cannot_have_two_contents() -> None:
    show = Show()
    plate = show.file("a.png", content="x")
    show.file("b.png", content="y", version=plate)
    store = show.index()
    row = version(store, plate)
    assert row is not None

    assert (row.sha256, codes(store)) == (digest("x"), ["version.two_contents"])


def test_bytes_that_were_read_beat_what_a_tool_claimed_of_them() -> None:
    show = Show()
    made, named = show.file("a.png"), show.new()
    show.step(StepKind.GENERATE, made, [named], claimed={named: digest("claimed")})
    show.file("b.png", content="read", version=named)
    store = show.index()
    row = version(store, named)
    assert row is not None

    assert (row.sha256, codes(store)) == (digest("read"), ["claim.differs"])


def test_a_version_that_was_only_named_keeps_the_name_until_it_is_seen() -> None:
    show = Show()
    made, named = show.file("a.png"), show.new()
    show.step(StepKind.GENERATE, made, [named], names={named: "input/face.png"})
    row = version(show.index(), named)
    assert row is not None

    assert (row.name, row.standing, row.digest) == ("input/face.png", "referred", None)


def test_a_frame_s_bytes_lead_to_the_sequence_that_holds_it() -> None:
    show = Show()
    plate = show.sequence("p.", ".exr", 1001, 1010, missing=((1003, 1004),))
    store = show.index()

    assert [(row.key, frame) for row, frame in frames_of_content(store, digest(("p.", 1006)))] == [(plate, 1006)]


def test_all_versions_of_a_content_answer_to_its_edge_code() -> None:
    show = Show()
    one, other = show.file("a.png", content="x"), show.file("b.png", content="x")
    store = show.index()
    code = EdgeCode("U", edge_digits(digest("x")))

    assert [row.key for row in resolve_edge_code(store, code)] == [one, other]


def test_two_contents_with_the_same_fifty_bits_get_longer_codes_and_share_the_short_one() -> None:
    show = Show()
    one, other = show.file("a.png"), show.file("b.png")
    shared = digest("a.png")[:13]
    second = show.events[1]
    show.events[1] = type(second)(  # type: ignore[call-arg]
        second.fact,  # type: ignore[union-attr]
        type(second.bytes)(shared + digest("b.png")[13:], 1),  # type: ignore[union-attr]
        second.place,  # type: ignore[union-attr]
    )
    store = show.index()
    rows = [version(store, one), version(store, other)]
    codes = [edge_code(store, row) for row in rows if row is not None]
    short = EdgeCode("U", edge_digits(digest("a.png")))

    assert (
        [len(code.digits) for code in codes if code is not None],
        {row.key for row in resolve_edge_code(store, short)},
        [row.key for code in codes if code is not None for row in resolve_edge_code(store, code)],
    ) == ([15, 15], {one, other}, [one, other])


def test_a_step_comes_back_with_its_inputs_outputs_and_recipe() -> None:
    show = Show()
    plate, made, mask = show.file("p.png"), show.file("m.png"), show.file("k.png")
    step = show.new()
    fact = StepFact(
        step,
        StepKind.GENERATE,
        "comfyui.png",
        Grade.LOGGED,
        (made,),
        (StepInput(plate), used_as(InputRole.CONTROL, mask)),
        Tool("ComfyUI", "0.3"),
    )
    recipe = Recipe((ModelUse("a.safetensors", "checkpoint"),), ("18446744073709551615",), {"cfg": "7.5"})
    show.events.append(StepPerformed(fact, recipe=recipe))
    store = show.index()
    made_row = version(store, made)
    assert made_row is not None
    assert made_row.step is not None
    row = steps(store, [made_row.step])[made_row.step]

    assert (
        row.key,
        row.kind,
        row.tool,
        row.recipe,
        [(one.version, one.role) for one in row.inputs],
        outputs(store, row.id),
    ) == (
        step,
        StepKind.GENERATE,
        "ComfyUI",
        recipe,
        [(id_of(store, plate), InputRole.PICTURE), (id_of(store, mask), InputRole.CONTROL)],
        [id_of(store, made)],
    )


def test_one_recipe_is_kept_once() -> None:
    show = Show()
    for name in ("a.png", "b.png"):
        made = show.file(name)
        fact = StepFact(show.new(), StepKind.GENERATE, "test", Grade.LOGGED, (made,))
        show.events.append(StepPerformed(fact, recipe=Recipe(seeds=("1",))))

    assert show.index().rows("recipe_id", sha256(b'{"seeds":["1"]}').digest()) == [(1,)]


def test_a_model_that_is_only_named_is_known_and_not_seen() -> None:
    model = record(5)
    events = [
        ModelKnown(
            ModelFact(model, "checkpoint"),
            NameSection("base.safetensors"),
            HashesSection(claimed={"autov2": "ABCDEF0123"}),
        )
    ]
    row = version(index_of(events), model)
    assert row is not None

    assert (row.name, row.standing, row.sha256) == ("base.safetensors", "known", None)


def test_a_file_of_weights_that_was_read_is_found_by_its_bytes() -> None:
    model = record(5)
    events = [
        ModelKnown(ModelFact(model), NameSection("base.safetensors"), HashesSection(computed={"sha256": digest("w")}))
    ]

    assert [row.key for row in versions_of_content(index_of(events), digest("w"))] == [model]


def test_a_set_of_material_cannot_be_a_member_of_itself() -> None:
    first, second = record(5), record(6)
    events = [
        DatasetKnown(DatasetFact(first, members=(second,)), NameSection("faces")),
        DatasetKnown(DatasetFact(second, members=(first,)), NameSection("more")),
    ]
    store = index_of(events)

    assert (codes(store), store.rows("members_of", "[1,2]")) == (["dataset.cycle"], [(1, 2)])


def test_a_circle_is_refused_before_it_is_recorded() -> None:
    show = Show()
    one, other, third = show.file("a.png"), show.file("b.png"), show.file("c.png")
    show.step(StepKind.PAINT, other, [one])
    show.step(StepKind.PAINT, third, [other])
    store = show.index()
    closing = StepFact(record(999), StepKind.PAINT, "test", Grade.LOGGED, (one,), (StepInput(third),))
    with pytest.raises(InputError) as raised:
        refuse_cycle(store, closing)

    assert raised.value.code == "step.cycle"


@pytest.mark.parametrize("is_known", [True, False])
def test_a_step_that_makes_its_own_input_closes_a_circle(is_known: bool) -> None:
    show = Show()
    one = show.file("a.png") if is_known else record(77)
    fact = StepFact(record(999), StepKind.PAINT, "test", Grade.LOGGED, (one,), (StepInput(one),))

    assert would_close_cycle(show.index(), fact)


def test_a_step_from_old_to_new_closes_no_circle() -> None:
    show = Show()
    one, other = show.file("a.png"), show.file("b.png")
    show.step(StepKind.PAINT, other, [one])
    fact = StepFact(record(999), StepKind.PAINT, "test", Grade.LOGGED, (show.new(),), (StepInput(other),))

    assert not would_close_cycle(show.index(), fact)


def test_a_recorded_circle_is_listed_and_its_step_and_version_are_named() -> None:
    show = Show()
    one, other = show.file("a.png"), show.file("b.png")
    show.step(StepKind.PAINT, other, [one])
    step = show.step(StepKind.PAINT, one, [other])

    assert problems(show.index()) == [Problem("step.cycle", 3, step, other)]


def test_the_same_step_or_cut_twice_is_a_problem_and_changes_nothing_else() -> None:
    show = Show()
    show.step(StepKind.CAMERA, show.file("a.png"))
    add_cut(show, clip("a.png"))
    show.events += show.events[1:]
    store = show.index()

    assert (codes(store), len(store.rows("cut_listing"))) == (["step.contradicted", "cut.twice"], 1)


def test_a_step_that_two_entries_record_in_different_words_accounts_for_nothing() -> None:
    show = Show()
    made = show.file("a.png")
    show.step(StepKind.CAMERA, made)
    first = show.events[-1]
    show.events.append(replace(first, fact=replace(first.fact, kind=StepKind.GENERATE, line="b" * 32)))
    store = show.index()
    unknown = unaccounted(Reason.AMBIGUOUS)

    assert codes(store) == ["step.contradicted"]
    assert joined_account(accounts(store, [1])[1]) & unknown == unknown


def test_one_line_that_two_entries_record_is_one_step() -> None:
    show = Show()
    show.step(StepKind.CAMERA, show.file("a.png"))
    lined = replace(show.events[-1], fact=replace(show.events[-1].fact, line="a" * 32))
    show.events[-1:] = [lined, lined]

    assert codes(show.index()) == ["step.twice"]


def test_answers_are_listed_with_everything_they_cover() -> None:
    show = Show()
    plate = show.file("a.png")
    answer = show.answer(StepKind.CAMERA, [plate], clips=[record(55)])
    show.withdraw(answer)

    assert answers_given(show.index()) == [
        AnswerRow(answer, record(0), "making", StepKind.CAMERA, None, ("folder",), True, (plate,), (record(55),))
    ]


def test_another_digest_finds_a_file_and_says_who_computed_it() -> None:
    model = record(5)
    hashes = HashesSection(computed={"sha256": digest("w")}, claimed={"autov2": "ABCDEF0123"})
    found = versions_of_alias(
        index_of([ModelKnown(ModelFact(model), NameSection("base"), hashes)]), "autov2", "abcdef0123"
    )

    assert [(row.key, trust) for row, trust in found] == [(model, "claimed")]


def test_an_answer_that_was_never_given_cannot_be_taken_back() -> None:
    show = Show()
    show.withdraw(record(12))

    assert codes(show.index()) == ["answer.unknown"]


def test_resetting_leaves_an_empty_index() -> None:
    show = Show()
    show.step(StepKind.CAMERA, show.file("a.png"))
    add_cut(show, clip("a.png"))
    store = show.index()
    store.reset()

    assert dump(store) == dump(SqliteIndex(":memory:"))


def test_an_index_of_another_shape_is_emptied_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    connection = connect(path, durable=False)
    connection.execute("create table cut(old text); pragma user_version = 99")
    connection.close()

    assert watermark(SqliteIndex(path)) == (0, b"")


def test_an_index_that_is_opened_again_still_holds_everything(tmp_path: Path) -> None:
    show = Show()
    show.file("a.png", media=FileFacts("still", width=10))
    store = SqliteIndex(tmp_path / "index.db")
    project(store, recorded(show.events), size=1, root=ROOT)
    before = dump(store)
    store.close()

    assert dump(SqliteIndex(tmp_path / "index.db")) == before


def made(store: SqliteIndex, key: str) -> tuple[str | None, list[str]]:
    """The kind of the step that stands as a version's maker, and the reasons why the version is unaccounted."""
    row = version(store, key)
    assert row is not None
    account = joined_account(accounts(store, [row.id])[row.id])
    return (steps(store, [row.step])[row.step].kind.value if row.step else None), [r.value for r in reasons_of(account)]


def test_a_step_that_was_taken_back_made_nothing_and_its_inputs_do_not_count() -> None:
    show = Show()
    plate, comp = show.file("p.png"), show.file("c.png")
    step = show.step(StepKind.COMP, comp, [plate])
    show.withdraw_step(step)
    store = show.index()

    assert made(store, comp) == (None, ["no-step"])
    assert [row.version for row in closure(store, id_of(store, comp))] == [id_of(store, comp)]
    assert impact(store, id_of(store, plate)) == set()


def test_another_recorded_step_takes_over_from_one_that_was_taken_back_and_else_an_answer() -> None:
    show = Show()
    plate, comp = show.file("p.png"), show.file("c.png")
    show.step(StepKind.CAMERA, plate)
    wrong = show.step(StepKind.GENERATE, comp, grade=Grade.SIGNED)
    right = show.step(StepKind.COMP, comp, [plate])
    show.answer(StepKind.PAINT, [comp])
    show.withdraw_step(wrong)
    store = show.index()

    assert made(store, comp) == ("comp", [])

    show.withdraw_step(right)
    store = show.index()
    account = joined_account(accounts(store, [id_of(store, comp)])[id_of(store, comp)])

    assert (made(store, comp), classes_of(account)) == ((None, []), "H")


def test_a_corrected_step_stands_alone_once_the_first_is_taken_back() -> None:
    show = Show()
    plate, comp = show.sequence("pl.", ".exr", 1, 4), show.sequence("cp.", ".exr", 1001, 1004)
    show.step(StepKind.CAMERA, plate)
    first = show.step(StepKind.COMP, comp, [used_as(InputRole.PICTURE, plate, same(1001, 1005))])
    show.step(StepKind.COMP, comp, [used_as(InputRole.PICTURE, plate, same(1001, 1005, -1000))])

    assert made(show.index(), comp)[1] == ["range-outside"]

    show.withdraw_step(first)

    assert made(show.index(), comp) == ("comp", [])


def test_taking_back_a_step_twice_or_one_that_nobody_recorded_changes_no_answer() -> None:
    show = Show()
    comp = show.file("c.png")
    step = show.step(StepKind.PAINT, comp)
    show.withdraw_step(step)
    once = dump(show.index()).splitlines()[1:]
    show.withdraw_step(step)
    twice = [
        line for line in dump(show.index()).splitlines()[1:] if not (b"record_entry" in line and line.endswith(b",3]"))
    ]
    show.withdraw_step(show.new())

    assert once == twice
    assert codes(show.index()) == ["step.unknown"]


def test_what_was_taken_back_is_remembered_by_its_content_and_source() -> None:
    show = Show()
    one, copy = show.file("a.png", content="x"), show.file("b.png", content="x")
    step = show.step(StepKind.GENERATE, one)
    before = Memory(show.index())
    show.withdraw_step(step)
    after = Memory(show.index())

    assert (before.is_withdrawn(step), before.making_withdrawn(copy, "test")) == (False, False)
    assert (after.is_withdrawn(step), after.making_withdrawn(copy, "test"), after.step_known(step)) == (
        True,
        True,
        True,
    )
    assert (after.making_withdrawn(copy, "other"), after.producer_known(one)) == (False, False)


def test_a_step_that_was_never_recorded_is_refused_before_it_is_taken_back() -> None:
    show = Show()
    step = show.step(StepKind.PAINT, show.file("c.png"))
    store = show.index()
    refuse_unknown_step(store, step)

    for unknown in (record(999_999), "no id"):
        with pytest.raises(NotFoundError, match=r"step\.unknown"):
            refuse_unknown_step(store, unknown)


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_file_that_is_no_index_is_replaced_by_an_empty_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(content)
    store = SqliteIndex(path)

    assert watermark(store) == (0, b"")


def test_an_index_whose_pages_are_damaged_is_thrown_away_and_the_next_one_is_whole(tmp_path: Path) -> None:
    path, show = tmp_path / "index.db", Show()
    for number in range(300):
        show.file(f"{number}.png")
    store = SqliteIndex(path)
    project(store, recorded(show.events), size=len(show.events), root=ROOT)
    store.close()
    data = path.read_bytes()
    page = data.index(b"20.png") // 4096 * 4096
    path.write_bytes(data[:page] + b"\x55" * 4096 + data[page + 4096 :])
    with pytest.raises(UnavailableError, match=r"index\.damaged"):
        dump(SqliteIndex(path))

    assert watermark(SqliteIndex(path)) == (0, b"")
