"""A machine without the signing key puts events into the inbox; a machine with it takes them into the log, and nothing that harms it."""

import threading
from pathlib import Path

import msgspec
import pytest

from edgecode.drivers.world import World
from edgecode.errors import HeldError, RefusedError
from edgecode.events.kinds import Event, StepFact, StepPerformed, StepWithdrawalFact, StepWithdrawn, TextSection
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.ledger.sequencer import Drained
from edgecode.people.sealing import seal
from edgecode.production import Production, audit_of
from edgecode.production.inbox.sequencing import NOBODY, InboxWriter, follow, sequence
from edgecode.terms.evidence import Grade
from edgecode.terms.steps import StepKind
from running import run_command

WORLD = World()


@pytest.fixture
def show(tmp_path: Path) -> Path:
    Production.create(tmp_path / "show", title="A Show").close()
    return tmp_path / "show"


def a_step() -> StepPerformed:
    fact = StepFact(WORLD.new_id(), StepKind.GENERATE, "record", Grade.DECLARED, (WORLD.new_id(),))
    return StepPerformed(fact, text=TextSection((("prompt", "rain on a window, night"),)))


def test_a_machine_without_the_signing_key_can_record(show: Path) -> None:
    steps = [a_step() for _ in range(3)]
    (show / ".edgecode" / "signing.key").rename(show / "elsewhere")
    with InboxWriter(show) as writer:
        tickets = writer.accept(steps)
    (show / "elsewhere").rename(show / ".edgecode" / "signing.key")
    with Production.open(show) as production:
        before = production.log.size
        done = sequence(production)
        read = list(production.recorded(before))

    assert (len(tickets), done) == (3, Drained(sealed=3))
    assert [(one.event, one.leaf.actor) for one in read] == [(step, NOBODY) for step in steps]
    assert audit_of(show)[0].report.findings == ()


def test_a_decision_does_not_come_through_the_inbox(show: Path) -> None:
    withdrawn = StepWithdrawn(StepWithdrawalFact(WORLD.new_id()))
    with InboxWriter(show) as writer, pytest.raises(RefusedError, match=r"step\.withdrawn/1.*inbox\.kind"):
        writer.accept([a_step(), withdrawn])

    with Production.open(show) as production:
        assert sequence(production) == Drained()


def test_what_would_harm_the_log_is_set_aside_and_the_rest_goes_in(show: Path) -> None:
    with Production.open(show) as production:

        def sealed(event: Event, actor: str = NOBODY) -> SealedEvent:
            return seal(
                event,
                id=WORLD.new_id(),
                ts=WORLD.milliseconds(),
                actor=actor,
                keys=production.keys,
                production=production.settings.production,
                randomness=WORLD.randomness,
            )

        good = sealed(a_step())
        altered = sealed(a_step())
        fact = altered.sections[0]
        bad = [
            sealed(a_step(), actor=production.signer.actor),
            sealed(StepWithdrawn(StepWithdrawalFact(WORLD.new_id()))),
            msgspec.structs.replace(altered, sections=altered.sections[:1]),
            msgspec.structs.replace(altered, sections=(*altered.sections, altered.sections[1])),
            msgspec.structs.replace(
                altered, sections=(SealedSection(fact.name, fact.salt, "", b"{}"), *altered.sections[1:])
            ),
            msgspec.structs.replace(
                altered,
                sections=(fact, *(msgspec.structs.replace(one, key_id="t:nobody") for one in altered.sections[1:])),
            ),
            SealedEvent(good.leaf.replace(b"step.performed/1", b"film.made/1"), good.sections),
        ]
        production.ledger.accept([*bad, good])
        before, done = production.log.size, sequence(production)

        assert done == Drained(sealed=1, refused=len(bad))
        assert [event for _, event in production.ledger.refused()] == bad
        assert [entry.leaf for entry in production.ledger.entries(before, 99)] == [good.leaf]


def test_one_process_at_a_time_takes_the_inbox_in(show: Path) -> None:
    with (
        Production.open(show) as one,
        Production.open(show) as other,
        one.ledger.sequencing(),
        pytest.raises(HeldError, match=r"inbox\.in_use"),
    ):
        sequence(other)


def test_what_arrives_later_is_taken_in_while_it_is_followed(show: Path) -> None:
    told, stop = list[Drained](), threading.Event()

    def followed() -> None:
        with Production.open(show) as production:
            follow(production, stop, told=lambda done: (told.append(done), stop.set())[0])

    following = threading.Thread(target=followed)
    following.start()
    with InboxWriter(show) as writer:
        writer.accept([a_step()])
    following.join(timeout=60)

    assert told == [Drained(sealed=1)]


def test_the_command_says_what_it_took_in(show: Path) -> None:
    with InboxWriter(show) as writer:
        writer.accept([a_step(), a_step()])
    done = [run_command("log", "sequence", cwd=show) for _ in range(2)]

    assert [(one.status, one.out) for one in done] == [
        (0, "2 events taken into the log\n"),
        (0, "0 events taken into the log\n"),
    ]
