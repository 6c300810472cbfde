"""What somebody declares of a use and nobody answers for fills a gap towards the stricter side only, whichever fact it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from edgecode.answers.chain import Chains
from edgecode.answers.uses.derived import derived
from edgecode.checks.considered import totals_of
from edgecode.checks.desk_rows import DeclaredUse, Whom
from edgecode.checks.gates import Word, word_of
from edgecode.checks.register import Register
from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.checks.rules.fact_values import Fact
from edgecode.checks.rules_in_force import RulesInForce
from edgecode.checks.whole_subjects import Moment
from edgecode.production.desk.profiling import describe_production
from edgecode.production.rule_packs.choosing import pack_states
from edgecode.terms.rights import FactValue
from stories import story_desk
from stories.story_run import Telling, read_story, told
from stories.test_declared_words import BY_CLARA, FILM, asked, declare

ACTS = "acts: create use_this_work use_other_work alter train"
ORDER: tuple[Word, ...] = ("CLEARED", "HELD", "REFUSED")
Words = Mapping[tuple[str, str, str], Word]


@contextmanager
def of_another_picture(folder: Path, *, story: str = FILM) -> Iterator[Telling]:
    """A replica that was licensed in, of an old recording: nobody knows for which picture it was made, and the use in this work was
    taken back."""
    path = folder / "story.yaml"
    path.write_text(story.replace("SAYS", ACTS))
    told_of = read_story(path)
    for entry in told_of["story"]:
        if entry.get("person") == "ada":
            entry["notes"]["minor_until"] = "1999-04-30"
        if "session" in entry:
            entry |= {"session": "archival", "times": {"started": "2015-09-01T10:00:00+00:00"}}
        if "replica" in entry:
            entry["replica"] = "independently_created"
    with told(told_of, folder) as telling:
        telling.clock.day = "2026-11-21"
        story_desk.tell(telling, {"move": "revoked", "of": "C-01", "acts": ["use_this_work"], "from": "2026-11-20"})
        yield telling


def test_nobodys_word_on_the_picture_it_was_made_for_asks_for_no_act_less(tmp_path: Path) -> None:
    with of_another_picture(tmp_path) as telling:
        words = [asked(telling).word]
        declare(telling, facts={"use.same_picture": "no"})
        words.append(asked(telling).word)
        declare(telling, facts={"use.same_picture": "no"}, **BY_CLARA)
        answer = asked(telling)

    assert [*words, answer.word] == ["REFUSED", "REFUSED", "CLEARED"]
    assert [one.names for one in answer.narrowed] == [("use.same_picture",)]


def test_nobodys_word_counts_where_it_is_the_stricter_one(tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(FILM.replace("SAYS", ""))
    with told(read_story(path), tmp_path) as telling:
        telling.clock.day = "2026-11-21"
        before = asked(telling).word
        declare(telling, facts={"use.strips_provider_marks": "yes", "use.biometric_identification": "yes"})
        story_desk.tell(telling, {"noted": "ada", "notes": {"gdpr_subject": "yes"}})

        assert (before, asked(telling).word) == ("CLEARED", "REFUSED")


def test_no_fact_of_the_catalogue_that_nobody_answers_for_makes_a_word_milder(tmp_path: Path) -> None:
    """Under as many packs as a profile switches on, and every value of every fact that a declared use may say."""
    with of_another_picture(tmp_path) as telling:
        switched = {
            "production.sag": "tvth-2026",
            "production.buyer": "netflix",
            "production.territories": "EU US CN IN",
            "production.us_registration": "yes",
        }
        describe_production(telling.production, switched, by=telling.aliases["clara"], reason="as signed")
        world = _World(telling)
        before = world.words({})
        every = [(name, value) for name, fact in CATALOGUE.items() if _is_said(fact) for value in _values(fact)]
        nobodys, clearances = (
            [(name, value) for name, value in every if _is_milder(world.words({name: value}, by=by), before)]
            for by in ("", telling.aliases["clara"])
        )

    assert nobodys == []
    assert {name for name, _ in clearances} >= {"use.same_picture"}


def _is_said(fact: Fact) -> bool:
    return fact.world == "derived" and fact.name != "use.kind"


def _is_milder(after: Words, before: Words) -> bool:
    """Whether any rule says less of any use than it did, or nothing any more."""
    return any(ORDER.index(after.get(name, "CLEARED")) < ORDER.index(word) for name, word in before.items())


def _values(fact: Fact) -> tuple[FactValue, ...]:
    if fact.type == "bool":
        return (True, False)
    if fact.type == "date":
        return ("2020-01-01", "2026-11-21", "2040-01-01")
    if fact.type == "int":
        return (0, 1)
    return fact.choices


class _World:
    """A record to which one declared use more is thought, without writing it down."""

    def __init__(self, telling: Telling) -> None:
        self._production = telling.production
        self._version = story_desk.version_of(telling, "sound/line.wav")
        self._alias = telling.aliases["ada"]
        self._rules = RulesInForce(pack_states(self._production))

    def words(self, values: Mapping[str, FactValue], *, by: str = "") -> Words:
        """What every rule says of every use, by itself."""
        register = Register.read(self._production.index)
        ada = next(one.id for one in register.persons.values() if one.alias == self._alias)
        member = register.member_called(by).id if by else ""
        said = DeclaredUse(
            *("declared", Whom(ada, self._alias, stated=True), 10_000, 0, (self._version,)),
            values={"use.kind": "replica_use", **values},
            by=member,
            role="clearance" if by else "",
        )
        register = replace(register, uses={**register.uses, said.id: said} if values else register.uses)
        view = self._production.view("Film")
        used = derived(view, Chains(self._production.index), register, is_final=True)
        now = self._production.world.milliseconds()
        totals = totals_of(used.uses, register, today="2026-11-21", now=now, gate="deliver")
        moment = Moment("2026-11-21", now, "deliver", totals)
        of_cut = self._rules.of_cut(view.cut, used.uses, used.models, register, moment, is_whole=True)
        return {
            (one.verdict.pack, one.verdict.rule, one.use.key): word_of([one.held("deliver")], rules=1)
            for one in self._rules.findings(of_cut.said)
        }
