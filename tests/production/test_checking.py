"""Checking real cuts of a real production: gates, what is recorded, answers by members, and what opens them again."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import apsw
import msgspec
import pytest

from edgecode.answers.check.answer import Check
from edgecode.answers.coverage.answer import exit_status
from edgecode.drivers.world import World
from edgecode.errors import InputError, InvalidError, NotFoundError, RefusedError
from edgecode.events.rights_kinds import FindingAnswered, GateAsked
from edgecode.index.rights import rights
from edgecode.ingest.editorial.otio_writer import otio_bytes
from edgecode.production import Production
from edgecode.production.checking.answering import answer_finding, find
from edgecode.production.checking.cuts import Checked, check
from edgecode.production.checking.hooking import allow_hooks
from edgecode.production.desk.profiling import describe_production
from edgecode.production.desk.uses import name_maker
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.settings import Hook
from edgecode.terms.cuts import Clip, CutReading, Media, Track
from edgecode.terms.rights import Gate
from edgecode.terms.timebase import Rate
from rule_samples import SAMPLE

DAY = 86_400_000
PROFILE = {
    f"production.{name}": value
    for name, value in {
        "kind": "documentary", "territories": "GB", "buyer": "none", "awards": "none", "sag": "none", "wga": "no", "dga": "no",
        "strike": "no", "us_registration": "no", "eo_policy": "no", "pp_start": "2026-01-05", "release_date": "2027-03-01",
        "festival_submission": "no", "hpf_label": "no",
    }.items()
}  # fmt: skip


class Clock:
    """Noon of a day that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_795_435_200_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def production(tmp_path: Path, clock: Clock) -> Iterator[Production]:
    """A production with a complete profile, an unexplained clip, a lawyer (P-01) and a producer (P-02)."""
    media = tmp_path / "media"
    media.mkdir()
    for number in range(1001, 1061):
        (media / f"a001.{number}.exr").write_bytes(b"picture %d" % number)
    with Production.create(tmp_path / "show", title="Film", world=World(milliseconds=clock)) as production:
        production.scan([media])
        for name, role in (("Ines", "legal"), ("Jo", "producer"), ("Kim", "artist")):
            name_member(production, add_person(production, identity={"name": name}, contact={}), [role])  # type: ignore[list-item]
        describe_production(production, PROFILE)
        add_cut(production, tmp_path)
        yield production


def add_cut(production: Production, folder: Path, *, slip: int = 0) -> None:
    """The cut, whose clip shows 24 frames; *slip*: by how many it begins later in the source."""
    target = str(folder / "media" / "a001.%04d.exr")
    media = Media(
        "sequence", (target,), available_first=Fraction(1001), available_end=Fraction(1061), sequence_prefix="a001.",
        sequence_suffix=".exr", sequence_first=1001, sequence_padding=4,
    )  # fmt: skip
    clip = Clip("A001", "picture", (0,), Fraction(0), Fraction(24), media, Rate(24), Fraction(1001 + slip))
    track = Track("V1", "picture")
    path = folder / f"reel{slip}.otio"
    path.write_bytes(otio_bytes(CutReading("Reel", "otio", "test", Rate(24), False, 86_400, 24, (track,), (clip,))))
    production.add_cut([path], name="Reel")


def checked(production: Production, gate: Gate = "deliver") -> Checked:
    return check(production, "Reel", gate=gate)


def version(production: Production) -> str:
    """The record id of what the cut shows."""
    return next(one.version for one in checked(production).answer.findings if one.code == "coverage.no_step")


def codes(found: Checked) -> list[str]:
    return codes_of(found.answer)


def codes_of(answer: Check) -> list[str]:
    return sorted({one.code for one in answer.findings if one.held != "open"})


def test_unaccounted_frames_hold_delivery_and_nothing_before(production: Production) -> None:
    words = {gate: checked(production, gate).answer.word for gate in ("ingest", "publish", "deliver")}  # type: ignore[arg-type]

    assert words == {"ingest": "CLEARED", "publish": "CLEARED", "deliver": "HELD"}
    assert codes(checked(production)) == ["coverage.no_step"]
    assert {one.later for one in checked(production, "ingest").answer.findings if one.code == "coverage.no_step"} == {
        "deliver"
    }


def test_a_fact_of_the_profile_that_nobody_said_holds_and_is_named(production: Production) -> None:
    describe_production(production, {"production.buyer": "", "production.kind": ""})

    finding = next(one for one in checked(production).answer.findings if one.code == "desk.profile_incomplete")

    assert finding.held == "held"
    assert {"production.buyer", "production.kind"} <= set(finding.missing)


def test_a_gate_is_recorded_with_the_findings_that_it_saw(production: Production) -> None:
    answer = check(production, "Reel", gate="deliver", keep=True).answer

    (kept,) = rights(production.index, GateAsked)
    fact = kept.event.fact  # type: ignore[attr-defined]

    assert (fact.word, fact.gate, fact.size, fact.root) == ("HELD", "deliver", answer.ledger.size, answer.ledger.root)
    assert fact.findings == hashlib.sha256(msgspec.json.encode(answer.findings, order="sorted")).hexdigest()
    assert "bbc" in fact.not_checked


def test_asking_without_a_gate_records_nothing(production: Production) -> None:
    before = production.log.size

    check(production, "Reel")

    assert production.log.size == before


def test_the_same_question_of_the_same_record_gives_the_same_bytes(production: Production) -> None:
    assert msgspec.json.encode(checked(production).answer) == msgspec.json.encode(checked(production).answer)


# ------------------------------------------------------------------------------------------ answers


def waive(production: Production, *, by: str = "P-01", until: str = "2026-12-31") -> None:
    answer_finding(production, "coverage.no_step", "waived", by=by, reason="the vendor's report follows", until=until)


def test_a_delivery_is_not_cleared_on_the_word_of_an_index_that_somebody_edited(
    production: Production, tmp_path: Path
) -> None:
    with closing(apsw.Connection(str(tmp_path / "show/.edgecode/index.db"))) as database:
        database.execute("update right_event set body = replace(body, '\"none\"', '\"no\"')")

    with pytest.raises(InvalidError, match=r"index\.differs"):
        check(production, "Reel", gate="deliver", keep=True)


def test_a_waiver_clears_the_gate_until_its_last_day(production: Production, clock: Clock) -> None:
    waive(production)
    words = [checked(production).answer.word]
    for days in (38, 1):
        clock.now += days * DAY
        words.append(checked(production).answer.word)

    assert words == ["CLEARED", "CLEARED", "HELD"]


def test_waived_frames_stay_unaccounted_and_hold_coverage_no_more(production: Production) -> None:
    waive(production)
    coverage = production.coverage(production.view("Reel"))

    assert (coverage.unaccounted, coverage.waived, exit_status(coverage)) == (24, 24, 0)


def test_a_hook_that_may_not_run_here_holds_its_gate(production: Production) -> None:
    waive(production)
    hook = Hook("rights-team", ("gate:deliver",), command=("true",))
    production.settings = msgspec.structs.replace(production.settings, hooks=(hook,))
    words = [check(production, "Reel", gate=gate, keep=True).answer.word for gate in ("publish", "deliver")]  # type: ignore[arg-type]

    assert words == ["CLEARED", "HELD"]


def house_rules(production: Production, words: str) -> None:
    """A gate's hook of this production, allowed here, whose body is *words*."""
    hook = Hook("house", ("gate:deliver",), entry="house_rules:at_gate")
    (production.folder / "house_rules.py").write_text(f"def at_gate(fact):\n{words}")
    production.settings = msgspec.structs.replace(production.settings, hooks=(hook,))
    allow_hooks(production)


def test_what_is_recorded_while_a_gate_hook_runs_counts_at_that_gate(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGECODE_ALLOWED_HOOKS", str(tmp_path / "allowed"))
    waive(production)
    house_rules(
        production,
        "    from pathlib import Path\n"
        "    from edgecode.production import Production\n"
        "    from edgecode.production.desk.profiling import describe_production\n"
        "    with Production.open(Path()) as production:\n"
        "        describe_production(production, {'production.buyer': ''})\n",
    )
    answer = check(production, "Reel", gate="deliver", keep=True).answer
    (kept,) = rights(production.index, GateAsked)

    assert (answer.word, codes_of(answer)) == ("HELD", ["desk.profile_incomplete"])
    assert (kept.event.fact.word, kept.event.fact.size) == ("HELD", answer.ledger.size)  # type: ignore[attr-defined]


def test_a_gate_whose_hooks_nobody_asked_holds_and_names_them(
    production: Production, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGECODE_ALLOWED_HOOKS", str(tmp_path / "allowed"))
    waive(production)
    house_rules(production, "    return None\n")
    answers = [check(production, "Reel", gate="deliver", keep=keep).answer for keep in (False, True)]
    told = [(one.word, [(hook.hook, hook.state, hook.findings) for hook in one.hooks]) for one in answers]

    assert told == [("HELD", [("house", "skipped", 0)]), ("CLEARED", [("house", "done", 0)])]


def test_a_clock_that_is_behind_brings_no_ended_waiver_back(production: Production, clock: Clock) -> None:
    waive(production)
    clock.now += 39 * DAY
    describe_production(production, {"production.buyer": "none"})
    clock.now -= 30 * DAY
    answer = checked(production).answer

    assert (answer.word, answer.today) == ("HELD", "2027-01-01")
    assert production.coverage(production.view("Reel")).waived == 0


def test_a_waiver_says_who_until_when_and_never_why(production: Production) -> None:
    waive(production)
    finding = next(one for one in checked(production).answer.findings if one.code == "coverage.no_step")

    assert (finding.verdict, finding.answer.by, finding.answer.role, finding.answer.until) == (
        "waived",
        "P-01",
        "legal",
        "2026-12-31",
    )
    assert b"vendor's report" not in msgspec.json.encode(checked(production).answer)


def test_a_clip_that_slips_by_a_frame_is_open_again(production: Production, tmp_path: Path) -> None:
    waive(production)
    add_cut(production, tmp_path, slip=1)
    again = checked(production)
    finding = next(one for one in again.answer.findings if one.code == "coverage.no_step")

    assert (again.answer.word, finding.answer.state) == ("HELD", "reopened")


@pytest.mark.parametrize(("by", "until"), [("P-03", "2026-12-31"), ("P-01", "2027-11-30"), ("P-01", "2026-01-01")])
def test_nobody_waives_without_the_role_or_for_longer_than_the_rule_allows(
    production: Production, by: str, until: str
) -> None:
    with pytest.raises(RefusedError, match=r"finding\.may_not"):
        waive(production, by=by, until=until)

    assert rights(production.index, FindingAnswered) == []


def test_who_made_it_may_not_waive_it(production: Production) -> None:
    name_maker(production, "P-01", [version(production)])

    with pytest.raises(RefusedError, match="they made what it is about"):
        waive(production)


def test_an_answer_gives_a_reason(production: Production) -> None:
    with pytest.raises(InputError, match=r"finding\.reason"):
        answer_finding(production, "coverage.no_step", "fix", by="P-02", reason=" ")


def test_a_finding_that_is_not_there_is_said_so(production: Production) -> None:
    with pytest.raises(NotFoundError, match=r"finding\.unknown"):
        find(production, "F-00000000")


def test_a_rule_about_the_whole_cut_judges_at_the_gate_and_its_finding_has_no_frames(production: Production) -> None:
    text = SAMPLE.replace("about: use", "about: cut").replace("use.kind == 'replica_use' && use.final", "use.final")
    text = text.replace("use.incidental || consent.use", "use.incidental").partition("  - id: SOME")[0]
    tests = """tests:
  - { name: a, rule: FLAT, given: { use: { final: true, incidental: true } }, expect: pass }
  - { name: b, rule: FLAT, given: { use: { final: true, incidental: false } }, expect: fail }
  - { name: c, rule: FLAT, given: { use: { final: true } }, expect: unknown }
"""
    (production.folder / "rules").mkdir()
    (production.folder / "rules" / "house.yaml").write_text(text + tests, "utf-8")
    production.settings = msgspec.structs.replace(production.settings, packs=("rules",))
    found = [one for one in checked(production).answer.findings if one.pack == "sample"]
    (production.folder / "rules" / "house.yaml").write_text(
        text + tests.replace("incidental: true", "incidental: false"), "utf-8"
    )
    broken = checked(production).answer

    assert [(one.verdict, one.held, one.frames, one.spans, one.missing) for one in found] == [
        ("unknown", "held", 0, (), ("use.incidental",))
    ]
    assert ("sample" in broken.not_checked, "pack.not_judging" in [one.code for one in broken.findings]) == (
        True,
        True,
    )
