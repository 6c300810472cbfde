"""One answer to every finding of a rule: asked for first, judged by one check, recorded in one append, and each bound on its own."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from edgecode.cli.app import edgecode as commands
from edgecode.drivers.world import World
from edgecode.errors import RefusedError
from edgecode.events.rights_kinds import DocumentKept, FindingAnswered
from edgecode.index.rights import rights
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.production import Production
from edgecode.production.checking import answering
from edgecode.production.checking.answering import AnswerDraft, answer_finding, answer_findings, find_every
from edgecode.production.checking.cuts import check
from edgecode.production.desk.profiling import describe_production
from edgecode.production.desk.uses import name_maker
from edgecode.production.documents import read_paper
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.rights import Role
from edgecode.terms.timebase import Rate
from running import command_runner

CODE = "coverage.no_step"
MEMBERS: tuple[tuple[str, Role], ...] = (("Ines", "legal"), ("Jo", "producer"))


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    """A production whose cut shows four pictures that nobody explained, with counsel P-01 and a producer P-02."""
    media = tmp_path / "media"
    media.mkdir()
    clips = []
    for n in range(4):
        (media / f"a{n}.mov").write_bytes(b"picture %d" % n)
        found = Media("file", (str(media / f"a{n}.mov"),), available_first=Fraction(0), available_end=Fraction(24))
        clips.append(
            Clip(f"A{n}", "picture", (0,), Fraction(24 * n), Fraction(24 * n + 24), found, Rate(24), Fraction(0))
        )
    reading = CutReading("Reel", "otio", "test", Rate(24), False, 0, 96, (Track("V1", "picture"),), tuple(clips))
    path = tmp_path / "reel.otio"
    path.write_bytes(otio_bytes(reading))
    with Production.create(tmp_path / "show", title="Film", world=World()) as production:
        production.scan([media])
        for name, role in MEMBERS:
            name_member(production, add_person(production, identity={"name": name}, contact={}), [role])
        describe_production(production, {"production.kind": "documentary"})
        production.add_cut([path], name="Reel")
        yield production


def waiver(**other: str) -> AnswerDraft:
    return AnswerDraft("waived", **{"by": "P-01", "reason": "the vendor's report follows", "until": until(), **other})


def until() -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


def states(production: Production) -> list[str]:
    return [one.answer.state for one in check(production, "Reel").answer.findings if one.code == CODE]


def test_without_yes_it_is_counted_and_nothing_is_recorded(production: Production) -> None:
    before = production.log.size

    said = answer_findings(production, CODE, waiver(), keep=False)

    assert (len(said.findings), said.answers, production.log.size) == (4, (), before)


def test_every_finding_gets_an_answer_of_its_own_from_one_check(
    production: Production, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[str] = []

    def counted(*given: object, **more: object) -> object:
        checks.append("check")
        return check(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(answering, "check", counted)
    said = answer_findings(production, CODE, waiver(), keep=True)
    facts = [kept.event.fact for kept in rights(production.index, FindingAnswered)]  # type: ignore[attr-defined]

    assert checks == ["check"]
    assert states(production) == ["waived"] * 4
    assert [fact.bound for fact in facts] == [one.bound for one in said.findings]
    assert len({fact.answer for fact in facts}) == len({fact.bound for fact in facts}) == 4


def test_what_a_member_made_themselves_stays_open_and_is_said(production: Production) -> None:
    _, found = find_every(production, CODE)
    name_maker(production, "P-01", [found[0].use.version])

    said = answer_findings(production, CODE, waiver(), keep=True)

    assert [(one.key, bool(why)) for one, why in said.refused] == [(found[0].key, True)]
    assert sorted(states(production)) == ["open", "waived", "waived", "waived"]


def test_what_was_answered_before_keeps_its_answer(production: Production) -> None:
    _, found = find_every(production, CODE)
    earlier = answer_finding(production, found[1].name, "waived", by="P-01", reason="seen", until=until())

    said = answer_findings(production, CODE, waiver(by="P-02"), keep=True)
    answers = {one.key: one.answered.answer for one in find_every(production, CODE)[1]}

    assert ([one.key for one in said.before], answers[found[1].key]) == ([found[1].key], earlier)


def test_an_answer_that_none_of_them_takes_is_refused(production: Production) -> None:
    with pytest.raises(RefusedError, match="nor 3 more of that name"):
        answer_findings(production, CODE, waiver(until="2099-01-01"), keep=True)


def test_a_file_that_clears_is_kept_once_with_the_answers(production: Production, tmp_path: Path) -> None:
    paper = tmp_path / "vendor report.txt"
    paper.write_text("we rendered it", encoding="utf-8")
    draft = AnswerDraft("cleared", "P-01", "the report says so", documents=(read_paper(production, paper),))

    answer_findings(production, CODE, draft, keep=True)
    (kept,) = rights(production.index, DocumentKept)
    facts = [one.event.fact for one in rights(production.index, FindingAnswered)]  # type: ignore[attr-defined]

    assert states(production) == ["cleared"] * 4
    assert {fact.documents for fact in facts} == {(kept.event.fact.document,)}  # type: ignore[attr-defined]


def test_a_file_is_kept_although_somebody_else_recorded_in_between(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "vendor report.txt"
    paper.write_text("we rendered it", encoding="utf-8")
    others = [True]

    def overtaken(*given: object, **more: object) -> object:
        answer = check(*given, **more)  # type: ignore[arg-type]
        if others.pop() if others else False:
            add_person(production, identity={"name": "Lu"}, contact={})
        return answer

    monkeypatch.setattr(answering, "check", overtaken)
    draft = AnswerDraft("cleared", "P-01", "the report says so", documents=(read_paper(production, paper),))
    answer_findings(production, CODE, draft, keep=True)

    assert states(production) == ["cleared"] * 4


def test_the_command_says_how_many_first_and_records_with_yes(production: Production) -> None:
    folder = str(production.folder)
    words = ("waive", "R118", "--by", "P-01", "--reason", "x", "--until", until(), "--every", "--production", folder)
    asked = command_runner().invoke(commands, words).stdout
    done = command_runner().invoke(commands, [*words, "--yes"]).stdout

    assert "4 findings of Reel would be waived, each on its own:" in asked
    assert "Nothing is recorded; --yes records it." in asked
    assert "4 findings of Reel are waived, each on its own:" in done
    assert states(production) == ["waived"] * 4
