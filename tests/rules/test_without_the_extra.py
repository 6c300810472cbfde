"""Without the extra `policy` nothing about rules works, and the sentence says what to install."""

import sys

import pytest

from edgecode.checks.rules.cel import CelEvaluator
from edgecode.checks.rules.pack_reading import read_pack
from edgecode.errors import UnavailableError
from rule_samples import SAMPLE


@pytest.mark.parametrize(
    ("missing", "work"),
    [("cel_expr_python", CelEvaluator), ("yaml", lambda: read_pack(SAMPLE.encode(), name="s.yaml"))],
)
def test_what_is_missing_is_named_with_the_extra_that_brings_it(
    missing: str, work: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(UnavailableError) as refused:
        work()  # type: ignore[operator]

    assert (refused.value.code, "pip install 'edgecode[policy]'" in refused.value.remedy) == ("extra.missing", True)
