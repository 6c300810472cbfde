"""Histories of copies in the record: generations as steps, claims held against scans, manifests that are no longer what the ledger saw."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgecode.errors import RefusedError
from edgecode.events.door_kinds import HistoryRead
from edgecode.events.kinds import StepPerformed
from edgecode.index.catalogue import versions_of_alias
from edgecode.index.rights import rights
from edgecode.ingest.mhl.formats import c4_of, hashes_of
from edgecode.ingest.mhl.history import read_histories
from edgecode.ingest.mhl.manifest import Author, ChainLink, write_chain
from edgecode.production import Production
from edgecode.production.copies import Asked, CopiesRead, pack_copies, read_copies, write_copies
from edgecode.terms.steps import StepKind
from mhl.copied import card, manifests, needs_reference, reference, write

SECRET = "Ann Nightingale"


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Production]:
    with Production.create(tmp_path / "show", title="Copies") as production:
        yield production


def codes(found: CopiesRead) -> list[str]:
    return [one.code for one in found.intake.diagnostics]


def steps_in(production: Production) -> list[StepPerformed]:
    return [entry.event for entry in production.recorded() if isinstance(entry.event, StepPerformed)]


def figures(found: CopiesRead) -> list[tuple[str, int, int, int, int, int]]:
    facts = [(one.history, one.fact) for one in found.generations]
    return [(path, fact.generation, fact.files, fact.failed, fact.missing, fact.verified) for path, fact in facts]


def test_every_generation_is_an_import_whose_outputs_are_the_files_with_what_is_claimed_of_them(
    show: Production, tmp_path: Path
) -> None:
    folder = card(tmp_path)
    write(folder, "md5")
    write(folder, "xxh128", minute=1)
    found = read_copies(show, folder)
    (first, second) = steps_in(show)

    assert figures(found) == [("", 1, 6, 0, 0, 0), ("", 2, 6, 0, 0, 0)]
    assert [one.fact.step for one in found.generations] == [first.fact.step, second.fact.step]
    assert (first.fact.kind, len(first.fact.outputs), len(second.fact.outputs)) == (StepKind.IMPORT, 6, 6)
    claimed = [sorted(hashes) for hashes in first.bytes.aliases.values()] if first.bytes is not None else []
    assert claimed == [["md5"]] * 6


def test_hashes_that_a_scan_knows_are_verified_and_lead_to_the_file(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    show.scan([folder])
    write(folder, "md5")
    write(folder, "xxh128", "md5", minute=1)
    found = read_copies(show, folder)
    md5 = hashes_of(folder / "Clips" / "A001C000.mov", ["md5"]).texts["md5"]

    # The SHA-256 that we wrote beside the md5 is compared as well; what is no media, no scan has read.
    assert [one[5] for one in figures(found)] == [4, 4]
    assert [(row.name, trust) for row, trust in versions_of_alias(show.index, "md5", md5)] == [
        ("A001C000.mov", "claimed")
    ]


@needs_reference
def test_a_hash_of_a_format_that_no_scan_knows_stays_a_claim(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    show.scan([folder])
    assert reference("create", folder, "-h", "md5") == 0

    assert figures(read_copies(show, folder)) == [("", 1, 6, 0, 0, 0)]
    assert figures(read_copies(show, folder, verify=True)) == [("", 1, 6, 0, 0, 6)]


def test_a_later_scan_raises_what_is_verified_and_nothing_is_recorded_twice(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    read_copies(show, folder)
    entries = show.log.size
    assert (figures(read_copies(show, folder)), show.log.size) == ([("", 1, 6, 0, 0, 0)], entries)
    show.scan([folder])
    again = read_copies(show, folder)

    assert (figures(again), again.generations[0].is_new) == ([("", 1, 6, 0, 0, 4)], True)
    assert len({one.event.fact.history for one in rights(show.index, HistoryRead)}) == 1  # type: ignore[attr-defined]


def test_reading_the_files_verifies_every_format(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "c4")
    write(folder, "sha1", minute=1)
    (folder / "Clips" / "A001C000.mov").write_bytes(b"another take")

    assert figures(read_copies(show, folder, verify=True)) == [("", 1, 6, 1, 0, 5), ("", 2, 6, 1, 0, 5)]


def test_files_that_are_gone_or_failed_or_renamed_are_counted(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "c4")
    (folder / "Clips" / "A001C000.mov").write_bytes(b"another take")
    write(folder, "c4", minute=1)
    (folder / "Clips" / "A001C002.mov").unlink()

    assert figures(read_copies(show, folder)) == [("", 1, 6, 0, 1, 0), ("", 2, 6, 1, 1, 0)]
    assert len(steps_in(show)[1].fact.outputs) == 5


@needs_reference
def test_a_rename_is_counted_and_its_names_are_sealed(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    assert reference("create", folder) == 0
    (folder / "Clips" / "A001C000.mov").rename(folder / "Clips" / "slate.mov")
    assert reference("create", folder, "-dr") == 0
    found = read_copies(show, folder)
    (event,) = [one.event for one in rights(show.index, HistoryRead) if one.event.fact.generation == 2]  # type: ignore[attr-defined]

    assert [one.fact.renamed for one in found.generations] == [0, 1]
    assert isinstance(event, HistoryRead)
    assert event.place is not None
    assert "Clips/A001C000.mov -> Clips/slate.mov" in event.place.values.values()


def test_a_recomputed_chain_deceives_the_format_and_not_the_ledger(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    write(folder, "xxh128", minute=1)
    read_copies(show, folder)
    first, second = manifests(folder)
    first.write_bytes(first.read_bytes().replace(b'size="1100"', b'size="1101"'))
    links = [ChainLink(n, one.name, c4_of(one.read_bytes())) for n, one in enumerate((first, second), 1)]
    (folder / "ascmhl" / "ascmhl_chain.xml").write_bytes(write_chain(links))
    found = read_copies(show, folder)

    assert read_histories(folder)[0].problems == ()
    assert [(one.code, first.name in one.text) for one in found.intake.diagnostics] == [("mhl.not_as_recorded", True)]


def test_a_generation_that_the_ledger_has_and_the_folder_has_not_is_named(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    write(folder, "xxh128", minute=1)
    read_copies(show, folder)
    first, second = manifests(folder)
    second.unlink()
    (folder / "ascmhl" / "ascmhl_chain.xml").write_bytes(
        write_chain([ChainLink(1, first.name, c4_of(first.read_bytes()))])
    )

    assert codes(read_copies(show, folder)) == ["mhl.generation_gone"]


def test_two_copies_of_a_card_are_one_history_and_may_go_on_apart(show: Production, tmp_path: Path) -> None:
    import shutil

    folder = card(tmp_path)
    write(folder, "xxh128")
    other = tmp_path / "server" / "A001"
    shutil.copytree(folder, other)
    write(folder, "xxh128", minute=1)
    write(other, "xxh128", minute=2)
    both = [read_copies(show, folder), read_copies(show, other)]

    assert [codes(one) for one in both] == [[], []]
    assert len({one.fact.history for each in both for one in each.generations}) == 1


def test_two_drives_of_one_offload_differ_and_neither_is_called_altered(show: Production, tmp_path: Path) -> None:
    one, other = (card(tmp_path / name) for name in ("left", "right"))
    write(one, "xxh128")
    (other / "Clips" / "A001C000.mov").touch()
    write(other, "xxh128", "md5")
    read_copies(show, one)

    assert codes(read_copies(show, other)) == ["mhl.copies_differ"]


def test_who_made_a_generation_stands_in_sealed_words_alone(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write_copies(show, folder, Asked(author=Author(SECRET)))
    assert SECRET.encode() in manifests(folder)[0].read_bytes()
    entries = list(show.log.entries(0, show.log.size))

    assert all(SECRET.encode() not in part for one in entries for part in (one.leaf, *(s.data for s in one.sections)))
    words = [
        dict(one.event.text.items) for one in show.recorded() if isinstance(one.event, HistoryRead) and one.event.text
    ]
    assert words == [{"hostname": "withheld", "author name": SECRET}]


def test_what_is_written_says_nothing_of_people_or_machines_unless_asked(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    show.scan([tmp_path / "A001"])
    write_copies(show, folder, Asked(("c4", "xxh128")), into_media=True)
    text = manifests(folder)[0].read_text("utf-8")
    clip = hashes_of(folder / "Clips" / "A001C000.mov", ["c4"]).sha256

    assert "<hostname>withheld</hostname>" in text
    assert "<author" not in text
    assert f'sha256="{clip}"' in text
    assert 'version="' in text.split(clip)[1][:120]


def test_nothing_is_written_into_a_media_root_unless_told(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    show.scan([tmp_path / "A001"])

    with pytest.raises(RefusedError, match="media root"):
        write_copies(show, folder, Asked())
    assert not (folder / "ascmhl").exists()
    written, found = write_copies(show, folder, Asked(), into_media=True)
    assert ([one.files for one in written], figures(found)) == ([6], [("", 1, 6, 0, 0, 4)])


def test_histories_below_are_read_and_written_with_the_one_above(show: Production, tmp_path: Path) -> None:
    top = tmp_path / "Reels"
    for name in ("A001", "A002"):
        write(card(top, name), "xxh128")
    written, found = write_copies(show, top, Asked())

    assert [one.path for one in written] == ["A001", "A002", ""]
    assert [(one.history, one.fact.generation) for one in found.generations] == [
        ("", 1),
        ("A001", 1),
        ("A001", 2),
        ("A002", 1),
        ("A002", 2),
    ]
    assert len({one.fact.history for one in found.generations}) == 3


def test_a_packing_list_leaves_the_folder_as_it_is(show: Production, tmp_path: Path) -> None:
    folder = card(tmp_path)
    write(folder, "xxh128")
    before = sorted(folder.rglob("*"))
    packed = pack_copies(show, folder, tmp_path / "out", Asked())

    assert (packed.files, sorted(folder.rglob("*"))) == (6, before)


def test_frames_of_one_sequence_are_one_output(show: Production, tmp_path: Path) -> None:
    folder = tmp_path / "B001"
    folder.mkdir()
    for frame in range(1001, 1021):
        (folder / f"b.{frame}.dpx").write_bytes(f"frame {frame}".encode())
    write(folder, "xxh128")
    read_copies(show, folder)
    show.scan([folder])
    found = read_copies(show, folder)

    assert [len(step.fact.outputs) for step in steps_in(show)] == [1, 1]
    assert figures(found)[-1][5] == 20
