"""Sealing and opening: what is plain, what needs which key, what a wrong or a destroyed key does, and that no trace remains."""

from pathlib import Path

import pytest

from edgecode.drivers.key_files import actor_id, create_key_file, open_key_file
from edgecode.drivers.signers import signer_at
from edgecode.drivers.sqlite_keys import SqliteKeys
from edgecode.errors import (
    InputError,
    InvalidError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnverifiableError,
    UsageError,
)
from edgecode.events.codec import commitment_holds, parse_leaf
from edgecode.events.kinds import AnswerFact, AnswerGiven, Claim, Event, Recipe, TextSection
from edgecode.events.registry import read_event, sections_of
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.people.sealing import key_of, open_sections
from edgecode.terms.steps import StepKind
from sample_log import Chance, sealed, step_with_prompt, version_seen


@pytest.fixture
def keys(tmp_path: Path) -> SqliteKeys:
    return SqliteKeys(tmp_path / "keys.db", create=True)


@pytest.fixture
def chance() -> Chance:
    return Chance()


def seal_here(event: Event, chance: Chance, keys: SqliteKeys, tmp_path: Path) -> SealedEvent:
    path = tmp_path / "log.key"
    return sealed(event, chance, keys, open_key_file(path) if path.exists() else create_key_file(path))


def test_what_was_sealed_opens_to_the_same_event(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    for event in (version_seen(chance), step_with_prompt(chance)):
        given = seal_here(event, chance, keys, tmp_path)
        leaf = parse_leaf(given.leaf)
        opened = open_sections(leaf, given.sections, keys=keys, entry=1)

        assert opened == sections_of(event)
        assert read_event(leaf.type, opened) == event
        assert all(commitment_holds(s.salt, opened[s.name], leaf.commitments[s.name]) for s in given.sections)


def test_facts_and_digests_are_plain_and_places_and_prompts_are_not(
    chance: Chance, keys: SqliteKeys, tmp_path: Path
) -> None:
    seen, step = version_seen(chance), step_with_prompt(chance)
    stored = {
        s.name: (s.key_id, s.data) for event in (seen, step) for s in seal_here(event, chance, keys, tmp_path).sections
    }

    assert {name: key_id for name, (key_id, _) in stored.items()} == {
        "fact": "",
        "bytes": "",
        "place": f"p:{chance.production}",
        "text": f"t:{step.fact.step}",
    }
    assert b"rain" not in stored["text"][1]
    assert b"shots" not in stored["place"][1]


def test_each_section_is_sealed_with_the_key_of_what_it_is_about(chance: Chance) -> None:
    answer = AnswerGiven(
        AnswerFact(chance.id(), chance.id(), Claim(StepKind.CAMERA)), text=TextSection((("note", "x"),))
    )
    step = step_with_prompt(chance)

    assert key_of(answer, "text", production="P") == f"t:{answer.fact.answer}"
    assert key_of(step, "text", production="P") == f"t:{step.fact.step}"
    assert [key_of(step, name, production="P") for name in ("fact", "bytes", "place", "recipe", "graph")] == [
        "",
        "",
        "p:P",
        "p:P",
        "p:P",
    ]
    with pytest.raises(ValueError, match="names whose key seals it"):
        key_of(step, "person", production="P")


def test_nothing_is_sealed_twice_alike(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    step = step_with_prompt(chance)
    one, other = (seal_here(step, chance, keys, tmp_path).sections for _ in range(2))

    assert all(a.salt != b.salt for a, b in zip(one, other, strict=True))
    assert one[-1].data != other[-1].data


def test_a_section_opens_in_its_own_place_only(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    one, other = (seal_here(version_seen(chance), chance, keys, tmp_path) for _ in range(2))
    place = next(section for section in one.sections if section.name == "place")
    renamed = SealedSection("recipe", place.salt, place.key_id, place.data)

    for leaf, section in ((other.leaf, place), (one.leaf, renamed)):
        with pytest.raises(InvalidError, match=r"people\.section_unopened"):
            open_sections(parse_leaf(leaf), [section], keys=keys, entry=1)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:5], lambda data: bytes([data[0] ^ 1]) + data[1:]]
)
def test_a_damaged_section_is_refused_by_name_and_shows_nothing(
    chance: Chance, keys: SqliteKeys, tmp_path: Path, damage
) -> None:
    given = seal_here(step_with_prompt(chance), chance, keys, tmp_path)
    text = given.sections[-1]
    broken = SealedSection(text.name, text.salt, text.key_id, damage(text.data))
    leaf = parse_leaf(given.leaf)

    with pytest.raises(InvalidError) as refused:
        open_sections(leaf, [broken], keys=keys, entry=1)
    assert refused.value.sentence == f"section text of event {leaf.id} is not what was sealed with its key in keys.db"


def test_a_section_without_its_key_or_its_row_is_absent_and_the_others_open(
    chance: Chance, keys: SqliteKeys, tmp_path: Path
) -> None:
    given = seal_here(step_with_prompt(chance), chance, keys, tmp_path)
    leaf = parse_leaf(given.leaf)
    keys.destroy_forever(given.sections[-1].key_id)

    assert set(open_sections(leaf, given.sections, keys=keys, entry=1)) == {"fact"}
    assert open_sections(leaf, (), keys=keys, entry=1) == {}


def test_a_section_that_its_entry_does_not_commit_to_is_refused_by_entry_and_name(
    chance: Chance, keys: SqliteKeys, tmp_path: Path
) -> None:
    given = seal_here(version_seen(chance), chance, keys, tmp_path)
    leaf, fact = parse_leaf(given.leaf), given.sections[0]
    rewritten = SealedSection("fact", fact.salt, "", fact.data.replace(b"still", b"video"))
    added = SealedSection("recipe", bytes(32), "", b"{}")
    unsealed = SealedSection("place", fact.salt, "", b"{}")

    for section in (rewritten, added, unsealed, SealedSection("bytes", b"short", "", b"{}")):
        with pytest.raises(InvalidError, match=r"people\.section_altered") as refused:
            open_sections(leaf, [section], keys=keys, entry=7)
        assert refused.value.sentence.startswith(f"section {section.name} of entry 7 ")


def test_a_key_that_is_gone_and_was_not_destroyed_is_refused_and_not_left_out(
    chance: Chance, keys: SqliteKeys, tmp_path: Path
) -> None:
    given = seal_here(step_with_prompt(chance), chance, keys, tmp_path)
    empty = SqliteKeys(tmp_path / "other.db", create=True)

    with pytest.raises(UnverifiableError, match=r"people\.key_absent"):
        open_sections(parse_leaf(given.leaf), given.sections, keys=empty, entry=7)


def test_keys_that_are_not_there_are_not_made_by_opening_them(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"keys\.absent"):
        SqliteKeys(tmp_path / "keys.db")

    assert list(tmp_path.iterdir()) == []


def test_nothing_new_is_sealed_with_a_destroyed_key(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    step = step_with_prompt(chance)
    keys.destroy_forever(f"t:{step.fact.step}")

    with pytest.raises(RefusedError, match=r"people\.key_destroyed"):
        seal_here(step, chance, keys, tmp_path)


def test_no_prompt_path_or_digest_is_in_a_leaf(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    seen, step = version_seen(chance), step_with_prompt(chance)
    leaves = b"".join(seal_here(event, chance, keys, tmp_path).leaf for event in (seen, step))
    words = ["rain", "shots", "plate", seen.bytes.sha256, "1048576", "1920", "generate"]

    assert [word for word in words if word.encode() in leaves] == []


# ------------------------------------------------------------------------------------------------ keys


def test_a_key_is_kept_once_and_the_first_one_stays(keys: SqliteKeys) -> None:
    keys.create("p:1", b"a" * 32)
    keys.create("p:1", b"b" * 32)

    assert (keys.key("p:1"), keys.key("p:2"), keys.is_destroyed("p:1"), keys.is_destroyed("p:2")) == (
        b"a" * 32,
        None,
        False,
        False,
    )


def test_a_destroyed_key_stays_destroyed_and_leaves_no_trace_in_the_files(keys: SqliteKeys, tmp_path: Path) -> None:
    secret = bytes(range(100, 132))
    keys.create("t:1", secret)
    keys.create("t:2", b"b" * 32)
    assert any(secret in path.read_bytes() for path in tmp_path.iterdir())
    keys.destroy_forever("t:1")
    keys.create("t:1", b"c" * 32)

    assert (keys.key("t:1"), keys.is_destroyed("t:1"), keys.key("t:2")) == (None, True, b"b" * 32)
    assert [path.name for path in tmp_path.iterdir() if secret in path.read_bytes()] == []


def test_keys_made_together_are_there_afterwards_and_none_after_a_failure(keys: SqliteKeys, tmp_path: Path) -> None:
    with keys.together():
        keys.create("t:1", b"a" * 32)
        keys.create("t:2", b"b" * 32)
    with pytest.raises(RuntimeError), keys.together():
        keys.create("t:3", b"c" * 32)
        raise RuntimeError
    keys.close()

    assert [SqliteKeys(tmp_path / "keys.db").key(f"t:{n}") for n in (1, 2, 3)] == [b"a" * 32, b"b" * 32, None]


def test_files_with_secrets_are_for_their_owner_alone(keys: SqliteKeys, tmp_path: Path) -> None:
    keys.create("p:1", b"a" * 32)
    create_key_file(tmp_path / "log.key")

    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "keys.db": 0o600,
        "keys.db-wal": 0o600,
        "keys.db-shm": 0o600,
        "log.key": 0o600,
    }


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_secret_that_others_may_read_is_refused_in_words(keys: SqliteKeys, tmp_path: Path, mode: int) -> None:
    keys.close()
    create_key_file(tmp_path / "log.key")
    for name, use in (("log.key", open_key_file), ("keys.db", SqliteKeys)):
        (tmp_path / name).chmod(mode)
        with pytest.raises(RefusedError) as refused:
            use(tmp_path / name)
        assert (
            refused.value.sentence
            == f"{name} may be read or written by others (mode {mode:o}), so what it guards is not safe"
        )


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    signer = create_key_file(tmp_path / "log.key")
    with pytest.raises(RefusedError, match=r"secret\.exists"):
        create_key_file(tmp_path / "log.key")
    again = signer_at("file:log.key", folder=tmp_path)

    assert (again.public, again.actor, again.sign(b"x")) == (signer.public, actor_id(signer.public), signer.sign(b"x"))


@pytest.mark.parametrize(
    ("uri", "error"),
    [
        ("file:none.key", NotFoundError),
        ("awskms:alias/x", UsageError),
        ("log.key", UsageError),
        ("file:", UsageError),
        ("file:junk", InputError),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_by_kind(tmp_path: Path, uri: str, error: type[Exception]) -> None:
    (tmp_path / "junk").write_text("no key")
    (tmp_path / "junk").chmod(0o600)

    with pytest.raises(error):
        signer_at(uri, folder=tmp_path)


def test_recipes_are_sealed_for_the_production(chance: Chance, keys: SqliteKeys, tmp_path: Path) -> None:
    step = step_with_prompt(chance)
    with_recipe = type(step)(step.fact, recipe=Recipe(seeds=("18446744073709551615",)))
    recipe = next(s for s in seal_here(with_recipe, chance, keys, tmp_path).sections if s.name == "recipe")

    assert (recipe.key_id, b"18446744073709551615" in recipe.data) == (f"p:{chance.production}", False)
