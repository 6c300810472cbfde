"""The option that lets slow tests run, and the PostgreSQL that tests start themselves."""

import os

import pytest

pytest_plugins = ["postgres_server"]

# A runner of tests that was started in a terminal says how wide that is, and then lists would be folded as for somebody who reads them.
for _width in ("COLUMNS", "LINES"):
    os.environ.pop(_width, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow", action="store_true", help="also run what takes minutes, and full counts of what is sampled"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
