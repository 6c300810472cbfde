"""The step/1 records of the demo: what the camera cards, the transfer house, the comp artists and the vendor said."""

from pathlib import Path


def record_lines(media: Path, *, now: int) -> list[str]:
    """One JSON object a line."""
    return []
