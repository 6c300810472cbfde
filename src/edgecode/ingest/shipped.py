"""The readers of records of making and of tables that ship, in the order in which they are asked (those of cuts: `editorial.readers`)."""

from edgecode.ingest.doors import StepReader, TableReader

STEPS: tuple[StepReader, ...] = ()
TABLES: tuple[TableReader, ...] = ()
