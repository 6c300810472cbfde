"""`edgecode assets`: the door through which asset managers and publishing tools ask, are held and record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import in_production, opened
from edgecode.errors import UsageError

if TYPE_CHECKING:
    from edgecode.answers.assets import AssetAnswer
    from edgecode.production import Production


@click.command()
@click.option("--stdio", is_flag=True, help="Requests as lines on stdin, answers as lines on stdout, until stdin ends.")
@in_production
def assets(stdio: bool, folder: Path | None) -> None:
    """Answer other programs about versions, lineage and the publish gate, and record what they publish (assets/1).

    Each request is one line of JSON, and so is its answer: {"id": 1, "ask": "find", "of": ["edgecode://version/…"]}. Plug-ins of
    OpenAssetIO and pyblish start it themselves.
    """
    if not stdio:
        raise UsageError("asset.how", "how shall it be asked?", "Give --stdio; docs/reference/assets-door.md says what")
    waiting: bytes | None = None
    while waiting != b"":
        with opened(folder) as production:
            waiting = _answer(production, sys.stdin.buffer.readline(_READ_AT_ONCE) if waiting is None else waiting)


_READ_AT_ONCE = (64 << 20) + 1


def _answer(production: "Production", line: bytes) -> bytes:
    """Answer *line* and those after it. Returns b"" at their end, or the first one before which somebody changed the settings: hooks and
    media roots count from then on."""
    from edgecode.production.assets.door import LINE_BYTES_AT_MOST, TOO_LONG, answered
    from edgecode.settings import read_settings

    settings = read_settings(production.folder)
    while line:
        if len(line) > LINE_BYTES_AT_MOST:
            _skip_rest()
            _say(_refused(TOO_LONG))
        elif line.strip():
            if read_settings(production.folder) != settings:
                return line
            _say(answered(production, line))
        line = sys.stdin.buffer.readline(_READ_AT_ONCE)
    return b""


def _skip_rest() -> None:
    while (more := sys.stdin.buffer.readline(1 << 20)) and not more.endswith(b"\n"):
        pass


def _refused(error: object) -> "AssetAnswer":
    from edgecode.answers.assets import AssetAnswer, AssetError

    assert isinstance(error, AssetError)
    return AssetAnswer(error=error)


def _say(answer: "AssetAnswer") -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()
