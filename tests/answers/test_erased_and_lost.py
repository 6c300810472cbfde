"""Somebody whom nobody can tell any more: an erasure leaves an event that says so, a lost key none, and the record says which it was."""

import pytest
from msgspec.structs import replace
from people_in_film import PeopledFilm

from edgecode.answers.cuts.timecodes import CutClock
from edgecode.answers.cuts.view import CutView
from edgecode.answers.uses.declared import with_declared
from edgecode.answers.uses.desk_marks import noted_in
from edgecode.checks.register import DeclaredUse, Register, Whom
from edgecode.terms.timebase import Rate

EMPTY = CutView("", "", CutClock(Rate(24), 0, 0), True, (), (), (), (), (), {})
BOTH = [(True, "erased"), (False, "unknown")]


def gone(*, erased: bool) -> Whom:
    return Whom(None, "", stated=True, erased=erased)


def replica_of_somebody() -> tuple[PeopledFilm, Register]:
    film = PeopledFilm()
    film.file("voice.wav", frames=48)
    film.replica("voice", "P-01", ("voice.wav",))
    return film, Register.read(film.index())


@pytest.mark.parametrize(("erased", "state"), BOTH)
def test_whose_replica_it_was_is_erased_only_where_an_erasure_covers_that(erased: bool, state: str) -> None:
    film, register = replica_of_somebody()
    nobody = {one.id: replace(one, whom=gone(erased=erased)) for one in register.replicas.values()}

    noted, _ = noted_in(replace(register, replicas=nobody), film.store, cut="")

    assert [mark.subject for marks in noted.marks.values() for mark, _ in marks] == [state]


@pytest.mark.parametrize(("erased", "state"), BOTH)
def test_a_declared_use_says_of_its_person_which_it_was(erased: bool, state: str) -> None:
    dub = DeclaredUse("u", gone(erased=erased), 1, 0, values={"use.kind": "dub"})

    (use,) = with_declared([], EMPTY, Register(uses={"u": dub}), {}, refs={}, is_final=None)

    assert use.person_state == state
