"""Random lineages: the index and a plain walk agree on what everything was made from and what every frame is made of."""

from random import Random

import pytest

from edgecode.drivers.sqlite_index import SqliteIndex
from edgecode.index.accounts import accounts
from edgecode.index.dump import dump
from edgecode.index.keys import record_of
from edgecode.index.lineage import closure, impact
from edgecode.index.projector import project
from edgecode.index.rows import ids_text
from edgecode.terms.identity import RecordId
from index.random_show import PlainWalk, random_show
from index.small_show import Show, id_of, index_of, recorded

STEPS = 10_000


@pytest.fixture(scope="module")
def show() -> Show:
    return random_show(STEPS, 7)


@pytest.fixture(scope="module")
def walk(show: Show) -> PlainWalk:
    return PlainWalk(show.events)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(show: Show) -> SqliteIndex:
    return index_of(show.events)


@pytest.fixture(scope="module")
def keys(store: SqliteIndex) -> dict[int, RecordId]:
    listed = "[" + ",".join(str(i) for i in range(1, 10**5)) + "]"
    return {row[0]: record_of(row[1]) for row in store.rows("versions", listed)}  # type: ignore[misc, arg-type]


def test_every_frame_is_made_of_what_a_plain_walk_says(
    store: SqliteIndex, walk: PlainWalk, keys: dict[int, RecordId]
) -> None:
    differences = []
    for identity, pieces in accounts(store, keys).items():
        key = keys[identity]
        for frame in walk.frames_of(key):
            (account,) = [
                piece.account
                for piece in pieces
                if frame is None
                or ((piece.first is None or piece.first <= frame) and (piece.end is None or frame < piece.end))
            ]
            expected = walk.account(key, frame)
            if account != expected:
                differences.append((key, frame, bin(account), bin(expected)))

    assert differences[:3] == []


def test_one_version_at_a_time_gives_the_same_accounts_as_all_at_once(
    store: SqliteIndex, keys: dict[int, RecordId]
) -> None:
    chosen = Random(1).sample(sorted(keys), 300)
    together = accounts(store, chosen)

    assert {identity: accounts(store, [identity])[identity] for identity in chosen} == together


def test_closures_equal_a_plain_walk(store: SqliteIndex, walk: PlainWalk, keys: dict[int, RecordId]) -> None:
    chosen = Random(2).sample(sorted(keys), 300)
    found = {identity: {keys[row.version] for row in closure(store, identity)} for identity in chosen}

    assert found == {identity: walk.behind(keys[identity]) for identity in chosen}


def test_the_recursive_statement_reaches_the_same_versions(store: SqliteIndex, keys: dict[int, RecordId]) -> None:
    chosen = Random(3).sample(sorted(keys), 300)

    assert {identity: {row[0] for row in store.rows("closure_of", ids_text([identity]))} for identity in chosen} == {
        identity: {row.version for row in closure(store, identity)} for identity in chosen
    }


def test_impact_equals_a_plain_walk_downwards(store: SqliteIndex, walk: PlainWalk, keys: dict[int, RecordId]) -> None:
    users: dict[RecordId, set[RecordId]] = {}
    for key in walk.versions:
        for source in walk.next_behind(key):
            users.setdefault(source, set()).add(key)
    chosen = Random(4).sample(sorted(keys), 300)
    expected = {}
    for identity in chosen:
        seen, stack = set[RecordId](), [keys[identity]]
        while stack:
            for user in users.get(stack.pop(), set()) - seen:
                seen.add(user)
                stack.append(user)
        expected[identity] = seen - {keys[identity]}

    assert {identity: {keys[one] for one in impact(store, identity)} for identity in chosen} == expected


def test_projecting_in_pieces_and_again_from_nothing_gives_the_same_dump(show: Show, store: SqliteIndex) -> None:
    rnd, pieces, entries, at = Random(5), SqliteIndex(":memory:"), recorded(show.events), 0
    while at < len(entries):
        end = min(len(entries), at + rnd.choice((1, 7, 400, 3000)))
        project(pieces, entries[at:end], size=end, root=b"\x07" * 32)
        at = end
    incremental = dump(pieces)
    pieces.reset()
    project(pieces, entries, size=len(entries), root=b"\x07" * 32)

    assert (incremental == dump(store), dump(pieces) == dump(store)) == (True, True)


@pytest.mark.parametrize("seed", range(3))
def test_accounts_do_not_depend_on_the_order_of_recording(seed: int) -> None:
    show = random_show(300, 100 + seed, circles=False)
    rnd = Random(seed)
    shuffled = list(show.events)
    rnd.shuffle(shuffled)
    one, other = index_of(show.events), index_of(_answers_in_order(show.events, shuffled))

    assert _by_key(one, show) == _by_key(other, show)


def _answers_in_order(events: list, shuffled: list) -> list:  # type: ignore[type-arg]
    """Answers and claims speak in order (the last answer, the first claim): only files and steps are shuffled around them."""
    fixed = [
        event
        for event in events
        if event.TYPE.startswith(("answer", "step.withdrawn"))
        or (getattr(event, "bytes", None) and "step" in event.TYPE)
    ]
    return [event for event in shuffled if event not in fixed] + fixed


def _by_key(store: SqliteIndex, show: Show) -> dict[str, object]:
    keys = {event.fact.version for event in show.events if "seen" in event.TYPE}  # type: ignore[union-attr]
    ids = {id_of(store, key): key for key in keys}
    return {ids[identity]: pieces for identity, pieces in accounts(store, ids).items()}
