"""What somebody says of a model counts for steps that know it by its name alone, as long as the name tells it from others."""

import pytest
from people_in_film import PeopledFilm
from recorded_film import ROOTS, shown

from edgecode.answers.chain import Chains
from edgecode.answers.cuts.loading import load_cut
from edgecode.answers.uses.derived import derived
from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.events.kinds import ModelFact, ModelKnown, NameSection
from edgecode.terms.steps import InputRole, ModelUse, StepKind

NAME = "dream_v1.safetensors"


def dream(*named: ModelUse) -> PeopledFilm:
    """A generated clip whose step lists models as a tool writes them."""
    film = PeopledFilm()
    for name in (NAME, "tapes"):
        film.weights(name)
    film.file("dream.mov", frames=50)
    film.step(StepKind.GENERATE, ["dream.mov"], [(NAME, InputRole.WEIGHTS)], models=named)
    film.cut("Cut", [shown("dream", "/mnt/show/dream.mov", 0, 50)])
    return film


def element(film: PeopledFilm) -> Use:
    store = film.index()
    found = derived(load_cut(store, "Cut", roots=ROOTS), Chains(store), Register.read(store))
    (use,) = [use for use in found.uses if use.kind == "ai_element"]
    return use


@pytest.mark.parametrize("written", [NAME, f"SDXL/{NAME}", f"checkpoints\\{NAME}"])
def test_what_somebody_says_of_a_model_is_known_of_what_was_made_by_its_name(written: str) -> None:
    film = dream(ModelUse(written))
    before = element(film).facts.get("tool.training")
    film.model(NAME, trained_on=("tapes",))

    assert (before, element(film).facts.get("tool.training")) == (None, "described")


def test_a_name_that_two_models_have_tells_nobody_which_one_was_used() -> None:
    film = dream(ModelUse(NAME))
    film.model(NAME, trained_on=("tapes",))
    film.add(ModelKnown(ModelFact(film.id("another file"), "checkpoint"), NameSection(NAME)))

    assert "tool.training" not in element(film).facts


def test_a_model_beside_it_that_nobody_described_leaves_it_open() -> None:
    film = dream(ModelUse(NAME), ModelUse("detail.lora"))
    film.model(NAME, trained_on=("tapes",))

    assert "tool.training" not in element(film).facts
