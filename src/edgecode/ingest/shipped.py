"""The readers of records of making and of tables that ship, in the order in which they are asked (those of cuts: `editorial.readers`)."""

from edgecode.ingest.comfyui_spool import ComfyUiSpool
from edgecode.ingest.declared_generations import DeclaredGenerations
from edgecode.ingest.doors import StepReader, TableReader
from edgecode.ingest.nuke import NukeScript
from edgecode.ingest.tables.readers import AleReader, AvidBinReader, DelimitedReader
from edgecode.ingest.usd import UsdLayers

STEPS: tuple[StepReader, ...] = (
    ComfyUiSpool(),
    DeclaredGenerations(),
    NukeScript(),
    UsdLayers(),
)
TABLES: tuple[TableReader, ...] = (AleReader(), AvidBinReader(), DelimitedReader())
