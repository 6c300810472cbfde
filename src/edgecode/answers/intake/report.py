"""What a scan or a stream of records brought, as the contract intake/1."""

from msgspec import Struct

from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.inspection.answer import InspectedProblem, inspected_problem
from edgecode.answers.intake.acknowledged import Acknowledged, Level
from edgecode.ingest.intake import Intake


class IntakeAnswer(Struct, frozen=True, tag_field="schema", tag="edgecode.intake/1"):
    """Counts of what was looked at and recorded; what each means is said of `ingest.intake.Intake`. *level* and *ledger*: how far it has
    come, see `answers.intake.acknowledged`."""

    assets: int
    frames: int
    unchanged: int
    new: int
    replaced: int
    places: int
    steps: int
    models: int
    diagnostics: tuple[InspectedProblem, ...]
    events: int
    level: Level
    ledger: LedgerPoint | None


def intake_answer(intake: Intake, reached: Acknowledged) -> IntakeAnswer:
    """The report as ``scan --json`` and ``record --json`` print it."""
    return IntakeAnswer(
        assets=intake.assets,
        frames=intake.frames,
        unchanged=intake.unchanged,
        new=intake.new,
        replaced=intake.replaced,
        places=intake.places,
        steps=intake.steps,
        models=intake.models,
        diagnostics=tuple(map(inspected_problem, intake.diagnostics)),
        events=intake.events,
        level=reached.level,
        ledger=reached.ledger,
    )
