"""Claims of suites that run under any test runner."""

from collections.abc import Callable

from edgecode.errors import EdgecodeError


def refused(call: Callable[[], object]) -> str:
    """The code of the EdgecodeError that *call* raises, "" when it raises none."""
    try:
        call()
    except EdgecodeError as error:
        return error.code
    return ""
