"""What generative tools leave inside the files they write, read without their libraries and kept without their secrets."""

from edgecode.ingest.generation.reading import read_generation

__all__ = ["read_generation"]
