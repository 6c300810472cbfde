"""Words that say where a step came from and that answers look at."""

PIXELS = "pixels"
"""The source of a step that joins two files with the same pixels: which of them a clip shows makes no difference to the picture."""

TABLE = "table"
"""The source of a step that a table beside a cut led to: it stands as long as the tables that said so are not replaced."""
