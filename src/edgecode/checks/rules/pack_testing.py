"""Running the tests that a pack brings: each gives facts, and says what its rule must answer and what the explanation must hold."""

from collections.abc import Mapping
from typing import cast

from edgecode.checks.rules.catalogue import LISTS
from edgecode.checks.rules.cel import Evaluator
from edgecode.checks.rules.judging import Judge
from edgecode.checks.rules.pack import ActivePack, Json, Pack, PackTest
from edgecode.checks.rules.subjects import Candidate, Subject, Verdict
from edgecode.terms.rights import FactValue


def run_pack_tests(pack: Pack, evaluator: Evaluator | None = None) -> list[str]:
    """A sentence ``file:line: …`` for every test that does not come out as it says; [] when all do.

    Raises UnavailableError ``extra.missing``.
    """
    judge = Judge([ActivePack(pack)], evaluator)
    failures = []
    for test in pack.tests:
        verdict = tested(pack, test, judge, evaluator)
        if verdict.outcome != test.expect:
            why = f" ({verdict.why})" if verdict.why else ""
            found = f"expected {test.expect}, found {verdict.outcome}{why}"
        elif test.says not in verdict.why:
            found = f"the explanation does not say '{test.says}': {verdict.why or 'it is empty'}"
        else:
            continue
        failures.append(f"{pack.name}:{test.line}: rule {test.rule}: {test.name}: {found}")
    return failures


def tested(pack: Pack, test: PackTest, judge: Judge, evaluator: Evaluator | None = None) -> Verdict:
    """What the test's rule says of the test's facts. *judge*: of this pack, for tests that set no parameters."""
    given = cast(dict[str, Json], merged(dict(pack.base), dict(test.given)))
    subject, today, parameters = subject_of_test(pack, test, given)
    if parameters:
        judge = Judge([ActivePack(pack, parameters=parameters)], evaluator)
    return judge.verdict(subject, pack=pack.id, rule=test.rule, today=today)


def subject_of_test(pack: Pack, test: PackTest, given: Mapping[str, Json]) -> tuple[Subject, str, dict[str, FactValue]]:
    """The subject, the day and the parameters that a test's facts say."""
    rule = pack.rule(test.rule)
    about = rule.about if rule else "use"
    facts = {
        f"{root}.{field}": _value(value)
        for root, fields in given.items()
        if isinstance(fields, dict) and root != "parameters"
        for field, value in fields.items()
    }
    consents, licenses = (_candidates(given.get(name)) for name in LISTS)
    today, parameters = given.get("today"), given.get("parameters")
    overridden = {name: _value(value) for name, value in parameters.items()} if isinstance(parameters, dict) else {}
    day = today if isinstance(today, str) else pack.header.transcribed_on
    return Subject(test.name, about, facts, consents, licenses), day, overridden


def _candidates(listed: Json) -> list[Candidate]:
    items = listed if isinstance(listed, list) else []
    return [
        Candidate({name: _value(v) for name, v in one.items() if v is not None})
        for one in items
        if isinstance(one, dict)
    ]


def _value(value: Json) -> FactValue:
    return tuple(cast(list[str], value)) if isinstance(value, list) else cast(FactValue, value)


def merged(whole: Json, patch: Json) -> Json:
    """*whole* with the JSON merge patch *patch* (RFC 7396): null removes, lists are replaced."""
    if not isinstance(patch, dict):
        return patch
    out = dict(whole) if isinstance(whole, dict) else {}
    for key, value in patch.items():
        if value is None:
            out.pop(key, None)
        else:
            out[key] = merged(out.get(key), value)
    return out
