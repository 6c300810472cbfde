"""What the desk asks about its own rules: a complete profile, a decision on softened rules, any rule at all."""

from importlib.resources import files

from msgspec.structs import replace

from edgecode.checks.gates import word_of
from edgecode.checks.pack_questions import pack_findings, unset_facts
from edgecode.checks.pack_states import pack_states
from edgecode.checks.rules.pack import Pack
from edgecode.checks.rules.pack_reading import read_pack

CUT = "01990000-0000-7000-8000-0000000000c0"


def shipped(name: str) -> Pack:
    return read_pack((files("edgecode.checks") / "packs" / f"{name}.yaml").read_bytes(), name=f"{name}.yaml")


def test_no_rule_at_all_clears_no_gate() -> None:
    findings = pack_findings([], {}, cut=CUT)

    assert [one.card.code for one in findings] == ["rules.none"]
    assert word_of((one.held("ingest") for one in findings), rules=0) == "HELD"


def test_whether_an_agreement_binds_is_asked_before_its_pack_is_on() -> None:
    states = pack_states([shipped("sag-aftra-tv-theatrical-2026")], {}, [])

    assert unset_facts(states, {}) == ("production.sag",)


def test_a_profile_that_says_what_is_asked_is_complete() -> None:
    profile = {"production.sag": "none"}
    states = pack_states([shipped("sag-aftra-tv-theatrical-2026")], profile, [])

    assert unset_facts(states, profile) == ()


def test_a_watched_pack_asks_nothing_of_the_profile() -> None:
    pack = shipped("hpf")
    state = replace(pack_states([pack], {}, [])[0])

    assert (state.state, unset_facts([state], {})) == ("watch", ())


def test_a_declared_agreement_waits_for_a_decision_on_its_softened_rules() -> None:
    profile = {"production.sag": "tvth-2026"}
    states = pack_states([shipped("sag-aftra-tv-theatrical-2026")], profile, [])

    found = {one.card.code: one.held("deliver") for one in pack_findings(states, profile, cut=CUT)}

    assert found["pack.cap_undecided"] == "held"
