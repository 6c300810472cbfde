"""The edge codes of scans, voices and captures: no answer shows a digest, and what was printed before leads nowhere by itself."""

from pathlib import Path

import msgspec
import pytest

from edgecode.answers.chain import Chains
from edgecode.answers.layout.sheets import sheet_csv
from edgecode.answers.lists import cut_list
from edgecode.answers.matchback.answer import matchback, matchback_code, matchback_file
from edgecode.errors import NotFoundError
from edgecode.events.codec import parse_leaf
from edgecode.events.kinds import (
    Event,
    MediaFacts,
    PlaceSection,
    SequenceBytes,
    SequenceFact,
    SequenceSeen,
    VersionBytes,
    VersionFact,
    VersionSeen,
)
from edgecode.index.catalogue import edge_code, version
from edgecode.index.persons import next_alias, persons
from edgecode.index.store import IndexStore
from edgecode.production import Production
from edgecode.production.persons.noting import add_person, depict, withdraw_depiction
from edgecode.terms.identity import EdgeCode, RecordId, sequence_root
from edgecode.terms.places import Place
from production.erased_person import Film, digest_of, make_film


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A film whose capture nobody has declared to be one yet."""
    return make_film(tmp_path / "film", biometric=False)


def code_of(production: Production, key: RecordId) -> EdgeCode:
    row = version(production.index, key)
    assert row is not None
    code = edge_code(production.index, row)
    assert code is not None
    return code


def answers(production: Production, code: EdgeCode) -> str:
    """What the answers about the capture print, all together."""
    index, view = production.index, production.view("reel1")
    given = [
        matchback(index, view, "0"),
        matchback_code(index, [view], code),
        matchback_file(index, [view], digest_of("voice"), at="a file in hand"),
    ]
    sheet = sheet_csv(cut_list(view, Chains(index), production="A Film"))
    return "\n".join([*(msgspec.json.encode(one).decode() for one in given), sheet, production.look(view)])


def test_no_answer_about_a_declared_capture_shows_its_digest_or_the_code_made_from_it(film: Film) -> None:
    with film.open() as production:
        old = code_of(production, film.ids["voice"])
        before = answers(production, old)
        depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=True)
        new = code_of(production, film.ids["voice"])
        said = answers(production, new)

        assert digest_of("voice") in before
        assert (str(old) in before, str(new) in said) == (True, True)
        assert [word for word in (digest_of("voice"), str(old)) if word in said] == []


def test_a_code_on_an_old_paper_resolves_for_those_who_ask_to_see_the_person(film: Film) -> None:
    with film.open() as production:
        old = code_of(production, film.ids["voice"])
        depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=True)
        view = production.view("reel1")

        with pytest.raises(NotFoundError, match=r"edge_code\.unknown"):
            matchback(production.index, view, str(old))
        with pytest.raises(NotFoundError, match=r"version\.unknown"):
            production.targets(str(old))
        (ref,) = matchback(production.index, view, str(old), reveal=True).found
        assert (ref.id, ref.edge_code) == (film.ids["voice"], str(code_of(production, film.ids["voice"])))
        assert len(production.targets(str(old), reveal=True)) == 1


def test_the_code_is_the_commitment_in_the_leaf_of_the_first_sighting_and_the_same_when_the_index_is_made_again(
    film: Film,
) -> None:
    with film.open() as production:
        depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=True)
        leaves = [parse_leaf(entry.leaf) for entry in production.log.entries(0, production.log.size)]
        first = next(leaf for leaf in leaves if leaf.type == "version.seen/1" and film.ids["voice"] in leaf.refs)
        code, dumped = code_of(production, film.ids["voice"]), production.index_dump()
        production.rebuild_index()

        assert code.digits == EdgeCode.of_digest(first.commitments["bytes"], origin="P").digits
        assert (code_of(production, film.ids["voice"]), production.index_dump()) == (code, dumped)


def test_a_withdrawn_depiction_brings_the_printed_code_back(film: Film) -> None:
    with film.open() as production:
        old = code_of(production, film.ids["voice"])
        depiction = depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=True)
        withdraw_depiction(production, depiction)

        assert code_of(production, film.ids["voice"]) == old


def test_a_declaration_changes_no_clip_that_a_printed_code_or_a_place_matched(film: Film) -> None:
    with film.open() as production:
        before = production.coverage(production.view("reel1"))
        depict(production, film.alias, film.ids["voice"], how="likeness-source", biometric=True)
        after = production.coverage(production.view("reel1"))

        assert msgspec.structs.replace(after, ledger=before.ledger) == before


def scan_events(sequence: RecordId, frame: RecordId) -> list[Event]:
    """A sequence of three frames, and its second frame seen as a file of its own at another place."""
    frames = [(n, bytes.fromhex(digest_of(f"scan {n}"))) for n in (1, 2, 3)]
    place, single = Place.of_sequence("media", "scans/head.", ".exr"), Place.of("media", "picked/best.exr")
    rows = tuple((n, digest.hex(), 10) for n, digest in frames)
    return [
        SequenceSeen(
            SequenceFact(sequence, 1, 3, 3, MediaFacts("sequence", rate="24/1", frames=3, first_frame=1), 4),
            SequenceBytes(sequence_root(frames), 30, rows),
            PlaceSection(place.root, place.path, place.text),
        ),
        VersionSeen(
            VersionFact(frame, MediaFacts("still")),
            VersionBytes(digest_of("scan 2"), 10),
            PlaceSection(single.root, single.path, single.text),
        ),
    ]


def test_a_declared_sequence_seals_the_digests_of_its_frames_and_of_files_with_the_bytes_of_one(film: Film) -> None:
    with film.open() as production:
        sequence, frame = film.world.new_id(), film.world.new_id()
        production.append(scan_events(sequence, frame))
        depict(production, film.alias, sequence, how="likeness-source", biometric=True)
        (person,) = persons(production.index)
        keys = {
            (key, section.name): section.key_id
            for entry in production.log.entries(0, production.log.size)
            for key in (sequence, frame)
            if parse_leaf(entry.leaf).type in ("sequence.seen/1", "version.seen/1")
            and key in parse_leaf(entry.leaf).refs
            for section in entry.sections
            if section.name in ("bytes", "place")
        }
        shown = [version(production.index, key) for key in (sequence, frame)]

        assert keys == {(key, name): f"s:{person.ref}" for key in (sequence, frame) for name in ("bytes", "place")}
        assert [row and (row.sha256, row.sequence_root) for row in shown] == [(None, None)] * 2
        with pytest.raises(NotFoundError, match=r"version\.unknown"):
            production.targets(digest_of("scan 3"))


def test_three_writers_who_give_aliases_at_once_end_with_three(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    with film.open() as production:
        real, chosen = next_alias, list[str]()

        def overtaken(store: IndexStore) -> str:
            chosen.append(real(store))
            if len(chosen) < 3:
                # Somebody else takes it between the choice and the note.
                monkeypatch.setattr("edgecode.production.persons.noting.next_alias", real)
                with film.open() as other:
                    add_person(other, identity={"name": "Other"}, contact={})
                monkeypatch.setattr("edgecode.production.persons.noting.next_alias", overtaken)
            return chosen[-1]

        monkeypatch.setattr("edgecode.production.persons.noting.next_alias", overtaken)
        alias = add_person(production, identity={"name": "Last"}, contact={})

        assert [person.alias for person in persons(production.index)] == [film.alias, *chosen]
        assert alias == chosen[-1]


def test_an_erased_scans_frames_leave_no_digest_in_the_index(film: Film) -> None:
    from edgecode.production.erasing.ordering import erase_person

    with film.open() as production:
        sequence, frame = film.world.new_id(), film.world.new_id()
        production.append(scan_events(sequence, frame))
        depict(production, film.alias, sequence, how="likeness-source", biometric=True)
        codes = code_of(production, sequence).digits, code_of(production, frame).digits
        erase_person(production, film.order(production))
        dumped = production.index_dump()

        assert (code_of(production, sequence).digits, code_of(production, frame).digits) == codes
        assert [n for n in (1, 2, 3) if digest_of(f"scan {n}").encode() in dumped] == []
