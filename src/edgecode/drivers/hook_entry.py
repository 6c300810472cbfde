"""The process of a hook that is a Python function: ``python -m edgecode.drivers.hook_entry module:function``, the fact on stdin.

The function takes the fact as a dict and returns None or what it answers (a dict), which is printed as JSON.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

WRONG_ENTRY = 3
"""Exit status when there is no such function."""


def main() -> int:
    """Call the function once; 0 when it returned. What it prints goes to stderr, so that stdout is the answer alone."""
    module, _, name = sys.argv[1].partition(":")
    sys.path.insert(0, str(Path.cwd()))
    answers, sys.stdout = sys.stdout, sys.stderr
    try:
        function = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        print(f"there is no {sys.argv[1]} here", file=sys.stderr)
        return WRONG_ENTRY
    answer = function(json.load(sys.stdin))
    if answer is not None:
        json.dump(answer, answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
