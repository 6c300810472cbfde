"""What the keeper of a log could say in a pack that only the pack's own content contradicts: every lie is refused, whoever signed it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lying_keeper import LIES, Keeper, the_failed_step_counts

from edgecode.answers.verify_page import verify_page
from edgecode.ledger import pack_forms
from edgecode.ledger.packs import MANIFEST, verify_pack
from edgecode.ledger.verify import Verdict
from edgecode.ledger.zips import MAX_FOUND, read_zip
from edgecode.terms.evidence import AiUse, ConformMethod, Grade
from edgecode.terms.origins import CONTRIBUTIONS
from pack_samples import rewritten


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    made = Keeper(tmp_path_factory.mktemp("keeper") / "show")
    yield made
    made.show.close()


def test_the_honest_pack_of_the_same_show_is_witnessed(keeper: Keeper) -> None:
    pack = keeper.pack()

    assert verify_pack(pack.data, pack.policy).findings == ()


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_that_the_pack_contradicts_is_refused_though_everything_is_signed(keeper: Keeper, lie: str) -> None:
    pack = keeper.pack(LIES[lie])
    report = verify_pack(pack.data, pack.policy)

    assert report.quorum.reached
    assert {finding.code for finding in report.findings} in (
        {"pack.answer"},
        {"pack.cited"},
        {"pack.answer", "pack.cited"},
    )


def test_a_step_that_failed_never_counts(tmp_path: Path) -> None:
    made = Keeper(tmp_path / "show", failed=True)
    with made.show:
        honest, lying = made.pack(), made.pack(the_failed_step_counts)

    assert verify_pack(honest.data, honest.policy).findings == ()
    assert verify_pack(lying.data, lying.policy).verdict is Verdict.INVALID


def test_a_pack_about_another_record_than_its_answer_is_refused(keeper: Keeper) -> None:
    pack = keeper.pack(about=keeper.show.world.new_id())

    assert verify_pack(pack.data, pack.policy).verdict is Verdict.INVALID


@pytest.mark.parametrize("kind", ["erasure", "disclosure"])
def test_an_answer_about_a_cut_is_no_certificate_and_no_disclosure(keeper: Keeper, kind: str) -> None:
    pack = keeper.pack(kind=kind)

    assert verify_pack(pack.data, pack.policy).verdict is Verdict.INVALID


def test_a_kind_that_nobody_knows_is_called_unknown_and_never_clear(keeper: Keeper) -> None:
    pack = keeper.pack()
    other = pack.members[MANIFEST].replace(b'"kind":"cut"', b'"kind":"clearance-by-the-guild"')
    report = verify_pack(rewritten(pack, {MANIFEST: other}, relist=False), pack.policy)

    assert ("pack.kind", Verdict.UNVERIFIABLE) in {(one.code, one.verdict) for one in report.findings}


def test_a_fact_that_is_not_opened_cannot_be_cited(keeper: Keeper) -> None:
    pack = keeper.pack(events={**keeper.events, max(keeper.events): ()})

    assert [one.code for one in verify_pack(pack.data, pack.policy).findings] == ["pack.cited"]


def test_an_old_answer_says_how_old_it_is(keeper: Keeper) -> None:
    report = verify_pack(keeper.pack().data)

    assert report.checkpoint is not None
    assert (report.given, report.made, report.checkpoint.size) == (report.made, report.made, report.made + 1)


def test_a_file_that_is_one_member_again_and_again_is_left_at_its_second(keeper: Keeper) -> None:
    data = keeper.pack().data
    first = data[: data.index(b"PK\x03\x04", 4)]
    wrong = read_zip(b"".join(_unlike(first, number) for number in range(1_000)))

    assert len(read_zip(first * 50_000).findings) == 1
    assert len(wrong.findings) == MAX_FOUND


def _unlike(member: bytes, number: int) -> bytes:
    """A member under another name with a wrong checksum."""
    name = b"%09d" % number
    return member[:14] + b"\0\0\0\0" + member[18:].replace(b"pack.json", name, 1)


def test_both_verifiers_read_the_same_forms() -> None:
    page = verify_page().decode()
    shapes = re.search(r"const SHAPES = `\n(.*?)\n`;", page, re.DOTALL)

    assert shapes is not None
    assert shapes[1] == pack_forms.SHAPES.strip()


def test_the_classes_of_steps_are_those_of_the_house() -> None:
    letters = {kind.value: row.letter for kind, row in CONTRIBUTIONS.items() if row.letter is not None}

    assert letters == pack_forms.LETTERS
    assert ("none", *(grade.value for grade in Grade)) == pack_forms.GRADES
    assert tuple(method.value for method in ConformMethod) == pack_forms.METHODS
    assert tuple(use.value for use in AiUse) == pack_forms.AI
