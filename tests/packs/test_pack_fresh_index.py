"""A pack is answered from the log: an altered index changes nothing in it, and a log with holes gives none."""

from pathlib import Path

import apsw
import pytest

from edgecode.errors import RefusedError
from edgecode.production import Production
from edgecode.production.packs.making import cut_pack
from pack_samples import tiny_show


def test_an_index_that_somebody_altered_says_nothing_in_a_pack(tmp_path: Path) -> None:
    with tiny_show(tmp_path / "show") as production:
        _, before = cut_pack(production, "tiny")
    database = apsw.Connection(str(tmp_path / "show" / ".edgecode" / "index.db"))
    database.execute("UPDATE step SET account = (SELECT account FROM step WHERE kind = 'camera'), ai = 'none'")
    database.close()
    with Production.open(tmp_path / "show") as production:
        _, after = cut_pack(production, "tiny")

    assert after.ranges == before.ranges


def test_a_record_that_lacks_what_somebody_said_gives_no_pack(tmp_path: Path) -> None:
    tiny_show(tmp_path / "show").close()
    database = apsw.Connection(str(tmp_path / "show" / ".edgecode" / "ledger.db"))
    database.execute(
        "DELETE FROM payload WHERE section = 'fact' AND pk = (SELECT pk FROM entry ORDER BY pk LIMIT 1 OFFSET 4)"
    )
    database.close()
    with Production.open(tmp_path / "show") as production, pytest.raises(RefusedError) as refused:
        cut_pack(production, "tiny")

    assert (refused.value.code, refused.value.sentence.endswith(": 4")) == ("pack.incomplete", True)
