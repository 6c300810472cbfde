"""A writer that is killed, or whose disk says no, in the middle of any system call."""

import pytest

from faults.syscall_faults import syscall_faults, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def test_no_failing_system_call_loses_what_was_acknowledged() -> None:
    counts = syscall_faults(points=20)

    assert (counts.wrong, counts.examples) == (0, [])
    assert counts.tried >= 15


@pytest.mark.slow
def test_no_system_call_at_all_loses_what_was_acknowledged() -> None:
    counts = syscall_faults(points=None)

    assert (counts.wrong, counts.examples) == (0, [])
