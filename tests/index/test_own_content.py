"""What is somebody's scan, voice or capture is named by the commitment to its digests, in whatever order the record says so."""

import pytest

from edgecode.answers.naming import targets_named
from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.errors import NotFoundError
from edgecode.index.catalogue import edge_code, resolve_edge_code, version
from edgecode.index.dump import dump
from edgecode.index.projector import project
from edgecode.index.store import IndexStore
from edgecode.terms.identity import EdgeCode, RecordId, edge_digits
from edgecode.terms.steps import StepKind
from index.declared_show import committed, declare, declared_show, entries, frame_file, withdraw
from index.small_show import Show, digest


def projected(show: Show, store: IndexStore) -> IndexStore:
    found = entries(show.events)
    project(store, found, size=len(found), root=b"\x07" * 32)
    return store


def index_of(show: Show) -> IndexStore:
    return projected(show, SqliteIndex(":memory:"))


def digits(store: IndexStore, key: RecordId) -> str:
    row = version(store, key)
    code = edge_code(store, row) if row is not None else None
    return code.digits if code is not None else ""


def shown(store: IndexStore, key: RecordId) -> tuple[str | None, str | None, str | None]:
    row = version(store, key)
    assert row is not None
    return row.sha256, row.sequence_root, row.committed


def found(store: IndexStore, characters: str, *, retired: bool = False) -> list[RecordId]:
    return [row.key for row in resolve_edge_code(store, EdgeCode("U", characters), retired=retired)]


def test_a_declared_capture_shows_its_commitment_and_no_digest() -> None:
    show = Show()
    show.file("before.png")
    voice = show.file("voice.wav")
    declare(show, voice)
    store = index_of(show)

    assert shown(store, voice) == (None, None, committed(1))
    assert digits(store, voice) == edge_digits(committed(1))


def test_a_code_printed_before_the_declaration_leads_nowhere_unless_it_is_asked_for() -> None:
    show = Show()
    voice = show.file("voice.wav")
    old = digits(index_of(show), voice)
    declare(show, voice)
    store = index_of(show)

    assert (found(store, old), found(store, old, retired=True)) == ([], [voice])
    assert found(store, digits(store, voice)) == [voice]


def test_a_digest_that_somebody_types_leads_to_a_capture_only_when_it_is_asked_for() -> None:
    show = Show()
    voice, scan = show.file("voice.wav"), show.sequence("scan.", ".exr", 1, 3)
    declare(show, voice)
    declare(show, scan)
    store = index_of(show)

    for typed in (digest("voice.wav"), digest(("scan.", 2))):
        with pytest.raises(NotFoundError, match=r"version\.unknown"):
            targets_named(store, typed)

        assert len(targets_named(store, typed, reveal=True)) == 1


def test_a_withdrawn_declaration_brings_the_digest_and_its_code_back() -> None:
    show = Show()
    voice = show.file("voice.wav")
    before = index_of(show)
    withdraw(show, declare(show, voice))
    store = index_of(show)

    assert (shown(store, voice), digits(store, voice)) == (shown(before, voice), digits(before, voice))
    assert found(store, edge_digits(committed(0))) == []


def test_a_capture_stays_one_while_one_of_two_declarations_is_in_force() -> None:
    show = Show()
    voice = show.file("voice.wav")
    declare(show, voice)
    withdraw(show, declare(show, voice))

    assert shown(index_of(show), voice) == (None, None, committed(0))


def test_every_version_of_the_same_bytes_has_the_code_of_the_first_time_they_were_read() -> None:
    show = Show()
    late = show.new()
    show.step(StepKind.CAPTURE, late)
    first = show.file("a.wav", content="same")
    show.file("b.wav", content="same", version=late)
    declare(show, late)
    after = show.file("c.wav", content="same")
    store = index_of(show)

    assert {shown(store, key) for key in (first, late, after)} == {(None, None, committed(1))}
    assert found(store, digits(store, late)) == sorted([first, late, after], key=[late, first, after].index)


def test_a_version_that_is_declared_before_anybody_read_it_is_hidden_as_soon_as_it_is_read() -> None:
    show = Show()
    voice = show.new()
    declare(show, voice)
    unread = index_of(show)
    show.file("voice.wav", version=voice)

    assert (shown(unread, voice), digits(unread, voice)) == ((None, None, None), "")
    assert shown(index_of(show), voice) == (None, None, committed(1))


def test_a_capture_that_a_step_only_claims_has_no_code_and_shows_no_digest() -> None:
    show = Show()
    voice = show.new()
    show.step(StepKind.CAPTURE, voice, claimed={voice: digest("voice.wav")})
    declare(show, voice)
    store = index_of(show)

    assert (shown(store, voice), digits(store, voice)) == ((None, None, None), "")


def test_files_that_are_frames_of_a_declared_sequence_hide_their_digests_in_any_order() -> None:
    show = Show()
    early = show.new()
    show.events.append(frame_file(early, ("scan.", 1)))
    scan = show.sequence("scan.", ".exr", 1, 3)
    declare(show, scan)
    late = show.new()
    show.events.append(frame_file(late, ("scan.", 2)))
    other = show.file("other.exr")
    store = index_of(show)

    assert shown(store, scan) == (None, None, committed(1))
    assert shown(store, early) == (None, None, committed(0))
    assert shown(store, late) == (None, None, committed(3))
    assert shown(store, other) == (digest("other.exr"), None, None)


def test_a_sequence_is_no_capture_because_one_of_its_frames_is() -> None:
    show = Show()
    frame = show.new()
    show.events.append(frame_file(frame, ("shot.", 1)))
    shot = show.sequence("shot.", ".exr", 1, 3)
    declare(show, frame)
    store = index_of(show)

    assert shown(store, frame)[0] is None
    assert shown(store, shot)[1] is not None


def test_the_index_is_the_same_made_at_once_and_entry_by_entry() -> None:
    show = declared_show()
    pieces, all_ = SqliteIndex(":memory:"), entries(show.events)
    for size in range(1, len(all_) + 1):
        project(pieces, all_[size - 1 : size], size=size, root=b"\x07" * 32)

    assert dump(pieces) == dump(index_of(show))
