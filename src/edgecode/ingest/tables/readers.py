"""The readers of tables that ship, behind `ingest.doors.TableReader` (their order: `ingest.shipped`)."""

from edgecode.ingest.doors import Table
from edgecode.ingest.editorial.texts import decoded
from edgecode.ingest.tables.ale import looks_like_ale, read_ale
from edgecode.ingest.tables.avid_bin import looks_like_bin, read_bin
from edgecode.ingest.tables.delimited import delimiter_of, read_delimited


class AleReader:
    """Avid log exchange."""

    name = "ale"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """Text that begins with the word Heading."""
        return looks_like_ale(head)

    def read(self, data: bytes, *, name: str) -> Table:
        """As `read_ale`."""
        return read_ale(data, name=name)


class AvidBinReader:
    """Avid bins. Reads with a library: whoever may be given a stranger's file wraps it in `drivers.apart.TablesApart`."""

    name = "avb"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """A binary file that begins as a bin does."""
        return looks_like_bin(head)

    def read(self, data: bytes, *, name: str) -> Table:
        """As `read_bin`."""
        return read_bin(data, name=name)


class DelimitedReader:
    """Camera reports, sound reports and take sheets as CSV or TSV."""

    name = "csv"
    version = "1"

    def recognises(self, head: bytes, *, name: str) -> bool:
        """Text called ``.csv``, ``.tsv`` or ``.tab`` whose lines have columns: nothing in a CSV itself says that it is one."""
        return name.lower().endswith((".csv", ".tsv", ".tab")) and delimiter_of(decoded(head)[0]) is not None

    def read(self, data: bytes, *, name: str) -> Table:
        """As `read_delimited`."""
        return read_delimited(data, name=name)
