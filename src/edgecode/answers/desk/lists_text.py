"""The lists of the desk as lines for people."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from edgecode.answers.desk.lists import (
    ERASED,
    AgreementAnswer,
    AgreementLine,
    AgreementsAnswer,
    DeskAnswer,
    DocumentsAnswer,
    ProfileAnswer,
)
from edgecode.answers.layout.columns import counted, printable
from edgecode.answers.paper_notes.releases import note_text
from edgecode.checks.withdrawals import BUCKET_WORDS, Mode, effect_by, step_of
from edgecode.terms.rights import Revocation

_MODES: Mapping[Mode, str] = {
    None: "it does not say, so legal decides",
    "none": "it gives no way back, so legal decides",
    "prospective": "it ends for what is not made yet",
    "prospective_with_notice": "it ends for what is not made yet, after notice",
    "withdraw_unreleased": "it ends for everything that is not released",
    "full_withdrawal": "it ends for everything, released copies too",
}


def agreements_text(answer: AgreementsAnswer) -> Iterator[str]:
    """A line for each agreement, and its terms where they are revealed."""
    for one in answer.agreements:
        yield _head(one)
        yield from _terms(one.terms)
    if not answer.agreements:
        yield f"No {answer.kind} is recorded."


def agreement_text(answer: AgreementAnswer) -> Iterator[str]:
    """An agreement with its versions, what happened to it, and what its keeper said."""
    yield f"{_head(answer.agreement)}   on {answer.on}"
    for number, version in enumerate(answer.versions, 1):
        covers = f"   for {', '.join(version.covers)}" if version.covers else ""
        yield f"  version {number}: {version.state}   written down {version.recorded}   {version.agreement}{covers}"
        for document in version.documents:
            yield f"    document {document}"
        yield from _terms(version.terms)
    for move in answer.moves:
        words = [move.move, f"from {move.effective}", f"recorded {move.recorded}"]
        words += [f"because of {move.why}"] if move.why else []
        words += [f"of {', '.join(move.acts)}"] if move.acts else []
        words += [f"condition: {printable(move.condition)}"] if move.condition else []
        yield f"  {'   '.join(words)}"
    for standing in answer.standings:
        said = ", ".join(f"{name} {'yes' if value else 'no'}" for name, value in sorted(standing.values.items()))
        moment = datetime.fromtimestamp(standing.as_of / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield f"  as of {moment}: {said or 'erased'}   {standing.standing}"
    for release in answer.releases:
        yield f"  {note_text(release)}   {release.release}"


def what_follows(revocation: Revocation, *, on: str = "", reveal: bool = False) -> Iterator[str]:
    """What taking an agreement back does by its own clause, for each state that a use can be in (consent.md 4.4).

    *on*: from which day it counts, so that the last day of a notice can be said. *reveal*: the clause in its own
    words too. It says what was agreed and what the desk does then, never what a law asks for.
    """
    yield f"by its clause: {_MODES[revocation.mode]}"
    if revocation.notice_days:
        last = (date.fromisoformat(on) + timedelta(days=revocation.notice_days)).isoformat() if on else ""
        yield f"notice: {revocation.notice_days} days{f', until {last}' if last else ''}"
    for bucket, words in BUCKET_WORDS.items():
        yield f"{words}: {step_of(bucket, effect_by(revocation, bucket))}"
    if revocation.models_by:
        yield f"weights are deleted by {revocation.models_by}"
    if revocation.source_scans:
        yield f"source scans: {'they stay' if revocation.source_scans == 'keep' else 'they are deleted'}"
    if reveal and revocation.clause:
        yield f"the clause: {printable(revocation.clause)}"


def desk_text(answer: DeskAnswer) -> Iterator[str]:
    """A line for each record of the desk."""
    for one in answer.records:
        about = [*one.about, *(f"use {key}" for key in one.uses), *([one.person] if one.person else [])]
        days = " ".join(word for word in (one.at, f"until {one.until}" if one.until else "") if word)
        said = f": {printable(one.answer)}" if one.answer else ""
        by = f"   by {one.by}" if one.by else ""
        of = f"   {', '.join(about)}" if about else ""
        due = f"   due {one.due}" if one.due else ""
        yield f"{one.what:<13} {printable(one.word)}{said}   {days}{due}{by}{of}   {one.record}"
        for name, value in (one.values or {}).items():
            yield f"    {printable(name)}: {printable(value)}"
    for cut in answer.cuts:
        yield f"{'cut':<13} {printable(cut.name)}: {', '.join(cut.states)}   {cut.cut}"
    if not answer.records and not answer.cuts:
        yield "The desk holds no record yet."


def profile_text(answer: ProfileAnswer) -> Iterator[str]:
    """What is set, then what is not with the packs that ask for it."""
    for fact in answer.facts:
        if fact.value is not None:
            yield f"{fact.name}={printable(str(fact.value))}"
    for fact in answer.facts:
        if fact.value is None:
            asked = f"   asked by {', '.join(fact.asked_by)}" if fact.asked_by else ""
            yield f"unset: {fact.name}   {fact.meaning}{asked}"


def documents_text(answer: DocumentsAnswer) -> Iterator[str]:
    """A line for each document."""
    for one in answer.documents:
        name = f"   {printable(one.name)}" if one.name else ""
        yield f"{one.state:<8} {one.document}   {one.kind}{name}"
    if not answer.documents:
        yield "No document is kept."


def _head(one: AgreementLine) -> str:
    since = f" since {one.since}" if one.since else ""
    # Who gave it is gone and what was agreed with them: what is left says only where it stood.
    stood = "it stood as " if one.person == ERASED else ""
    unmet = f"   {counted(one.unmet, 'condition')} not met" if one.unmet else ""
    unmet += f"   signatures missing: {', '.join(one.signatures_missing)}" if one.signatures_missing else ""
    unmet += f"   taken back: {' '.join(one.acts_revoked)}" if one.acts_revoked else ""
    marks = "".join(
        mark for mark, is_so in (("   disputed", one.disputed), ("   kept elsewhere", one.kept == "elsewhere")) if is_so
    )
    return f"{one.label:<6} {one.person or '-':<6} {stood}{one.state}{since}{unmet}{marks}   {one.agreement}"


def _terms(terms: dict[str, str] | None) -> Iterator[str]:
    for name, value in (terms or {}).items():
        yield f"    {printable(name)}: {printable(value)}"
