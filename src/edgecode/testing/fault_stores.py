"""Stores, signers and shelves that fail when told to: before a step, or after it, so that it happened and was told as failed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, cast

from edgecode.ledger.store import Signer

T = TypeVar("T")


class Fault(NamedTuple):
    """The *number*-th call (from 1) of the method *step* raises *error*; *persisted*: after it was done, not instead."""

    step: str
    number: int
    error: Exception
    persisted: bool = False


@dataclass
class Faults:
    """One fault at most, and a count of every call: one instance may be shared by all that a program talks to."""

    fault: Fault | None = None
    calls: dict[str, int] = field(default_factory=dict)
    happened: bool = False

    def around(self, step: str, call: Callable[[], object]) -> object:
        """Do *call*, the next one of *step*, with the fault when it is this one's turn."""
        self.calls[step] = self.calls.get(step, 0) + 1
        if self.fault is None or (step, self.calls[step]) != self.fault[:2]:
            return call()
        self.happened = True
        if self.fault.persisted:
            call()
        raise self.fault.error


class _Faulty:
    """Stands before anything and passes every call on."""

    def __init__(self, real: object, faults: Faults) -> None:
        self._real, self._faults = real, faults

    def __getattr__(self, name: str) -> object:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def step(*arguments: object, **named: object) -> object:
            return self._faults.around(name, lambda: found(*arguments, **named))

        return step


def faulty(real: T, faults: Faults) -> T:
    """*real*, every method of which counts as a step of *faults*. What a method hands back (an iterator, a context) does not fail."""
    return cast(T, _Faulty(real, faults))


@dataclass
class RecordingSigner:
    """A Signer that remembers every message that it signed, in order: all that a log ever stood for."""

    real: Signer
    messages: list[bytes] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return self.real.public

    @property
    def actor(self) -> str:
        return self.real.actor

    def sign(self, message: bytes) -> bytes:
        signature = self.real.sign(message)
        self.messages.append(message)
        return signature
