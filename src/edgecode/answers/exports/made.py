"""What `edgecode export parquet --json` prints."""

from msgspec import Struct


class ParquetExport(Struct, frozen=True, tag_field="schema", tag="edgecode.export/1"):
    """An export of the index. *production*: the partition. *entries*: of the log that it holds. *rows*: by table."""

    production: str
    entries: int
    rows: dict[str, int]
