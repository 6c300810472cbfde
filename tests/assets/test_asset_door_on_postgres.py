"""The door on an index in PostgreSQL: it answers what it answers on SQLite, and its questions leave no trace there either."""

import json
from pathlib import Path
from typing import Any

import msgspec
from asset_show import make_show, step

from edgecode.production import Production
from edgecode.production.assets.door import answered
from edgecode.settings import read_settings, write_settings
from postgres_server import PostgresServer


def asked(folder: Path, media: Path) -> tuple[list[Any], bytes, bytes]:
    """What the door says, and the index before and after."""
    line = step("generate", "new.png", "face.png", folder=media, id="dream")
    requests: list[dict[str, object]] = [
        {"ask": "find", "of": ["plate.png", "run.#.png", "edgecode://file/r-1/no.png"]},
        {"ask": "related", "of": ["plate.png", "comp.png"], "way": "made-into"},
        {"ask": "related", "of": ["comp.png"], "way": "made-from"},
        {"ask": "gate", "of": ["comp.png", "sky.png"], "steps": [line]},
    ]
    with Production.open(folder) as production:
        before = production.index_dump()
        answers = [msgspec.to_builtins(answered(production, json.dumps(one).encode())) for one in requests]
        return answers, before, production.index_dump()


def test_the_door_says_the_same_from_either_index_and_changes_neither(tmp_path: Path, postgres: PostgresServer) -> None:
    make_show(tmp_path).close()
    folder, media = tmp_path / "show", tmp_path / "media"
    said, before, after = asked(folder, media)
    write_settings(folder, msgspec.structs.replace(read_settings(folder), index=postgres.database()))

    other, before_there, after_there = asked(folder, media)

    assert other == said
    assert before == after == before_there == after_there
