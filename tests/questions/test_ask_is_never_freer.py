"""No question is answered YES where the same use, once in a cut, would be held: for any consent, whatever happened to it, any profile."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edgecode.answers.ask.answer import word_for
from edgecode.answers.ask.asked_use import Question
from edgecode.answers.chain import Chains
from edgecode.answers.uses.derived import derived_uses
from edgecode.checks.considered import totals_of
from edgecode.checks.facts import subject_of
from edgecode.checks.gates import held_at
from edgecode.checks.pack_states import PackState, active_packs
from edgecode.checks.register import Agreement, Move, PersonInfo, Register
from edgecode.checks.rules.judging import Judge
from edgecode.checks.uses import Use
from edgecode.production import Production
from edgecode.production.checking.asking import AskJudging, end_of_day
from edgecode.production.rule_packs.choosing import pack_states
from edgecode.terms.rights import Scope
from questions.story_at_rest import production_of

MADE = "2026-10-10"
"""The day on which the line of the story was made: asked and judged on it, both are the same use."""
NEEDS = Scope(modalities=("voice",), media=("film",), tools=("Echo Bench",), languages=("en",))
SECONDS = 2

WORDS = {
    "works": ("*",),
    "languages": ("en", "de", "*"),
    "territories": ("JP", "DE", "*"),
    "media": ("film", "trailer", "*"),
    "modalities": ("voice", "face", "*"),
    "tools": ("Echo Bench", "Another", "*"),
    "prohibited": ("nudity", "political"),
}
DAYS = st.sampled_from(["2026-09-03", "2026-10-09", MADE, "2026-10-11", "2027-01-14", "2027-01-15", "2030-12-31"])


@dataclass(repr=False)
class Show:
    production: Production
    register: Register
    states: tuple[PackState, ...]
    judge: Judge
    uses: list[Use]
    person: int
    replica: str
    model: str

    @property
    def consent(self) -> Agreement:
        return next(iter(self.register.agreements.values()))


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    with production_of("01", tmp_path_factory.mktemp("show"), until=-3) as telling:
        production = telling.production
        register = Register.read(production.index)
        states = tuple(pack_states(production, register=register))
        (view,) = production.views()
        uses = derived_uses(view, Chains(production.index), register, is_final=True)
        own = [use for use in uses if use.person is not None]
        assert [use.kind for use in own] == ["replica_use", "train"]
        person, model = own[0].person, own[1].version
        assert person is not None
        replica = telling.records["ada replica"]
        yield Show(production, register, states, Judge(active_packs(states)), own, person, replica, model)


def scopes() -> st.SearchStrategy[Scope]:
    words: dict[str, Any] = {
        name: st.none() | st.lists(st.sampled_from(known), unique=True).map(tuple) | st.just(("*",))
        for name, known in WORDS.items()
    }
    kind = {
        name: st.just(("*",)) | some if name != "prohibited" else st.just(()) | some for name, some in words.items()
    }
    return st.builds(
        Scope,
        **kind,
        roles=st.sampled_from([("*",), ("*",), None]),
        scenes=st.sampled_from([("*",), ("*",), None]),
        since=st.just("2026-09-03") | DAYS,
        until=st.just("2030-12-31") | DAYS | st.just("*"),
        maxima=st.just({}) | st.builds(dict, seconds=st.integers(0, 9)),
        training=st.sampled_from(["this_production_only", "general", "none", None]),
    )


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["revoked", "suspended", "resumed", "disputed", "dispute_ended", "exhausted", "terminated"]),
        DAYS,
        st.sampled_from([(), ("use_this_work",), ("train",)]),
    ),
    max_size=2,
)
ACTS = st.sets(st.sampled_from(["create", "use_this_work", "use_other_work", "train", "dub"])).map(sorted).map(tuple)
FIELDS = st.fixed_dictionaries(
    {"kind": st.just("natural_person"), "gdpr_subject": st.sampled_from(["no", "yes"])},
    optional={
        "status": st.sampled_from(["living", "living", "deceased"]),
        "minor_until": st.sampled_from(["2008-04-30", "2008-04-30", "2027-01-01"]),
        "deceased_on": st.just("2020-01-01"),
    },
)


@dataclass(frozen=True, repr=False)
class Told:
    """What the record says in one example."""

    register: Register

    def held(self, show: Show) -> list[str]:
        """The rules that hold the use in the cut."""
        now = end_of_day(MADE)
        uses = [replace(use, needs=NEEDS) if use.kind == "replica_use" else use for use in show.uses]
        totals = totals_of(uses, self.register, today=MADE, now=now, gate="deliver")
        found = []
        for use in uses:
            subject = subject_of(use, self.register, today=MADE, now=now, gate="deliver", totals=totals)
            verdicts = show.judge.verdicts(subject, today=MADE)
            found += [verdict.rule for verdict in verdicts if held_at(verdict, "deliver") != "open"]
        return found

    def answer(self, show: Show) -> str:
        """What a question about the same is answered."""
        question = Question(
            act="use_this_work",
            made=end_of_day(MADE),
            person=show.person,
            alias="P-03",
            needs=NEEDS,
            replica=show.replica,
            model=show.model,
            quantities={"seconds": SECONDS},
        )
        judging = AskJudging(
            show.production, self.register, show.states, question, gate="deliver", day=MADE, judge=show.judge
        )
        return word_for(judging.findings(), "deliver")


@st.composite
def tellings(draw: st.DrawFn, show: Show) -> Told:
    consent = show.consent
    terms = consent.latest.terms
    assert terms is not None
    rest = draw(st.sampled_from(["scope", "moves", "acts", "signed", "all"]))
    if rest in ("scope", "all"):
        terms = replace(terms, scope=draw(scopes()))
    if rest in ("acts", "all"):
        terms = replace(terms, acts=draw(ACTS))
    if rest in ("signed", "all"):
        terms = replace(
            terms, signed_on=draw(DAYS | st.just("")), survives_death=draw(st.sampled_from([None, "yes", "no"]))
        )
    moves = consent.moves
    if rest in ("moves", "all"):
        made = draw(MOVES)
        moves += tuple(
            Move("", consent.id, 10_000 + number, 0, move, day, acts=acts if move == "revoked" else ())  # type: ignore[arg-type]
            for number, (move, day, acts) in enumerate(made)
        )
    version = replace(consent.latest, terms=terms, kept=draw(st.sampled_from(["here", "here", "here", "elsewhere"])))
    changed = replace(consent, versions=(version,), moves=moves)
    profile = dict(show.register.profile)
    profile["production.release_date"] = draw(DAYS)
    profile["production.territories"] = draw(st.sampled_from([("JP",), ("DE",), ("US-CA",), ("JP", "FR")]))
    if draw(st.integers(0, 4)) == 0:
        profile.pop(draw(st.sampled_from(sorted(profile))))
    fields = draw(st.just(dict(show.register.persons[show.person].fields)) | FIELDS)
    persons = {**show.register.persons, show.person: PersonInfo(show.person, "P-03", fields)}
    return Told(replace(show.register, agreements={consent.id: changed}, profile=profile, persons=persons))


@given(data=st.data())
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_would_be_held_in_a_cut_is_never_answered_with_yes(show: Show, data: st.DataObject) -> None:
    told = data.draw(tellings(show))

    held = told.held(show)

    assert (told.answer(show), held) in [("YES", []), *((word, held) for word in ("SIGN", "UNKNOWN", "NO"))]


def test_what_a_cut_clears_may_be_answered_with_yes(show: Show) -> None:
    """Or the claim above would hold of an answer that is never YES."""
    told = Told(show.register)

    assert (told.answer(show), told.held(show)) == ("YES", [])
