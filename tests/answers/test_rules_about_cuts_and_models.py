"""Rules about a whole cut and about a model judge: of what is recorded about the cut, and of everything that a model was trained on."""

import pytest
from people_in_film import PeopledFilm
from recorded_film import ROOTS, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.uses.derived import derived
from edgecode.checks.facts import subject_of
from edgecode.checks.register import Register
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Pack
from edgecode.checks.rules.pack_reading import pack_or_problems, read_pack
from edgecode.checks.rules.subjects import Subject
from edgecode.checks.uses import Use
from edgecode.checks.whole_subjects import Moment, cut_subject, model_subjects, worst_of
from edgecode.events.desk_kinds import DisclosureMade, PaperFact
from edgecode.events.rights_kinds import ProductionProfiled, ProfileFact, ProfileSection
from edgecode.terms.steps import InputRole, StepKind
from rule_samples import HEADER

MOMENT = Moment("2026-11-23", 1_795_435_200_000, "deliver")


def text(about: str, *, when: str, that: str) -> str:
    return (
        HEADER
        + f"""\
rules:
  - {{ id: WHOLE, title: t, citation: own, basis: design, confidence: high, about: {about}, gate: [publish, deliver], severity: block,
      when: "{when}", require: [ {{ say: it is so, that: "{that}" }} ], waivable: false, fix: Ask. }}
tests:
  - {{ name: a, rule: WHOLE, expect: pass }}
  - {{ name: b, rule: WHOLE, expect: fail }}
  - {{ name: c, rule: WHOLE, expect: unknown }}
"""
    )


def pack(about: str, *, when: str = "true", that: str = "false") -> Pack:
    return read_pack(text(about, when=when, that=that).encode(), name="whole.yaml")


def judged(film: PeopledFilm, rules: Pack, *, is_whole: bool = True) -> list[tuple[str, str, Use]]:
    """Kind of subject, outcome and use of every verdict about the cut and its models."""
    store = film.index()
    register, view = Register.read(store), load_cut(store, "Cut", roots=ROOTS)
    used, judge = derived(view, Chains(store), register), Judge([ActivePack(rules)])
    subjects = [subject_of(use, register, today=MOMENT.today, now=MOMENT.now, gate="deliver") for use in used.uses]
    whole = cut_subject(view.cut, subjects, register, MOMENT, is_whole=is_whole)
    found: list[list[tuple[Use, Subject]]] = [[whole]]
    found += [model_subjects(model, view.cut, register, MOMENT) for model in used.models]
    return [
        (ways[0][1].about, verdict.outcome, use)
        for ways in found
        for verdict, use, _ in worst_of(judge, ways, today=MOMENT.today, gate="deliver")
    ]


def generated(*, trained_on: tuple[str, ...] | None = None) -> PeopledFilm:
    """Thirty frames that a model made."""
    film = PeopledFilm()
    film.weights("base.ckpt")
    for name in trained_on or ():
        film.weights(name)
    if trained_on is not None:
        film.model("base.ckpt", trained_on=trained_on)
    film.file("one.mov", frames=50)
    film.step(StepKind.GENERATE, ["one.mov"], [("base.ckpt", InputRole.WEIGHTS)])
    film.cut("Cut", [shown("one.mov", "/mnt/show/one.mov", 0, 30)])
    return film


def test_a_rule_about_a_cut_is_asked_of_the_whole_cut_once_and_of_no_frames() -> None:
    ((about, outcome, use),) = judged(generated(), pack("cut"))

    assert (about, outcome, use.spans, use.cut != "") == ("cut", "fail", (), True)


def test_a_cut_is_generated_where_any_use_is_and_its_record_is_about_the_cut_or_the_production() -> None:
    rules = pack("cut", when="use.ai_generated && use.final", that="disclosure.eu_label")
    film = generated()
    ((_, before, use),) = judged(film, rules)
    film.add(DisclosureMade(PaperFact(film.id("label"), "eu_label", about=(use.cut,), at="2026-11-20")))

    assert (before, judged(film, rules)[0][1]) == ("fail", "pass")


def test_nobody_knows_that_a_cut_holds_nothing_generated_while_frames_are_unaccounted() -> None:
    film = PeopledFilm()
    film.file("plate.mov", frames=50)
    film.step(StepKind.CAMERA, ["plate.mov"])
    film.cut("Cut", [shown("plate.mov", "/mnt/show/plate.mov", 0, 30)])
    rules = pack("cut", when="use.ai_generated", that="false")

    assert [judged(film, rules, is_whole=is_whole)[0][1] for is_whole in (True, False)] == ["not_applicable", "unknown"]


def test_the_profile_is_that_of_the_cut_too() -> None:
    film = generated()
    said = ProfileSection({"production.territories": ("DE",)})
    film.add(ProductionProfiled(ProfileFact(film.id("profile")), said))

    assert judged(film, pack("cut", that="'EU' in production.territories"))[0][1] == "pass"


def test_a_rule_about_a_model_says_the_worst_that_it_says_of_any_of_its_training_in_the_frames_it_made() -> None:
    film = generated(trained_on=("set A", "set B"))
    rules = pack("model", that="!dataset.contains_third_party")
    found = [judged(film, rules)[0][1]]
    film.dataset("set B", third_party=False)
    film.dataset("set A", third_party=False)
    found.append(judged(film, rules)[0][1])
    film.dataset("set A", third_party=True)
    ((about, outcome, use),) = judged(film, rules)

    assert [*found, outcome] == ["unknown", "pass", "fail"]
    assert (about, use.version, [(span.first, span.end) for span in use.spans]) == (
        "model",
        film.id("base.ckpt"),
        [(0, 30)],
    )


def test_a_model_of_which_nobody_knows_the_training_is_asked_all_the_same() -> None:
    licensed, trained = pack("model", that="license.training"), pack("model", that="!license.training")

    assert [judged(generated(), rules)[0][1] for rules in (licensed, trained)] == ["unknown", "unknown"]


def test_models_that_nobody_named_are_asked_as_one() -> None:
    film = PeopledFilm()
    film.file("one.mov", frames=50)
    film.step(StepKind.GENERATE, ["one.mov"])
    film.cut("Cut", [shown("one.mov", "/mnt/show/one.mov", 0, 30)])

    ((about, outcome, use),) = judged(film, pack("model", that="tool.training == 'described'"))

    assert (about, outcome, use.version, use.frames) == ("model", "unknown", "", 30)


def test_what_becomes_known_of_a_training_opens_what_was_answered_about_the_model() -> None:
    keys = [judged(generated(trained_on=names), pack("model"))[0][2].key for names in (("set A",), ("set A", "set B"))]

    assert keys[0] != keys[1]


@pytest.mark.parametrize("that", ["consent.use", "person.minor", "use.kind == 'dub'", "license.on_file"])
def test_a_rule_about_a_cut_may_not_read_what_is_known_of_uses_only(that: str) -> None:
    _, found = pack_or_problems(text("cut", when="true", that=that).encode(), name="whole.yaml")

    assert any("is not known of a whole cut" in one for one in found), found
