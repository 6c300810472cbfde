"""Reading a table that somebody hands over with whichever reader knows it: CSV, ALE, Avid bins, installed readers."""

from edgecode.errors import InputError
from edgecode.ingest.doors import HEAD_BYTES, Table
from edgecode.production.doors.readers import table_readers


def read_table(data: bytes, *, name: str) -> Table:
    """The table in *data*. Raises InputError ``table.format_unknown`` and what the reader raises.

    A table that its reader could not take in whole is refused: ``table.malformed``.
    """
    for reader in table_readers():
        if reader.recognises(data[:HEAD_BYTES], name=name):
            table = reader.read(data, name=name)
            lost = [one for one in table.diagnostics if one.effect == "row-missing"]
            if lost:
                where = f" (line {lost[0].line})" if lost[0].line else ""
                raise InputError("table.malformed", f"{name}: {lost[0].text}{where}", "Export the table again")
            return table
    known = ", ".join(reader.name for reader in table_readers())
    raise InputError(
        "table.format_unknown", f"{name} is no table that can be read ({known})", "Save it as CSV with a heading line"
    )
