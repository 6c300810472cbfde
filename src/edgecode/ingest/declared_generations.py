"""Reads the form for generations that nobody could record: a CSV with a row for each file that a service or tool made. Somebody's word."""

import csv
import io
from collections.abc import Iterator
from hashlib import sha256

from edgecode.errors import InputError
from edgecode.ingest.editorial.texts import decoded
from edgecode.ingest.step_record import (
    SCHEMA,
    RecordedFile,
    RecordedInput,
    RecordedModel,
    RecordedText,
    RecordedTool,
    StepRecord,
)
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.evidence import AiUse
from edgecode.terms.identity import is_sha256
from edgecode.terms.steps import StepKind

COLUMNS = (
    "file", "sha256", "service", "service_version", "model", "model_version", "job", "seed", "prompt", "inputs", "made", "terms", "note",
)  # fmt: skip
"""In the form's order. *file* (or *sha256*) and *service* are needed; *inputs* are paths with semicolons between; *made*: RFC 3339."""
ROWS_AT_MOST = 100_000


def blank_form() -> str:
    """The form without a row."""
    return ",".join(COLUMNS) + "\r\n"


class DeclaredGenerations:
    """A step reader (`doors.StepReader`). A row changed later is another declaration: take the first one back."""

    name = "declared-generations"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """By its columns: both ``file`` and ``service``, and none that the form does not have."""
        columns = _columns(decoded(head)[0].partition("\n")[0])
        return {"file", "service"} <= set(columns) and set(columns) <= set(COLUMNS)

    def read(self, data: bytes, *, name: str) -> Iterator[StepRecord | Diagnostic]:
        """A declared step for each row. Raises InputError ``declared.columns`` for another table, ``declared.too_long``."""
        text = decoded(data)[0]
        rows = csv.reader(io.StringIO(text, newline=""))
        columns = [each.strip().lower() for each in next(rows, [])]
        if not {"file", "service"} <= set(columns) or set(columns) - set(COLUMNS):
            raise InputError(
                "declared.columns",
                f"{name} does not have the columns of the form for declared generations",
                f"Begin with this line: {','.join(COLUMNS)}",
            )
        if len(set(columns)) != len(columns):
            raise InputError(
                "declared.columns",
                f"{name} has a column twice, and which of the two holds is not said",
                "Leave each column in once",
            )
        try:
            for count, row in enumerate(rows):
                if count >= ROWS_AT_MOST:
                    raise InputError("declared.too_long", f"{name} has more than {ROWS_AT_MOST} rows", "Split it")
                if any(cell.strip() for cell in row[len(columns) :]):
                    text = "the row has more cells than the form has columns (a comma in a text stands in quotes)"
                    yield Diagnostic("declared.unclear", text, line=rows.line_num, effect="row-missing")
                elif any(cell.strip() for cell in row):
                    yield _step(dict(zip(columns, (cell.strip() for cell in row), strict=False)), line=rows.line_num)
        except csv.Error as error:
            raise InputError(
                "declared.columns", f"{name} is no CSV that can be read", "Save it as CSV again"
            ) from error


def _columns(first: str) -> list[str]:
    return [each.strip().strip('"').lower() for each in first.strip("\ufeff\r\n").split(",")]


def _step(row: dict[str, str], *, line: int) -> StepRecord | Diagnostic:
    digest = row.get("sha256", "").lower()
    if not (row.get("file") or digest) or not row.get("service"):
        text = "the row names no file, or not what made it"
        return Diagnostic("declared.incomplete", text, line=line, effect="row-missing")
    if digest and not is_sha256(digest):
        return Diagnostic("declared.incomplete", "the row's sha256 is none", line=line, effect="row-missing")
    model, version = row.get("model", ""), row.get("model_version", "")
    settings = {
        "service": row["service"],
        "model_version_said": version or "not said",
        "job": row.get("job") or "not said",
        "terms": row.get("terms") or "not said",
    }
    texts = [RecordedText(row[name], name) for name in ("prompt", "note") if row.get(name)]
    inputs = [each.strip() for each in row.get("inputs", "").split(";") if each.strip()]
    own = "\n".join(f"{name}={row.get(name, '')}" for name in COLUMNS)
    return StepRecord(
        schema=SCHEMA,
        kind=StepKind.GENERATIVE_EDIT if inputs else StepKind.GENERATE,
        outputs=(RecordedFile(path=row.get("file", ""), sha256=digest or None),),
        id=f"declared:{sha256(own.encode('utf-8', 'surrogatepass')).hexdigest()}",
        tool=RecordedTool(row["service"], row.get("service_version", "")),
        ai=AiUse.GENERATIVE,
        ended=row.get("made") or 0,
        inputs=tuple(RecordedInput(path=each) for each in inputs),
        models=(RecordedModel(model or f"{row['service']}: model not said"),),
        seeds=(row["seed"],) if row.get("seed") else (),
        settings=settings,
        texts=tuple(texts),
    )
