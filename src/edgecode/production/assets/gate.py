"""The publish gate for what is in no cut: versions, or a step that is not recorded yet, judged as a cut of just them would be."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from edgecode.answers.assets import AssetGate, Unsaid, gate_answer
from edgecode.answers.cuts.shown_alone import last_part, name_of, shown_alone
from edgecode.answers.inspection.answer import InspectedProblem, inspected_problem
from edgecode.errors import InputError
from edgecode.events.codec import Leaf
from edgecode.events.kinds import Event, StepPerformed
from edgecode.events.registry import Recorded
from edgecode.index.accounts import accounts, joined_account
from edgecode.index.catalogue import VersionRow, outputs, steps, twins, version, version_rows
from edgecode.index.keys import key_of
from edgecode.index.memory import Memory
from edgecode.index.projector import project, watermark
from edgecode.index.rows import first_number
from edgecode.index.steps import refuse_cycle
from edgecode.index.store import IndexStore
from edgecode.ingest.known import KnownSoFar
from edgecode.ingest.lookup import Lookup, MediaLookup
from edgecode.ingest.records import RecordedStep, read_records
from edgecode.production.checking.cuts import check_shown
from edgecode.production.corridor import Production
from edgecode.production.held_back import WithoutErased, erased_files
from edgecode.production.lines import line_secret
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.identity import RecordId
from edgecode.terms.origins import NEEDS_INPUTS, letter_of
from edgecode.terms.rights import Gate

GATE: Gate = "publish"
SOURCE = "publish"
"""What a recorded publish says its line came from."""


def gate_of_versions(production: Production, rows: Sequence[VersionRow], *, unsaid: Unsaid) -> AssetGate:
    """What the publish gate says of versions together. *unsaid*: whether a version of which nobody says how it was made holds."""
    return _judged(production, rows, unsaid=unsaid)


def gate_of_step(production: Production, line: bytes, *, unsaid: Unsaid) -> AssetGate:
    """What the publish gate will say of what a line of step/1 makes, once it is recorded. Nothing is recorded.

    Files that the line names are read. While it is judged nobody else projects. Raises InputError as `record_lines` says it in its
    diagnostics: ``record.malformed``, ``record.no_outputs``, ``record.id_reused``, ``step.cycle`` ….
    """
    read, said = _read(production, line)
    for event in read.events:
        if isinstance(event, StepPerformed):
            refuse_cycle(production.index, event.fact)
    problems = tuple(map(inspected_problem, said))
    with as_if_recorded(production, read.events):
        rows = made_by(production.index, read.step)
        return _judged(production, rows, unsaid=unsaid, said=problems)


def gate_of_file(production: Production, path: str, *, unsaid: Unsaid) -> AssetGate:
    """What the publish gate says of the file or sequence at *path* as it is now, recorded or not. Nothing is recorded."""
    looked = _look(production, KnownSoFar(Memory(production.index)))(path, frames=None)
    problems = tuple(map(inspected_problem, looked.diagnostics))
    if looked.version is None:
        return gate_of_nothing(production, last_part(path), unsaid=unsaid, said=problems)
    with as_if_recorded(production, looked.events):
        row = version(production.index, looked.version)
        return _judged(production, [row] if row is not None else [], unsaid=unsaid, said=problems)


def gate_of_nothing(
    production: Production, name: str, *, unsaid: Unsaid, said: Sequence[InspectedProblem] = ()
) -> AssetGate:
    """What the publish gate says of something of which nothing but its name is known."""
    answer = check_shown(production, shown_alone(production.index, [], unknown=[name]), gate=GATE)
    return gate_answer(answer, unsaid=[_NOBODY_SAYS.format(name or "it")] if unsaid == "hold" else [], said=said)


def made_by(store: IndexStore, step: RecordId) -> list[VersionRow]:
    """The outputs of a step by its record id, in recorded order; none of a step that nobody recorded."""
    found = store.rows("step_id", key_of(step))
    return list(version_rows(store, outputs(store, first_number(found))).values()) if found else []


@contextmanager
def as_if_recorded(production: Production, events: Sequence[Event]) -> Iterator[None]:
    """Within it the index says what it would say if *events* were recorded; behind it, and for everybody else, they never were."""
    store = production.index
    with suppress(_NeverWas), store.transaction():
        size, root = watermark(store)
        made = [
            Recorded(
                size + number,
                Leaf(production.world.new_id(), production.world.milliseconds(), event.TYPE, "k:00000000", (), {}),
                event,
            )
            for number, event in enumerate(events)
        ]
        project(store, made, size=size + len(made), root=root)
        yield
        raise _NeverWas


class _NeverWas(Exception):
    """Ends a transaction without a trace."""


def _read(production: Production, line: bytes) -> tuple[RecordedStep, list[Diagnostic]]:
    known = KnownSoFar(Memory(production.index))
    look = _look(production, known)
    secret = line_secret(production.keys, production.settings.production)
    said: list[Diagnostic] = []
    for item in read_records([line], known=known, look=look, secret=secret, source=SOURCE):
        if isinstance(item, RecordedStep):
            return item, said
        said.append(item)
    raise refusal(said)


def _look(production: Production, known: KnownSoFar) -> Lookup:
    return WithoutErased(
        MediaLookup(production.media_roots(), cache=production.cache, known=known, new_id=production.world.new_id),
        erased_files(production.folder, production.keys, production.settings.production),
    )


def refusal(said: Sequence[Diagnostic]) -> InputError:
    """Why a line became no step, as an error."""
    lost = next((one for one in said if one.effect == "row-missing"), None)
    if lost is None:
        return InputError("record.malformed", "the line says no step", "See docs/reference/step-record.md")
    return InputError(lost.code, lost.text, "See docs/reference/step-record.md")


def _judged(
    production: Production, rows: Sequence[VersionRow], *, unsaid: Unsaid, said: Sequence[InspectedProblem] = ()
) -> AssetGate:
    store = production.index
    answer = check_shown(production, shown_alone(store, rows), gate=GATE)
    open_ = [why for row in rows if (why := _unsaid(store, row))] if unsaid == "hold" else []
    if any(one.code == "record.content_changed" for one in said):
        # What stands at a path is not what the line says of it, so nobody knows what goes in; that holds, whatever may be said later.
        open_.append("a file that the line names is not what the line says of it")
    return gate_answer(answer, unsaid=open_, said=said)


_NOBODY_SAYS = "nobody says how {} was made and from what"
_NOT_ON_RECORD = "{} was made from something that is not on record"


def _unsaid(store: IndexStore, row: VersionRow) -> str:
    """What nobody says of how a version was made, as a sentence; "" where it is said, or where all of it is accounted for."""
    if letter_of(joined_account(accounts(store, [row.id]).get(row.id, ()))) != "U":
        return ""
    makers = [one.step for one in (row, *twins(store, row)) if one.step is not None]
    acts = list(steps(store, makers).values())
    followed = {used.version for step in acts for used in step.inputs if used.role.carries_origin}
    if not any(step.kind not in NEEDS_INPUTS for step in acts) and not followed:
        return _NOBODY_SAYS.format(name_of(row))
    unknown = [one for one in version_rows(store, followed).values() if not _is_known(store, one)]
    return _NOT_ON_RECORD.format(name_of(row)) if unknown else ""


def _is_known(store: IndexStore, row: VersionRow) -> bool:
    """Whether anybody read it, or says how it was made."""
    return any(one.standing != "referred" or one.step is not None for one in (row, *twins(store, row)))
