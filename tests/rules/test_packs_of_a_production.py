"""Which packs judge a production follows from its profile and from decisions on exactly their text; none goes missing without a word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from edgecode.checks.lost_packs import FAILING
from edgecode.checks.pack_questions import pack_findings
from edgecode.checks.pack_states import PackState
from edgecode.checks.register import Register
from edgecode.drivers.key_files import FileSigner, create_key_file
from edgecode.errors import InputError, NotFoundError, RefusedError
from edgecode.events.rights_kinds import (
    PackDecided,
    PackDecisionSection,
    ProductionProfiled,
    ProfileFact,
    ProfileSection,
)
from edgecode.index.rights import rights
from edgecode.production import Production
from edgecode.production.persons.noting import add_person
from edgecode.production.persons.parties import name_member
from edgecode.production.rule_packs.choosing import decide_pack, judging_packs, own_packs, pack_states, shipped_packs
from edgecode.settings import read_settings, write_settings
from rule_samples import SAMPLE

SAG = "sag-aftra-tv-theatrical-2026"


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    with Production.create(tmp_path / "film", title="A film") as production:
        yield production


def profile(production: Production, **values: object) -> None:
    named = {f"production.{name}": value for name, value in values.items()}
    production.append([ProductionProfiled(ProfileFact(production.world.new_id()), ProfileSection(named))])  # type: ignore[arg-type]


def member(production: Production, *roles: str, key: str = "") -> str:
    alias = add_person(production, identity={"name": f"Somebody {roles}"}, contact={})
    name_member(production, alias, roles, key=key)  # type: ignore[arg-type]
    return alias


def state(production: Production, pack: str) -> PackState:
    return next(one for one in pack_states(production) if one.pack.id == pack)


def own(production: Production, text: str = SAMPLE, *, name: str = "sample.yaml") -> Path:
    folder = production.folder / "packs"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    production.settings = type(production.settings)(**{**_fields(production), "packs": ("packs",)})
    return folder / name


def _fields(production: Production) -> dict[str, object]:
    return {name: getattr(production.settings, name) for name in production.settings.__struct_fields__}


def test_every_pack_that_ships_is_listed_with_a_reason_and_watched_ones_never_judge(production: Production) -> None:
    states = pack_states(production)

    assert [one.pack.id for one in states] == [pack.id for pack in shipped_packs()]
    assert all(one.why for one in states)
    assert {one.pack.header.tier for one in states if one.state == "watch"} == {"watch"}
    assert {active.pack.header.tier for active in judging_packs(production)} == {"maintained"}


def test_nobody_having_said_which_agreement_was_signed_is_not_checked_and_not_off(production: Production) -> None:
    before = state(production, SAG)
    profile(production, sag="tvth-2026")
    after = state(production, SAG)
    profile(production, sag="none")

    assert [(one.state, one.by) for one in (before, after, state(production, SAG))] == [
        ("not_checked", "agreement"),
        ("on", "agreement"),
        ("on", "agreement"),  # An agreement that was declared ends with a signature.
    ]
    assert before.why == "nobody has said production.sag"


def test_the_pack_of_a_declared_agreement_goes_off_by_a_signed_decision_only(
    production: Production, tmp_path: Path
) -> None:
    profile(production, sag="tvth-2026")
    key = create_key_file(tmp_path / "legal.key")
    alias = member(production, "legal", key=key.public.hex())

    with pytest.raises(RefusedError, match="signed by the member"):
        decide_pack(production, SAG, "off", by=alias, reason="another agreement binds")
    decision = decide_pack(production, SAG, "off", by=alias, reason="another agreement binds", signer=key)
    found = state(production, SAG)

    assert (found.state, found.by, found.decision, found.decided_by, "signed" in found.why) == (
        "off",
        "decision",
        decision,
        alias,
        True,
    )


def test_a_key_that_is_not_the_members_signs_no_decision(production: Production, tmp_path: Path) -> None:
    profile(production, sag="tvth-2026")
    alias = member(production, "legal", key=create_key_file(tmp_path / "own.key").public.hex())

    with pytest.raises(RefusedError) as refused:
        decide_pack(production, SAG, "off", by=alias, reason="r", signer=create_key_file(tmp_path / "other.key"))

    assert (refused.value.code, state(production, SAG).state) == ("pack.other_key", "on")


def test_a_signed_decision_counts_after_its_key_was_replaced(production: Production, tmp_path: Path) -> None:
    profile(production, sag="tvth-2026")
    key: FileSigner = create_key_file(tmp_path / "old.key")
    alias = member(production, "legal", key=key.public.hex())
    decide_pack(production, SAG, "off", by=alias, reason="r", signer=key)
    name_member(production, alias, ["legal"], key=create_key_file(tmp_path / "new.key").public.hex())

    assert state(production, SAG).state == "off"


def test_an_unsigned_decision_stops_counting_once_the_agreement_is_declared(production: Production) -> None:
    profile(production, sag="none")
    alias = member(production, "producer")
    decide_pack(production, SAG, "off", by=alias, reason="not our agreement")
    before = state(production, SAG).state
    profile(production, sag="tvth-2026")
    after = state(production, SAG)

    assert (before, after.state, "not signed" in after.why) == ("off", "on", True)


def test_a_pack_that_is_on_by_default_goes_off_by_a_signed_decision_only(
    production: Production, tmp_path: Path
) -> None:
    key = create_key_file(tmp_path / "clearance.key")
    alias = member(production, "clearance", key=key.public.hex())
    unsigned = []
    for pack in ("usco", "academy-99"):
        with pytest.raises(RefusedError) as refused:
            decide_pack(production, pack, "off", by=alias, reason="no registration")
        unsigned.append((refused.value.code, "works under" in str(refused.value), state(production, pack).state))
    decide_pack(production, "usco", "off", by=alias, reason="no registration", signer=key)

    assert unsigned == [("pack.not_signed", False, "on"), ("pack.not_signed", False, "on")]
    assert state(production, "usco").state == "off"


def test_an_unsigned_decision_of_an_older_release_leaves_a_pack_on_that_is_on_by_default(
    production: Production,
) -> None:
    from edgecode.events.rights_kinds import PackDecided, PackDecisionFact

    alias, pack = member(production, "clearance"), state(production, "usco").pack
    by = next(one.id for one in Register.read(production.index).members.values() if one.alias == alias)
    fact = PackDecisionFact(
        production.world.new_id(), "usco", pack.header.version, pack.digest, "off", by, "2026-11-23"
    )
    production.append([PackDecided(fact)])

    assert (state(production, "usco").state, "not signed" in state(production, "usco").why) == ("on", True)


@pytest.mark.parametrize("pack", ["consent-core", "edgecode-desk"])
def test_the_packs_of_consent_and_of_the_desk_never_go_off_signed_or_not(
    production: Production, tmp_path: Path, pack: str
) -> None:
    key = create_key_file(tmp_path / "legal.key")
    alias = member(production, "legal", key=key.public.hex())

    with pytest.raises(RefusedError) as refused:
        decide_pack(production, pack, "off", by=alias, reason="r", signer=key)

    assert (refused.value.code, state(production, pack).state) == ("pack.always", "on")


def test_a_decision_on_another_text_of_a_pack_does_not_count_and_is_said(
    production: Production, tmp_path: Path
) -> None:
    file, key = own(production), create_key_file(tmp_path / "clearance.key")
    alias = member(production, "clearance", key=key.public.hex())
    decide_pack(production, "sample", "off", by=alias, reason="it asks too much", signer=key)
    before = state(production, "sample").state
    file.write_text(SAMPLE.replace("title: Two rules", "title: Two better rules"), "utf-8")
    after = state(production, "sample")

    assert (before, after.state, "made on another text" in after.why) == ("off", "on", True)


def test_who_makes_pictures_decides_on_no_rules(production: Production) -> None:
    own(production)

    with pytest.raises(RefusedError) as refused:
        decide_pack(production, "sample", "off", by=member(production, "artist"), reason="r")

    assert refused.value.code == "pack.may_not_decide"


def test_softened_rules_are_undecided_until_somebody_adopts_the_pack_or_keeps_the_cap(production: Production) -> None:
    own(production)
    alias = member(production, "clearance")
    caps = [state(production, "sample").cap]
    for choice in ("cap_kept", "adopted"):
        decide_pack(production, "sample", choice, by=alias, reason="r")
        caps.append(state(production, "sample").cap)

    assert (caps, state(production, "sample").adopted) == (["undecided", "kept", "adopted"], True)


def test_rules_that_are_always_on_and_packs_that_are_watched_are_not_decided_on(production: Production) -> None:
    alias = member(production, "legal")
    codes = []
    for pack, choice in (("edgecode-desk", "off"), ("tn-elvis", "on"), ("ab1836", "adopted")):
        with pytest.raises(RefusedError) as refused:
            decide_pack(production, pack, choice, by=alias, reason="r")
        codes.append(refused.value.code)

    assert codes == ["pack.always", "pack.watched", "pack.nothing_capped"]


def test_parameters_are_overridden_by_a_decision_and_a_wrong_one_is_refused(production: Production) -> None:
    alias = member(production, "clearance")
    with pytest.raises(InputError, match="filmed_performances"):
        decide_pack(
            production, "edgecode-desk", "parameters", by=alias, reason="r", parameters={"filmed_performance": True}
        )
    decide_pack(
        production, "edgecode-desk", "parameters", by=alias, reason="r", parameters={"filmed_performances": True}
    )

    assert state(production, "edgecode-desk").parameters == {"filmed_performances": True}


def test_a_pack_of_ones_own_cannot_take_the_name_of_one_that_ships(production: Production) -> None:
    own(production, SAMPLE.replace("pack: sample", "pack: consent-core"))

    with pytest.raises(InputError) as refused:
        pack_states(production)

    assert refused.value.code == "pack.taken"


def test_a_folder_that_is_not_there_stops_the_check_instead_of_leaving_rules_out(production: Production) -> None:
    own(production)
    (production.folder / "packs" / "sample.yaml").unlink()
    (production.folder / "packs").rmdir()

    with pytest.raises(InputError) as refused:
        pack_states(production)

    assert refused.value.code == "settings.invalid"


def test_folders_of_packs_go_through_the_settings_file(production: Production) -> None:
    own(production)
    write_settings(production.folder, production.settings)
    settings = read_settings(production.folder)

    assert (settings.packs, [pack.id for pack in own_packs(settings, production.folder)]) == (("packs",), ["sample"])


def test_a_pack_that_nobody_has_is_not_found_with_a_near_name(production: Production) -> None:
    with pytest.raises(NotFoundError, match="consent-core"):
        decide_pack(production, "consent-cor", "on", by="P-01", reason="r")


def agreed(text: str = SAMPLE) -> str:
    """The sample as the pack of an agreement, with a parameter that decides whether its first rule bites."""
    text = text.replace("scope: null\n", "scope: null\nagreement: \"production.buyer == 'acme'\"\n")
    text = text.replace("rules:\n", 'parameters: { strict: { type: bool, default: true, say: "bite" } }\nrules:\n')
    return text.replace("use.kind == 'replica_use' && use.final", "parameters.strict && use.final")


def test_parameters_of_a_declared_agreements_pack_are_overridden_by_a_signature_that_covers_them(
    production: Production, tmp_path: Path
) -> None:
    own(production, agreed())
    profile(production, buyer="acme")
    key = create_key_file(tmp_path / "legal.key")
    alias = member(production, "legal", key=key.public.hex())

    with pytest.raises(RefusedError) as refused:
        decide_pack(production, "sample", "parameters", by=alias, reason="r", parameters={"strict": False})
    decide_pack(production, "sample", "parameters", by=alias, reason="r", parameters={"strict": True}, signer=key)
    (kept,) = [row.event for row in rights(production.index, PackDecided) if isinstance(row.event, PackDecided)]
    fact = replace(kept.fact, decision=production.world.new_id())
    production.append([PackDecided(fact, PackDecisionSection({"strict": False}))])
    found = state(production, "sample")

    assert (refused.value.code, found.parameters, "not signed" in found.why) == (
        "pack.not_signed",
        {"strict": True},
        True,
    )


def test_the_same_decision_recorded_a_second_time_does_not_count(production: Production, tmp_path: Path) -> None:
    profile(production, sag="tvth-2026")
    key = create_key_file(tmp_path / "legal.key")
    alias = member(production, "legal", key=key.public.hex())
    decide_pack(production, SAG, "off", by=alias, reason="r", signer=key)
    (kept,) = [row.event for row in rights(production.index, PackDecided) if isinstance(row.event, PackDecided)]
    decide_pack(production, SAG, "on", by=alias, reason="r")
    production.append([PackDecided(kept.fact)])
    found = state(production, SAG)

    assert (found.state, "recorded a second time" in found.why) == ("on", True)


def test_a_pack_that_somebody_decided_on_is_missed_when_its_file_goes(production: Production, tmp_path: Path) -> None:
    file = own(production)
    key = create_key_file(tmp_path / "own.key")
    alias = member(production, "clearance", key=key.public.hex())
    decide_pack(production, "sample", "on", by=alias, reason="r")
    file.rename(file.parent / "sample.yml")
    renamed = [(one.pack.id, one.state, one.by) for one in pack_states(production) if one.by in FAILING]
    (file.parent / "sample.yml").unlink()
    gone = state(production, "sample")
    decide_pack(production, "sample", "off", by=alias, reason="it was a draft", signer=key)

    assert renamed == [("sample.yml", "not_checked", "unreadable"), ("sample", "not_checked", "missing")]
    assert (gone.state, gone.by) == ("not_checked", "missing")
    assert (state(production, "sample").state, state(production, "sample").by) == ("off", "decision")


@pytest.mark.parametrize(
    ("old", "new", "by"),
    [('"incidental (no)"', '"incidental (perhaps)"', "tests"), ("use.final\n", "use.finall\n", "unreadable")],
)
def test_a_pack_that_fails_its_own_tests_or_cannot_be_read_does_not_judge_and_holds(
    production: Production, old: str, new: str, by: str
) -> None:
    assert old in SAMPLE
    own(production, SAMPLE.replace(old, new))
    states = pack_states(production)
    (failing,) = [one for one in states if one.by in FAILING]
    held = [one.card.code for one in pack_findings(states, {}, cut="c") if one.held("deliver") == "held"]

    assert (failing.state, failing.by, "pack.not_judging" in held) == ("not_checked", by, True)
    assert f"edgecode packs {'test' if by == 'tests' else 'check'} packs/" in failing.why
    assert "sample" not in [one.pack.id for one in judging_packs(production)]
