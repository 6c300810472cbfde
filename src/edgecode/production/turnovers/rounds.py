"""Turnovers: asking houses outside to account for frames, and taking in what they answer.

A return becomes steps of the kind `vendor`, always declared, that cover exactly the frames which were asked and answered; everything
else stays as it was. (docs/reference/turnovers.md)
"""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edgecode.answers.cuts.view import CutView
from edgecode.answers.look.gathered import picture_file, wanted_pictures
from edgecode.answers.look.thumbnails import thumbnail
from edgecode.answers.turnover.form_sheet import form_sheet
from edgecode.answers.turnover.request import Asked, TurnoverRequest, asked_rows, chosen_clips, shown_whole
from edgecode.answers.turnover.shown import (
    TurnoverAnswer,
    TurnoverCounts,
    by_what,
    counts_of,
    left_open,
    lines_of,
    returns_of,
    standing,
    turnovers,
)
from edgecode.checks.register import Register
from edgecode.errors import InputError, NotFoundError, RefusedError, UnavailableError
from edgecode.events.door_kinds import (
    AskedFrames,
    TurnoverFact,
    TurnoverNames,
    TurnoverReturn,
    TurnoverReturned,
    TurnoverSent,
)
from edgecode.events.kinds import TextSection
from edgecode.events.rights_kinds import DocumentBytes
from edgecode.index.catalogue import resolve_edge_code, version, version_rows, versions_of_content
from edgecode.index.keys import key_of
from edgecode.index.store import IndexStore
from edgecode.index.withdrawn import is_withdrawn
from edgecode.ingest.intake import Intake
from edgecode.ingest.records import step_id
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedFile,
    RecordedFrames,
    RecordedInput,
    RecordedModel,
    RecordedReturn,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.ingest.turnover_form import FormRow, ReturnForm, ai_use, frames_of, letters_of, read_form
from edgecode.ingest.turnover_form import lines_of as lines_in
from edgecode.ledger.packs import verify_pack
from edgecode.ledger.policy import Policy
from edgecode.ledger.zips import read_zip
from edgecode.production.corridor import Production
from edgecode.production.lines import line_secret
from edgecode.production.turnovers.house_packs import Told, told_by_pack
from edgecode.production.turnovers.slices import request_bytes, slice_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse, Reason
from edgecode.terms.frame_spans import FrameSpans, count, lacking, shared, spans
from edgecode.terms.identity import RecordId, is_record_id, read_edge_code
from edgecode.terms.steps import InputRole, StepKind

SOURCE = "record"


class Choice(Struct, frozen=True):
    """Which clips of a cut are asked about: *shots* by the beginning of their names, *reels*, *clips* by number in the cut list."""

    shots: tuple[str, ...] = ()
    reels: tuple[str, ...] = ()
    clips: tuple[int, ...] = ()


class Sent(Struct, frozen=True):
    """A turnover that was just recorded, and the file to hand over. *said*: what is not in it."""

    turnover: RecordId
    number: str
    frames: int
    rows: int
    data: bytes
    said: tuple[Diagnostic, ...] = ()


class Returned(Struct, frozen=True):
    """What came of a return. *answered*: asked frames that it accounts for and nothing leaves open; *intake*: what was recorded."""

    turnover: RecordId
    number: str
    form: str
    answered: int
    counts: TurnoverCounts
    intake: Intake


def send(
    production: Production,
    cut: str,
    choice: Choice,
    *,
    vendor: str = "",
    due: str = "",
    number: str = "",
    pictures: bool = False,
) -> Sent:
    """Record that frames of a cut are asked of somebody, and make what they are handed. *vendor*: the alias of a member. *due*: a day.

    Raises what `chosen_clips` raises, NotFoundError ``member.unknown``, InputError ``turnover.due`` and ``turnover.number_taken``.
    """
    view = production.view(cut)
    asked = asked_rows(
        production.index, view, chosen_clips(view, shots=choice.shots, reels=choice.reels, clips=choice.clips)
    )
    member = Register.read(production.index, origin=production.log.origin).member_called(vendor).id if vendor else ""
    known = [
        one.event.place.number
        for one in turnovers(production.index)
        if isinstance(one.event, TurnoverSent) and one.event.place
    ]
    number = number or next(name for n in range(1, len(known) + 2) if (name := f"T-{n:02d}") not in known)
    if number in known:
        raise InputError("turnover.number_taken", "a turnover of this number was sent before", "Give another --number")
    request = TurnoverRequest(
        production.world.new_id(),
        number,
        production.title(),
        production.log.origin,
        view.name,
        str(view.clock.rate),
        _day(due),
        tuple(one.row for one in asked),
    )
    body = request_bytes(request)
    fact = TurnoverFact(request.turnover, tuple(one.frames for one in asked), view.cut, member, request.due)
    names = TurnoverNames(number, shots=tuple(one.row.shot for one in asked))
    event = TurnoverSent(fact, names, bytes=DocumentBytes(sha256(body).hexdigest(), len(body)))
    (index,) = production.append([event])
    said: list[Diagnostic] = []
    sheet = _sheet(request, said)
    shown = _pictures(production, view, asked) if pictures else {}
    data = slice_of(production, request, index=index, sheet=sheet, pictures=shown)
    frames = sum(count(one) for one in by_what(fact.asks).values())
    return Sent(request.turnover, number, frames, len(asked), data, tuple(said))


def turnover_called(production: Production, written: str) -> TurnoverSent:
    """The turnover of a number or record id; for "" the only one there is. Raises NotFoundError ``turnover.unknown``."""
    sent = [one.event for one in turnovers(production.index) if isinstance(one.event, TurnoverSent)]
    fitting = [
        one for one in sent if not written or written in (one.fact.turnover, one.place.number if one.place else "")
    ]
    if len(fitting) != 1:
        raise NotFoundError(
            "turnover.unknown",
            "no turnover here has this number or id" if written else f"{len(sent)} turnovers were sent",
            "List them: edgecode turnover list; name one with --turnover",
        )
    return fitting[0]


def listed(production: Production) -> list[TurnoverCounts]:
    """Every turnover in figures, oldest first."""
    return [
        counts_of(production.index, one.event)
        for one in turnovers(production.index)
        if isinstance(one.event, TurnoverSent)
    ]


def shown(production: Production, written: str) -> TurnoverAnswer:
    """One turnover, row by row. Raises NotFoundError ``turnover.unknown``."""
    sent = turnover_called(production, written)
    return TurnoverAnswer(counts_of(production.index, sent), tuple(lines_of(production.index, sent)))


def take_return(
    production: Production, data: bytes, *, name: str, turnover: str = "", policy: Policy | None = None
) -> Returned:
    """Take in a return: a pack of the house's own record, or a form. A file that was taken before is taken once.

    *policy*: whose keys count for a pack. Raises what `read_form` raises, NotFoundError ``turnover.unknown``, RefusedError
    ``turnover.pack_refused`` for a pack that does not verify.
    """
    is_pack = data[:4] == b"PK\x03\x04" and "pack.json" in read_zip(data).members
    return _take_pack(production, data, turnover, policy) if is_pack else _take_form(production, data, name)


class _Target(Struct, frozen=True):
    """The version that an answer is about, and which of its frames."""

    version: RecordId
    frames: FrameSpans


class _Answer(Struct, frozen=True):
    """Frames of one asked version or clip, answered in one way: what is recorded of them."""

    asked: AskedFrames
    frames: FrameSpans
    step: StepRecord | None


def _take_form(production: Production, data: bytes, name: str) -> Returned:
    form, said = read_form(data, name=name)
    sent = turnover_called(production, form.turnover)
    asks, view = sent.fact.asks, _view(production, sent)
    answers: list[_Answer] = []
    mark = sha256(data).hexdigest()[:24]
    for at, row in enumerate(form.rows, 1):
        if not row.is_answer:
            continue
        if not 0 < row.row <= len(asks):
            said.append(_lost(at, "answers a number that was not asked"))
            continue
        asked = asks[row.row - 1]
        whole = spans([(asked.first, asked.end)])
        frames = frames_of(row, whole)
        inside = shared(whole, frames)
        beyond = lacking(frames, inside)
        if beyond:
            text = f"answers {count(beyond)} frames that were not asked; they are left as they were"
            said.append(Diagnostic("turnover.not_asked", f"row {at} of the form {text}", at, effect="approximate"))
        if not inside:
            continue
        target = _target(view, asked, inside, production.index)
        if target is None or not target.frames:
            text = f"row {at} of the form is about a clip of which no file is known; it closes nothing until one is"
            said.append(Diagnostic("turnover.no_file", text, at, effect="approximate"))
            answers.append(_Answer(asked, inside, None))
            continue
        step = _step_of_row(production, sent, form, row, target, f"{mark}/{at}")
        answers.append(_Answer(asked, inside, step))
    words = [
        (word, text)
        for word, text in (
            ("signed by", form.signatory.name),
            ("role", form.signatory.role),
            ("date", form.signatory.date),
        )
        if text
    ]
    fact = TurnoverReturn("", sent.fact.turnover, "form")
    return _record(production, sent, fact, answers, data, said, TextSection(tuple(words)) if words else None)


def _take_pack(production: Production, data: bytes, turnover: str, policy: Policy | None) -> Returned:
    sent = turnover_called(production, turnover)
    report = verify_pack(data, policy)
    if report.findings or report.kind != "cut" or report.checkpoint is None:
        why = str(report.findings[0]) if report.findings else "it is not about a cut"
        raise RefusedError(
            "turnover.pack_refused",
            f"the pack cannot be relied on: {why}",
            "Run edgecode-verify on it, and ask the house for another",
        )
    asked = by_what([one for one in sent.fact.asks if one.version])
    said: list[Diagnostic] = []
    answers: list[_Answer] = []
    mark = sha256(data).hexdigest()[:24]
    for at, told in enumerate(told_by_pack(read_zip(data).members, production.index, asked), 1):
        step = _step_of_told(production, sent, told, f"{mark}/{at}")
        for first, end in told.frames:
            answers.append(_Answer(AskedFrames(first, end, told.version), ((first, end),), step))
    clips = sum(1 for one in sent.fact.asks if one.clip)
    if clips:
        text = f"{clips} asked clips have no known file, and a pack speaks of files only"
        said.append(Diagnostic("turnover.no_file", text, effect="approximate"))
    head = report.checkpoint
    fact = TurnoverReturn("", sent.fact.turnover, "log", origin=head.origin, size=head.size)
    return _record(production, sent, fact, answers, data, said, None)


def _record(
    production: Production,
    sent: TurnoverSent,
    fact: TurnoverReturn,
    answers: Sequence[_Answer],
    data: bytes,
    said: list[Diagnostic],
    words: TextSection | None,
) -> Returned:
    steps = {one.step.id: one.step for one in answers if one.step is not None}
    intake = production.record_lines(map(msgspec.json.encode, steps.values()), source=SOURCE)
    secret = line_secret(production.keys, production.settings.production)
    ids = {key: step_id(step, b"", secret) for key, step in steps.items()}
    stands = {
        key
        for key, one in ids.items()
        if production.index.rows("step_id", key_of(one)) and not is_withdrawn(production.index, one)
    }
    # Frames of a step that was refused, or taken back before, are not answered.
    taken = [one for one in answers if one.step is None or one.step.id in stands]
    fact = replace(
        fact,
        returned=production.world.new_id(),
        answered=tuple(
            AskedFrames(first, end, one.asked.version, one.asked.clip) for one in taken for first, end in one.frames
        ),
        steps=tuple(ids[key] for key in steps if key in stands),
    )
    body = DocumentBytes(sha256(data).hexdigest(), len(data))
    before = [
        one
        for one in returns_of(production.index, fact.turnover)
        if one.bytes is not None and one.bytes.sha256 == body.sha256
    ]
    if not any((one.fact.answered, one.fact.steps) == (fact.answered, fact.steps) for one in before):
        production.append([TurnoverReturned(fact, body, words)])
    stand = standing(production.index, sent)
    answers_now = by_what(fact.answered)
    answered = sum(count(shared(one, stand.get(what, ()))) for what, one in answers_now.items())
    said += _still_open(production.index, {one.version for one in fact.answered if one.version}, answers_now)
    whole = replace(intake, diagnostics=(*said, *intake.diagnostics))
    counts = counts_of(production.index, sent)
    return Returned(fact.turnover, counts.number, fact.form, answered, counts, whole)


def _still_open(store: IndexStore, versions: Set[RecordId], answered: Mapping[str, FrameSpans]) -> list[Diagnostic]:
    """What is answered and unaccounted for all the same."""
    found = [left_open(store, key, answered[key]) for key in sorted(versions)]
    frames = sum(count(one) for one, _ in found)
    if not frames:
        return []
    reasons = sorted(set().union(*(reasons for _, reasons in found)))
    text = f"{frames} frames that the return answers stay unaccounted for: {', '.join(reasons)}"
    is_contradicted = Reason.AMBIGUOUS.value in reasons
    return [Diagnostic("turnover.still_open", text, effect="row-missing" if is_contradicted else "approximate")]


def _step_of_row(
    production: Production, sent: TurnoverSent, form: ReturnForm, row: FormRow, target: _Target, mark: str
) -> StepRecord:
    tools, models, inputs = lines_in(row.tools), lines_in(row.models), lines_in(row.inputs)
    signatory = row.signatory or form.signatory.name
    words = {
        "tools": "\n".join(tools[1:]),
        "inputs": row.inputs,
        "people": row.people,
        "terms": row.terms,
        "notes": row.notes,
        "signed by": signatory,
    }
    return _step(
        sent,
        target.version,
        target.frames,
        letters_of(row),
        ai_use(row),
        id=f"turnover/{sent.fact.turnover}/{mark}",
        tool=RecordedTool(tools[0][:4096]) if tools else None,
        models=tuple(RecordedModel(one[:4096]) for one in models),
        inputs=tuple(
            _used(production, key, target.frames) for key in _known(production, inputs) if key != target.version
        ),
        texts=tuple(RecordedText(text, name) for name, text in words.items() if text.strip()),
    )


def _step_of_told(production: Production, sent: TurnoverSent, told: Told, mark: str) -> StepRecord:
    return _step(
        sent,
        told.version,
        told.frames,
        told.origins,
        told.ai,
        id=f"turnover/{sent.fact.turnover}/{mark}",
        inputs=tuple(_used(production, key, told.frames) for key in told.inputs if key != told.version),
    )


def _step(
    sent: TurnoverSent, target: RecordId, frames: FrameSpans, origins: str, ai: AiUse | None, **more: object
) -> StepRecord:
    number = sent.place.number if sent.place is not None else ""
    return StepRecord(
        SCHEMA,
        StepKind.VENDOR,
        (RecordedFile(version=target),),
        ai=ai,
        vendor=RecordedReturn(number, frames, origins),
        **more,  # type: ignore[arg-type]
    )


def _used(production: Production, key: RecordId, frames: FrameSpans) -> RecordedInput:
    """A known version that frames were made from: any of its frames may be behind any of them."""
    row = version(production.index, key)
    if row is None or row.first is None or row.end is None:
        return RecordedInput(version=key)
    there = lacking(((row.first, row.end),), spans(row.holes))
    maps = [RecordedFrames(a, b, "any", low, high - 1) for a, b in frames for low, high in there]
    return RecordedInput(version=key, role=InputRole.PICTURE, frames=tuple(maps))


def _known(production: Production, written: Sequence[str]) -> list[RecordId]:
    """The versions that inputs name beyond doubt: by record id, SHA-256, sequence root or edge code."""
    found: dict[RecordId, None] = {}
    for one in written:
        text = one.strip()
        rows = []
        if is_record_id(text) and (row := version(production.index, text)) is not None:
            rows = [row]
        elif len(text) == 64 and all(c in "0123456789abcdef" for c in text.lower()):
            rows = versions_of_content(production.index, text.lower())
        else:
            try:
                rows = resolve_edge_code(production.index, read_edge_code(text))
            except InputError:
                continue
        if rows and len({row.content for row in rows}) == 1:
            found[rows[0].key] = None
    return list(found)


def _target(view: CutView | None, asked: AskedFrames, inside: FrameSpans, store: IndexStore) -> "_Target | None":
    """The version and its frames that answered frames are, as the cut is matched now; None while no file is known."""
    if asked.version:
        return _Target(asked.version, inside)
    if view is None or asked.clip not in view.keys:
        return None
    number = view.keys.index(asked.clip)
    match = view.match_of.get(number)
    rows = version_rows(store, [match.version] if match is not None and match.version is not None else [])
    for row in rows.values():
        return _Target(row.key, shown_whole(view, number, row, inside))
    return None


def _view(production: Production, sent: TurnoverSent) -> CutView | None:
    return production.view(sent.fact.cut) if any(one.clip for one in sent.fact.asks) else None


def _sheet(request: TurnoverRequest, said: list[Diagnostic]) -> bytes | None:
    try:
        return form_sheet(request)
    except UnavailableError as error:
        said.append(Diagnostic(error.code, f"the spreadsheet was left out: {error.sentence}"))
        return None


def _pictures(production: Production, view: CutView, asked: Sequence[Asked]) -> Mapping[int, bytes]:
    roots = {root.id: root.path for root in production.media_roots()}
    wanted = {one.key: one for one in wanted_pictures(production.index, view)}
    found: dict[int, bytes] = {}
    for one in asked:
        picture = wanted.get(one.frames.version)
        path = picture_file(picture, roots) if picture is not None else None
        data = thumbnail(path) if path is not None else None
        if data is not None:
            found[one.row.row] = data
    return found


def _lost(at: int, why: str) -> Diagnostic:
    return Diagnostic("turnover.row_unclear", f"row {at} of the form {why}", at, effect="row-missing")


def _day(written: str) -> str:
    if not written:
        return ""
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise InputError("turnover.due", "the day is no date", "Write it as 2027-03-01") from error
