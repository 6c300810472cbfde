"""The JSON contracts of the command line, by their versioned names; their schemas are generated into `schemas/`."""

from types import UnionType

from msgspec import Struct

from edgecode.answers.agreements.consent_changes import ConsentChanges
from edgecode.answers.agreements.impact import Impact
from edgecode.answers.ask.answer import Ask
from edgecode.answers.assets import AssetAnswer, AssetRequest
from edgecode.answers.check.answer import Check
from edgecode.answers.conform_sheet import ConformAnswer
from edgecode.answers.coverage.answer import Coverage
from edgecode.answers.cuts.listing import CutsAnswer
from edgecode.answers.desk.lists import (
    AgreementAnswer,
    AgreementsAnswer,
    DeskAnswer,
    DocumentsAnswer,
    ProfileAnswer,
)
from edgecode.answers.desk.persons import HoldsAnswer, PersonsAnswer
from edgecode.answers.desk.record import DeskRecordAnswer
from edgecode.answers.direction import Direction
from edgecode.answers.exports.made import ParquetExport
from edgecode.answers.inspection.answer import CutInspection
from edgecode.answers.inspection.media import MediaInspection, SequenceInspection
from edgecode.answers.inspection.readers import ReadersAnswer
from edgecode.answers.inspection.usd import UsdInspection
from edgecode.answers.intake.acknowledged import InboxAnswer, SequencedAnswer
from edgecode.answers.intake.copies import CopiesAnswer
from edgecode.answers.intake.line_answers import LineAnswer, SpoolAnswer
from edgecode.answers.intake.report import IntakeAnswer
from edgecode.answers.layout.sheets import SheetAnswer
from edgecode.answers.look.data import LookData
from edgecode.answers.matchback.answer import Matchback
from edgecode.answers.packs.disclosure import Disclosure, OwnRecord
from edgecode.answers.packs.erasure import ErasureCertificate
from edgecode.answers.packs.evidence import PackAnswer
from edgecode.answers.packs.made import PackMadeAnswer
from edgecode.answers.questions import QuestionsAnswer
from edgecode.answers.record.code_book import BookEntry, LogAnswer
from edgecode.answers.record.differences import AuditAnswer, Difference
from edgecode.answers.record.key_book import KeysAnswer
from edgecode.answers.record.stores import StoreCopyAnswer, StoresAnswer
from edgecode.answers.record.verdict import ProblemsAnswer, VerdictAnswer
from edgecode.answers.record.verification import VerificationAnswer
from edgecode.answers.record.witnesses import WitnessStatus, WitnessSubmit
from edgecode.answers.report.paper import Paper
from edgecode.answers.rule_packs import PacksAnswer
from edgecode.answers.scenario_report import ScenariosAnswer
from edgecode.answers.statement.working import Working
from edgecode.answers.takes import TakesAnswer
from edgecode.answers.turnover.request import TurnoverRequest
from edgecode.answers.turnover.shown import TurnoverAnswer, TurnoversAnswer
from edgecode.ingest.chunks import Chunk, PartLine
from edgecode.ingest.step_record import StepRecord
from edgecode.ingest.turnover_form import ReturnForm

CONTRACTS: dict[str, type[Struct] | UnionType] = {
    "agreement/1": AgreementAnswer,
    "agreements/1": AgreementsAnswer,
    "check/1": Check,
    "chunk/1": Chunk,
    "chunk-part/1": PartLine,
    "ask/1": Ask,
    "conform/1": ConformAnswer,
    "assets/1": AssetAnswer,
    "assets-request/1": AssetRequest,
    "audit/1": AuditAnswer,
    "consent-changes/1": ConsentChanges,
    "copies/1": CopiesAnswer,
    "coverage/1": Coverage,
    "cuts/1": CutsAnswer,
    "desk/1": DeskAnswer,
    "desk-record/1": DeskRecordAnswer,
    "direction/1": Direction,
    "disclosure/1": Disclosure,
    "documents/1": DocumentsAnswer,
    "difference/1": Difference,
    "entry/1": BookEntry,
    "erasure/1": ErasureCertificate,
    "export/1": ParquetExport,
    "holds/1": HoldsAnswer,
    "impact/1": Impact,
    "inbox/1": InboxAnswer,
    "inspect/1": CutInspection | MediaInspection | SequenceInspection | UsdInspection,
    "intake/1": IntakeAnswer,
    "keys/1": KeysAnswer,
    "line-answer/1": LineAnswer,
    "log/1": LogAnswer,
    "look/1": LookData,
    "matchback/1": Matchback,
    "own-record/1": OwnRecord,
    "pack-answer/1": PackAnswer,
    "pack-made/1": PackMadeAnswer,
    "packs/1": PacksAnswer,
    "paper/1": Paper,
    "statement/1": Working,
    "persons/1": PersonsAnswer,
    "problems/1": ProblemsAnswer,
    "profile/1": ProfileAnswer,
    "questions/1": QuestionsAnswer,
    "sequenced/1": SequencedAnswer,
    "readers/1": ReadersAnswer,
    "scenarios/1": ScenariosAnswer,
    "sheet/1": SheetAnswer,
    "spool/1": SpoolAnswer,
    "step/1": StepRecord,
    "store-copy/1": StoreCopyAnswer,
    "stores/1": StoresAnswer,
    "takes/1": TakesAnswer,
    "turnover/1": TurnoverAnswer,
    "turnover-request/1": TurnoverRequest,
    "turnover-return/1": ReturnForm,
    "turnovers/1": TurnoversAnswer,
    "verdict/1": VerdictAnswer,
    "witness-status/1": WitnessStatus,
    "witness-submit/1": WitnessSubmit,
    "verification/1": VerificationAnswer,
}
"""What programs may build on: these names and shapes last; a change that breaks a reader gets a new number."""
