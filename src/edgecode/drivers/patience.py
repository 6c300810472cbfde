"""How long stores wait for one another and how much they read at a time, the same whichever database it is."""

TURN_MILLISECONDS = 30_000
"""How long a writer waits for its turn."""
READERS_MILLISECONDS = 5_000
"""How long readers may hold up the removal of what was erased from the files."""
CHUNK_ENTRIES = 512
"""How many entries a store reads at a time for somebody who goes through the log."""
