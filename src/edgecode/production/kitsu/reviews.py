"""Noting what was said in a Kitsu: a comment with a status is an approval, a rejection or a note, never a step that makes pixels."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.errors import EdgecodeError
from edgecode.events.door_kinds import ReviewFact, ReviewNoted, ReviewOutcome
from edgecode.events.kinds import Event, TextSection
from edgecode.index.directed import reviews
from edgecode.ingest.kitsu import Comment, Status, outcome_of
from edgecode.production.lines import line_secret
from edgecode.production.persons.noting import append_judged
from edgecode.production.sheets.reviews import review_mark
from edgecode.terms.identity import RecordId

if TYPE_CHECKING:
    from edgecode.production.corridor import Production

_ABOUT_AT_MOST = 100


class ReviewsTaken(Struct, frozen=True):
    """What comments came to. *outcomes*: how many new ones of each, *here*: noted before. *silent*: their status says nothing that is
    known, and they hold no words. *unattached*: about nothing that was published. *early*: ids of those that name a preview which is not
    recorded yet. *outsiders*: by somebody who is no member here. *unclear*: nobody knows of which of two files that one preview had."""

    outcomes: Mapping[str, int] = {}
    here: int = 0
    silent: int = 0
    unattached: int = 0
    early: tuple[str, ...] = ()
    outsiders: int = 0
    unclear: int = 0

    @property
    def new(self) -> int:
        """How many are new."""
        return sum(self.outcomes.values())


class CommentDesk:
    """Notes comments in one production. *about*: the versions that a comment is about, None: nobody can know. *statuses*: Kitsu's, by
    id; *meant*: folded words of them to outcomes; *members*: Kitsu's id of a person to the alias of a member."""

    def __init__(
        self,
        production: "Production",
        about: Callable[[Comment], Sequence[RecordId] | None],
        *,
        statuses: Mapping[str, Status],
        meant: Mapping[str, ReviewOutcome],
        members: Mapping[str, str],
    ) -> None:
        self._production, self._about = production, about
        self._statuses, self._meant, self._members = statuses, meant, members
        self._secret = line_secret(production.keys, production.settings.production)

    def note(self, comments: Sequence[Comment]) -> ReviewsTaken:
        """Note every new one in one append. Raises HeldError ``record.overtaken``."""
        taken: list[ReviewsTaken] = []

        def judged() -> Sequence[Event]:
            counts, events = self._planned(comments)
            taken[:] = [counts]
            return events

        append_judged(self._production, judged)
        return taken[0]

    def _planned(self, comments: Sequence[Comment]) -> tuple[ReviewsTaken, list[Event]]:
        register = Register.read(self._production.index)
        known = {one.mark for one in reviews(self._production.index)}
        events: list[Event] = []
        outcomes: dict[str, int] = {}
        early: list[str] = []
        here = silent = unattached = outsiders = unclear = 0
        for comment in comments:
            mark = review_mark(self._secret, f"id={comment.id}")
            outcome, status = outcome_of(comment, self._statuses, self._meant)
            if mark in known:
                here += 1
                continue
            if outcome is None:
                silent += 1
                continue
            meant = self._about(comment)
            if meant is None:
                unclear += 1
                continue
            about = tuple(dict.fromkeys(meant))[:_ABOUT_AT_MOST]
            if not about:
                # What it names may be uploaded yet, or still be made from what was uploaded.
                early += [comment.id] if comment.named else []
                unattached += not comment.named
                continue
            known.add(mark)
            by = self._member(register, comment.person_id or "")
            outsiders += not by
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            words = tuple(
                (name, text) for name, text in (("note", (comment.text or "").strip()), ("status", status)) if text
            )
            fact = ReviewFact(self._production.world.new_id(), about, outcome, "kitsu", mark, comment.at, by)
            events.append(ReviewNoted(fact, TextSection(words) if words else None))
        return ReviewsTaken(outcomes, here, silent, unattached, tuple(early), outsiders, unclear), events

    def _member(self, register: Register, kitsu_person: str) -> RecordId:
        alias = self._members.get(kitsu_person, "")
        try:
            return register.member_called(alias).id if alias else ""
        except EdgecodeError:
            return ""
