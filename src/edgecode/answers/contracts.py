"""The JSON contracts of the command line, by their versioned names; their schemas are generated into `schemas/`."""

from msgspec import Struct

from edgecode.answers.coverage import Coverage
from edgecode.answers.inspection import CutInspection
from edgecode.answers.look.data import LookData
from edgecode.answers.matchback import Matchback
from edgecode.ingest.step_record import StepRecord

CONTRACTS: dict[str, type[Struct]] = {
    "coverage/1": Coverage,
    "inspect/1": CutInspection,
    "look/1": LookData,
    "matchback/1": Matchback,
    "step/1": StepRecord,
}
"""What programs may build on: these names and shapes last; a change that breaks a reader gets a new number."""
