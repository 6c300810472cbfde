"""`edgecode assets`: the door through which asset managers and publishing tools ask, are held and record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgecode.cli.context import in_production, opened
from edgecode.errors import UsageError

if TYPE_CHECKING:
    from edgecode.answers.assets import AssetAnswer


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
    from edgecode.production.asset_door import LINE_BYTES_AT_MOST, TOO_LONG, answered

    with opened(folder) as production:
        while line := sys.stdin.buffer.readline(LINE_BYTES_AT_MOST + 1):
            if len(line) > LINE_BYTES_AT_MOST:
                _skip_rest()
                _say(_refused(TOO_LONG))
            elif line.strip():
                _say(answered(production, line))


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
