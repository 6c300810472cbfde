"""cel-python behind the `Evaluator` protocol: another implementation of CEL, in Python, to hold the shipped engine against."""

from typing import Any

import celpy

from edgecode.checks.rules.cel import NO, UNKNOWN, YES, Answer, Roots

_MISSING = ("no such member", "no such key", "KeyError", "undeclared reference", "did you mean")


class SecondEngine:
    """Slow and independent."""

    engine = "cel-python"
    _kept: dict[str, Any] = {}

    def compile(self, text: str, *, variable: str = "") -> "SecondExpression":
        if text not in self._kept:
            environment = celpy.Environment()
            self._kept[text] = environment.program(environment.compile(text))
        return SecondExpression(self._kept[text])

    def bind(self, roots: Roots, *, variable: str = "") -> object:
        return {name: celpy.json_to_cel(value) for name, value in roots.items()}


class SecondExpression:
    def __init__(self, program: Any) -> None:
        self._program = program

    def answer(self, bound: object) -> Answer:
        try:
            found = self._program.evaluate(bound)
        except celpy.CELEvalError as error:
            said = repr(error)
            return UNKNOWN if any(mark in said for mark in _MISSING) else Answer(None, said[:200])
        return YES if found else NO
