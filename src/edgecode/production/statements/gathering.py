"""Gathers what a usage statement of a person or of a license counts: lines of the cuts, quantities, rates, and what nobody knows."""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.agreements.resting import Moment, covering, rests_on
from edgecode.answers.chain import Chains
from edgecode.answers.check.answer import instances
from edgecode.answers.cuts.figures import clip_name, sums
from edgecode.answers.cuts.view import CutView
from edgecode.answers.layout.columns import NOT_RECORDED, counted
from edgecode.answers.report.paper import Paper
from edgecode.answers.statement.paper import statement_paper
from edgecode.answers.statement.rate_card import Rate, RateCard
from edgecode.answers.statement.working import Inputs, Said, UnknownFrames, UsedLine, Working, worked
from edgecode.answers.uses.derived import derived
from edgecode.checks.considered import Considered
from edgecode.checks.register import Agreement, Register
from edgecode.checks.uses import Span, Use
from edgecode.errors import InputError
from edgecode.index.persons import day_of
from edgecode.production.corridor import Production
from edgecode.production.papering import stamp
from edgecode.production.persons.noting import judged_at, require_day
from edgecode.production.statements.contests import open_contests
from edgecode.production.statements.payees import Payee, payee_called
from edgecode.terms.identity import RecordId


class Stated(Struct, frozen=True):
    """A statement: whom it is for, its working, and the paper that is made of it. *cuts*, *agreements*: the records that it stands on."""

    payee: Payee
    cuts: tuple[RecordId, ...]
    agreements: tuple[RecordId, ...]
    working: Working
    paper: Paper


def usage_statement(
    production: Production,
    payee: str,
    cuts: Sequence[str] = (),
    *,
    card: RateCard | None = None,
    since: str = "",
    until: str = "",
) -> Stated:
    """The statement of *payee* (an alias, or the label of a license) over *cuts* (none: every cut in force).

    Rates of *card* stand before those of the agreements. Raises NotFoundError ``statement.payee``, InputError ``statement.period``,
    UsageError ``person.date``, and as `Production.view` does.
    """
    for day in (since, until):
        require_day(day, empty=True)
    if since and until and until < since:
        raise InputError("statement.period", "the period ends before it begins", "Give --since before --until")
    production.catch_up()
    register = Register.read(production.index, origin=production.log.origin)
    known = payee_called(production, register, payee)
    now = judged_at(production, register)
    moment = Moment(day_of(now), now)
    views = [production.view(cut) for cut in dict.fromkeys(cuts)] if cuts else production.views()
    gathered = _Gathered(Chains(production.index), register, moment, known)
    for view in views:
        gathered.add(view)
    point = production.ledger_point()
    working = worked(
        Inputs(
            payee=known.name,
            production=production.title(),
            origin=point.origin,
            size=point.size,
            root=point.root,
            day=moment.today,
            since=since,
            until=until,
            cuts=tuple(view.name for view in views),
            lines=tuple(gathered.lines),
            said=tuple(gathered.said),
            unknown=tuple(gathered.unknown),
            rates=gathered.rates(card),
            training=tuple(gathered.training),
            contests=tuple(open_contests(production.index, known)),
        )
    )
    named = ", ".join(view.name for view in views)
    return Stated(
        known,
        tuple(view.cut for view in views),
        tuple(sorted(one.versions[-1].agreement for one in gathered.relied.values())),
        working,
        statement_paper(working, stamp=stamp(production, named, now=now)),
    )


class _Gathered:
    """What was gathered so far, cut by cut."""

    def __init__(self, chains: Chains, register: Register, moment: Moment, payee: Payee) -> None:
        self._chains, self._register, self._moment, self._payee = chains, register, moment, payee
        self.relied: dict[str, Agreement] = {}
        self.lines: list[UsedLine] = []
        self.said: list[Said] = []
        self.unknown: list[UnknownFrames] = []
        self.training: list[str] = []

    def add(self, view: CutView) -> None:
        """Count a cut."""
        uses = derived(view, self._chains, self._register).uses
        for use in uses:
            relied = self._resting(use)
            if relied is None and (self._payee.agreement is not None or use.person != self._payee.person):
                continue
            if use.kind == "train":
                self.training.append(self._trained(view, use, relied))
                continue
            self._add_use(view, use, relied)
        found, heard = sums(view.runs()), sums(view.runs("sound"))
        lost = [span for use in uses if use.person_state in ("erased", "unknown") for span in use.spans]
        frames = len({frame for span in lost for frame in range(span.first, span.end)})
        self.unknown.append(
            UnknownFrames(view.name, found.frames, found.unaccounted, heard.frames, heard.unaccounted, frames)
        )

    def rates(self, card: RateCard | None) -> tuple[Rate, ...]:
        """The rates that hold on the day: of the card, and of the agreements for what it does not name."""
        found: list[Rate] = []
        if card is not None:
            source = f"{card.title} ({card.citation})"
            found = [replace(rate, source=source) for rate in card.rates if rate.holds(self._moment.today)]
        named = {(rate.agreement, rate.unit) for rate in found}
        for label, agreement in sorted(self.relied.items()):
            own = [rate for rate in _agreed_rates(agreement) if not {(label, rate.unit), ("", rate.unit)} & named]
            found.extend(own)
        return tuple(found)

    def _resting(self, use: Use) -> Considered | None:
        """What the use rests on of the payee's; None where it has nothing of theirs on file."""
        if self._payee.person is not None and use.person != self._payee.person:
            return None
        found = rests_on(use, self._register, self._moment)
        if self._payee.agreement is None:
            return next((one for one in found if one.agreement.kind == "consent"), None)
        return next((one for one in found if one.agreement is self._payee.agreement), None)

    def _add_use(self, view: CutView, use: Use, relied: Considered | None) -> None:
        label = relied.agreement.label if relied is not None else ""
        if relied is not None:
            self.relied[label] = relied.agreement
            stated = ((unit, count) for unit, count in sorted(use.quantities.items()) if unit != "frames")
            self.said.extend(Said(label, use.key, unit, count) for unit, count in stated)
        for span in instances(use.spans):
            self.lines.append(self._line(view, use, span, relied))

    def _line(self, view: CutView, use: Use, span: Span, relied: Considered | None) -> UsedLine:
        dense = self._chains.dense(use.version) if use.version else None
        step = self._chains.first_step(dense) if dense is not None else None
        return UsedLine(
            line=len(self.lines) + 1,
            cut=view.name,
            reel=next((name for name, reel in view.reels if span.first in reel), "1"),
            shot=clip_name(view.clips[span.clip]) if span.clip >= 0 else NOT_RECORDED,
            kind=use.kind.replace("_", " "),
            medium=span.medium,
            first=span.first,
            end=span.end,
            rate=use.rate,
            timecode_in=view.clock.label(span.first),
            timecode_out=view.clock.label(span.end),
            agreement=relied.agreement.label if relied is not None else "",
            covered=_given(relied),
            use=use.key,
            model=_models(self._chains, dense),
            edge_code=self._chains.ref(dense).edge_code if dense is not None else "",
            grade=step.grade if step is not None and step.kind is not None else "unaccounted",
            entry=str(step.ledger) if step is not None else "",
            why=_against(relied, span),
        )

    def _trained(self, view: CutView, use: Use, relied: Considered | None) -> str:
        label = relied.agreement.label if relied is not None else "no agreement on file"
        given = _given(relied)
        return f"A model of {view.name} was trained on it ({counted(use.frames, 'frame')}); {label}: {given}."


def _models(chains: Chains, dense: int | None) -> str:
    if dense is None:
        return NOT_RECORDED
    steps = chains.lineage(dense, None)
    names = dict.fromkeys(model.name for step in steps for model in step.models)
    return ", ".join(names) or ("none on record" if steps else NOT_RECORDED)


def _given(relied: Considered | None) -> Literal["yes", "no", "unknown"]:
    """Whether it gives the use **and** stands today: what was taken back since it was made, or is suspended, is in no amount."""
    if relied is None or covering(relied) == "no" or relied.state not in (None, "active"):
        return "no"
    is_open = relied.state is None or covering(relied) == "unknown" or relied.status.get("disputed")
    return "unknown" if is_open else "yes"


def _against(relied: Considered | None, span: Span) -> str:
    """Why a line is in no amount, or may not stand as it is."""
    if relied is None:
        return "no agreement is on file"
    found = [word.replace("_", " ") for word in (relied.state or "",) if word not in ("", "active")]
    if _given(relied) != "yes" and not found:
        label = relied.agreement.label
        found.append(
            f"{label} does not give it" if _given(relied) == "no" else f"nobody knows whether {label} gives it"
        )
    if relied.status.get("disputed"):
        found.append("disputed")
    if span.visibility != "certain":
        found.append("it may be covered or replaced")
    return ", ".join(found)


def _agreed_rates(agreement: Agreement) -> Iterable[Rate]:
    """The typed units of the newest wording on file."""
    terms = next((one.terms for one in reversed(agreement.versions) if one.terms is not None), None)
    for one in terms.terms.compensation if terms is not None else ():
        yield Rate(
            one.unit,
            one.amount,
            one.currency,
            agreement.label,
            one.numerator,
            one.denominator,
            clause=f"compensation of {agreement.label}{'; its floor is not computed' if one.floor else ''}",
            source=f"terms of {agreement.label} as recorded; no rounding of quantities is agreed there",
        )
