"""What a pack's nodes say, as values: header, parameters, conditions, rules, tests; what is missing or wrong becomes a problem."""

import re
from typing import NamedTuple, cast, get_args

from msgspec.structs import replace

from edgecode.checks.rules.catalogue import CATALOGUE, LISTS, ROOTS, VOCABULARY
from edgecode.checks.rules.fact_values import checked_as
from edgecode.checks.rules.pack import (
    CONFIDENCES,
    SEVERITIES,
    About,
    Authority,
    Condition,
    Confidence,
    ConfidenceCap,
    Effective,
    EffectiveTest,
    Expected,
    Header,
    InForce,
    Json,
    Pack,
    PackTest,
    Parameter,
    ParameterType,
    Quote,
    Requirement,
    Rule,
    Tier,
    Waivable,
)
from edgecode.checks.rules.pack_checking import Found, check_cut_rules, check_expressions, check_sentences, check_tests
from edgecode.checks.rules.pack_nodes import Form, MapNode, Node, Problems
from edgecode.errors import InputError
from edgecode.terms.rights import Gate, Role, Severity

BASES = (
    "primary",
    "primary-copy",
    "primary-spec",
    "primary-bill",
    "primary-quoted",
    "primary-partial",
    "primary-digest",
    "secondary",
    "secondary-quote",
    "secondary-quoted",
    "secondary-near-verbatim",
    "secondary-unofficial",
    "memory",
    "design",
)
"""What a rule's words rest on, the best first; several are joined with ``+``."""

AUTHORITIES = (
    "statute",
    "regulation",
    "bill",
    "draft_statute",
    "cba",
    "buyer_policy",
    "award_rules",
    "guideline",
    "agency_guidance",
    "insurance_form",
    "label_scheme",
    "submission_form",
    "license_terms",
    "technical_spec",
    "own_design",
)
_CEL_WORDS = "as break const continue else false for function if import in let loop namespace null package return true var void while size"
RESERVED = frozenset([*ROOTS, *LISTS, "parameters", "today", *_CEL_WORDS.split()])
"""Names that no variable may have."""
_PACK = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_RULE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_NUMBER = re.compile(r"R\d{1,4}", re.ASCII)
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z][0-9A-Za-z.-]*)?", re.ASCII)
_HOLDING = ("disclose", "approve", "block")
MAX_RULES, MAX_TESTS = 500, 5_000


def shaped(root: Node, *, name: str, digest: str, problems: Problems) -> Pack:
    """The pack that the nodes describe; good for use only when *problems* stays empty."""
    form, found = Form(root, "", problems), Found()
    header = _header(form, found)
    parameters = tuple(_parameters(form))
    named = {key: _conditions(node, key, form) for key, _, node in form.entries("conditions")}
    used: set[str] = set()
    rules = tuple(_rule(node, header, _Named(named, used), problems, found) for node in form.items("rules")[:MAX_RULES])
    if not rules:
        form.wrong(form.line_of("rules"), "must list at least one rule", "rules")
    if len(form.items("rules")) > MAX_RULES or len(form.items("tests")) > MAX_TESTS:
        form.wrong(form.line, f"a pack has at most {MAX_RULES} rules and {MAX_TESTS:,} tests")
    _refuse_twice(rules, form)
    _refuse_unused(form, used)
    base = form.value("base", required=False)
    tests = tuple(_test(node, rules, problems) for node in form.items("tests")[:MAX_TESTS])
    pack = Pack(name, digest, header, rules, parameters, base if isinstance(base, dict) else {}, tests)
    check_expressions(found, pack, problems)
    check_sentences(found, pack, problems)
    check_cut_rules(pack, problems)
    check_tests(form, pack, problems)
    form.done()
    return pack


def _header(form: Form, found: Found) -> Header:
    written, version = form.text("pack"), form.text("version")
    if written and not _PACK.fullmatch(written):
        form.wrong(form.line_of("pack"), "must be small letters, digits and hyphens", "pack")
    if version and not _VERSION.fullmatch(version):
        form.wrong(form.line_of("version"), "must be a semantic version, 1.0.0 or 0.1.0-draft", "version")
    form.word("schema", [VOCABULARY])
    tier = cast(Tier, form.word("tier", get_args(Tier)))
    scope, agreement = form.optional_text("scope"), form.optional_text("agreement", required=False)
    for field, expression in (("scope", scope), ("agreement", agreement)):
        if expression is not None:
            found.expression(form.line_of(field), field, expression)
    by_default = form.flag("enabled_by_default")
    if by_default and tier != "maintained":
        form.wrong(
            form.line_of("enabled_by_default"), f"must be false in a pack of the tier {tier}", "enabled_by_default"
        )
    header = Header(
        pack=written,
        title=form.text("title"),
        version=version,
        draft=form.flag("draft"),
        schema=VOCABULARY,
        tier=tier,
        authority=_authority(form),
        edition=form.text("edition"),
        jurisdiction=form.texts("jurisdiction"),
        in_force=_in_force(form),
        effective_test=_effective_test(form),
        scope=scope,
        enabled_by_default=by_default,
        transcribed_on=form.day("transcribed_on") or "",
        last_verified=form.day("last_verified"),
        verified_by=form.optional_text("verified_by"),
        confidence_cap=_cap(form),
        must_verify=form.texts("must_verify"),
        known_gaps=form.texts("known_gaps"),
        sources=form.texts("sources"),
        agreement=agreement,
        always_on=form.flag("always_on", required=False),
    )
    if header.always_on and (not by_default or scope is not None):
        form.wrong(form.line_of("always_on"), "is for a pack that is on by default everywhere", "always_on")
    if (header.last_verified is None) != (header.verified_by is None):
        form.wrong(
            form.line_of("verified_by"),
            "and last_verified belong together: who opened the sources, and when",
            "verified_by",
        )
    return header


def _authority(form: Form) -> Authority:
    part = form.form("authority")
    if part is None:
        return Authority("", "", "")
    kind = part.text("kind")
    for word in kind.split(" + ") if kind else ():
        if word not in AUTHORITIES:
            part.wrong(part.line_of("kind"), f"must be some of {', '.join(AUTHORITIES)}, joined with ' + '", "kind")
    authority = Authority(kind, part.text("issuer"), part.text("instrument"))
    part.done()
    return authority


def _in_force(form: Form) -> InForce:
    part = form.form("in_force")
    if part is None:
        return InForce()
    days = InForce(part.day("from"), part.day("until"), part.optional_text("note", required=False))
    _refuse_backwards(part, days.since, days.until)
    part.done()
    return days


def _refuse_backwards(form: Form, since: str | None, until: str | None) -> None:
    if since and until and until < since:
        form.wrong(form.line_of("until"), "lies before from", "until")


def _effective_test(form: Form) -> EffectiveTest:
    part = form.form("effective_test")
    if part is None:
        return EffectiveTest()
    fact = part.optional_text("fact")
    if fact is not None:
        _refuse_no_date(part, fact)
    test = EffectiveTest(fact, part.optional_text("note", required=False))
    part.done()
    return test


def _refuse_no_date(part: Form, fact: str) -> None:
    known = CATALOGUE.get(fact)
    if known is None or known.type != "date":
        dates = ", ".join(one.name for one in CATALOGUE.values() if one.type == "date")
        part.wrong(
            part.line_of("fact"), f"must be a date of the catalogue ({dates}); say it in words in a note", "fact"
        )


SOFTENED_TO: Severity = "approve"
"""What a rule of lower confidence comes to at most: it holds and never refuses (FORMATS, "Words of judgment")."""


def _cap(form: Form) -> ConfidenceCap | None:
    part = form.form("confidence_cap")
    if part is None:
        return None
    below, most = part.word("below", CONFIDENCES), part.word("max_severity", SEVERITIES)
    if most in SEVERITIES and most != SOFTENED_TO:
        # Block would soften nothing, and anything milder would let pass what a person has to look at.
        part.wrong(
            part.line_of("max_severity"), f"must be {SOFTENED_TO}: what is not sure waits for a person", "max_severity"
        )
    part.done()
    return ConfidenceCap(cast(Confidence, below), cast(Severity, most))


def _parameters(form: Form) -> list[Parameter]:
    made = []
    for name, line, node in form.entries("parameters"):
        part = Form(node, f"parameters: {name}", form.problems)
        if not _WORD.fullmatch(name):
            part.wrong(line, "the name must be small letters, digits and underscores")
        kind = cast(ParameterType, part.word("type", get_args(ParameterType)))
        default, say = part.value("default"), part.text("say")
        part.done()
        if kind in get_args(ParameterType):
            try:
                parameter = Parameter(name, kind, False, say)
                made.append(replace(parameter, default=checked_as(parameter.fact, default)))
            except InputError as error:
                part.wrong(part.line_of("default"), error.sentence.partition(" ")[2], "default")
    return made


def _conditions(node: Node, key: str, form: Form) -> tuple[Condition, ...]:
    """A named list, whose expressions are judged where a rule uses it."""
    outer = Form(MapNode(((key, node.line, node),), node.line), "conditions", form.problems)
    return tuple(_condition(item, f"conditions: {key}", form.problems) for item in outer.items(key))


def _condition(node: Node, where: str, problems: Problems) -> Condition:
    part = Form(node, where, problems)
    made = Condition(part.text("say"), part.text("that"), part.line_of("that"))
    part.done()
    return made


class _Named(NamedTuple):
    """Named lists of conditions, and which of them a rule uses."""

    lists: dict[str, tuple[Condition, ...]]
    used: set[str]


def _rule(node: Node, header: Header, named: _Named, problems: Problems, found: Found) -> Rule:
    part = Form(node, "rule", problems)
    identity = part.text("id")
    part.where = f"rule {identity or '?'}"
    if identity and not _RULE.fullmatch(identity):
        part.wrong(part.line_of("id"), "must be letters, digits, hyphens, dots and underscores", "id")
    when = part.optional_text("when", required=False)
    if when is not None:
        found.expression(part.line_of("when"), f"{part.where}: when", when)
    require = tuple(_requirement(item, part, named, problems, found) for item in part.items("require"))
    if not require:
        part.wrong(part.line_of("require"), 'must list what is required; for a ban: {say: …, that: "false"}', "require")
    rule = Rule(
        id=identity,
        title=part.text("title"),
        citation=part.text("citation"),
        basis=_basis(part),
        confidence=cast(Confidence, part.word("confidence", CONFIDENCES)),
        about=cast(About, part.word("about", get_args(About))),
        gates=cast(tuple[Gate, ...], part.words("gate", get_args(Gate))),
        severity=cast(Severity, part.word("severity", SEVERITIES)),
        require=require,
        fix=part.text("fix"),
        when=when,
        effective=_effective(part),
        waivable=_waivable(part),
        quote=_quote(part),
        note=part.optional_text("note", required=False),
        authority=part.optional_text("authority", required=False),
        code=_coded(part, "code", _CODE, "dotted small letters, as in consent.outside_scope")
        or f"{header.pack}.{identity}".lower(),
        number=_coded(part, "number", _NUMBER, "R and digits, as in R410"),
        always=part.flag("always", required=False),
        line=part.line,
    )
    if rule.severity in _HOLDING and rule.gates and "deliver" not in rule.gates:
        part.wrong(part.line_of("gate"), f"must hold deliver: what is {rule.severity} asks there too", "gate")
    if rule.always and rule.waivable is not None:
        part.wrong(part.line_of("waivable"), "must be false in a rule that is always on", "waivable")
    part.done()
    return rule


def _coded(part: Form, field: str, pattern: re.Pattern[str], form: str) -> str:
    found = part.text(field, required=False)
    if found and not pattern.fullmatch(found):
        part.wrong(part.line_of(field), f"must be {form}", field)
    return found


def _basis(part: Form) -> str:
    basis = part.text("basis")
    for word in basis.split("+") if basis else ():
        if word.strip() not in BASES:
            part.wrong(part.line_of("basis"), f"must be some of {', '.join(BASES)}, joined with +", "basis")
    return basis


def _effective(part: Form) -> Effective | None:
    below = part.form("effective", required=False)
    if below is None:
        return None
    fact = below.text("fact")
    if fact:
        _refuse_no_date(below, fact)
    days = Effective(fact, below.day("from", required=False), below.day("until", required=False))
    if days.since is None and days.until is None:
        below.wrong(below.line, "must name a day, from or until")
    _refuse_backwards(below, days.since, days.until)
    below.done()
    return days


def _waivable(part: Form) -> Waivable | None:
    if part.value("waivable") is False:
        return None
    below = part.form("waivable", required=False)
    if below is None:
        if part.has("waivable") or part.node("waivable", required=False) is not None:
            part.wrong(
                part.line_of("waivable"), "must be false, or say by whom, for how long and with what", "waivable"
            )
        return None
    made = Waivable(below.words("by", get_args(Role)), below.whole("max_days"), "reason")
    below.word("needs", ["reason"])
    if not 1 <= made.max_days <= 3_660 and below.has("max_days"):
        below.wrong(below.line_of("max_days"), "must be between 1 and 3,660", "max_days")
    below.done()
    return made


def _quote(part: Form) -> Quote:
    below = part.form("quote", required=False)
    if below is None:
        return Quote()
    quote = Quote(
        below.optional_text("text", required=False),
        below.optional_text("locator", required=False),
        below.day("read_on", required=False),
    )
    below.done()
    return quote


def _requirement(node: Node, rule: Form, named: _Named, problems: Problems, found: Found) -> Requirement:
    part = Form(node, f"{rule.where}: require", problems)
    some = part.form("some", required=False)
    say = part.text("say")
    if some is None:
        made = Requirement(say, part.text("that"), line=part.line_of("that"))
        found.expression(made.line, part.where, made.that)
        found.sentence(part.line_of("say"), part.where, say)
        part.done()
        return made
    variable, over = _variable(some)
    where: list[Condition] = []
    for item in part.items("where"):
        below = Form(item, part.where, problems)
        if below.has("conditions"):
            name = below.text("conditions")
            if name not in named.lists:
                below.wrong(
                    below.line_of("conditions"), f"there is no list of conditions called {name[:40]}", "conditions"
                )
            where += named.lists.get(name, ())
            named.used.add(name)
            below.done()
        else:
            where.append(_condition(item, part.where, problems))
    if not where:
        part.wrong(part.line_of("where"), "must list conditions", "where")
    part.done()
    for condition in where:
        found.expression(condition.line, part.where, condition.that, variable=variable, over=over)
        found.sentence(condition.line, part.where, condition.say, variable=variable, over=over)
    found.sentence(part.line_of("say"), part.where, say)
    return Requirement(say, "", over, variable, tuple(where), part.line)  # type: ignore[arg-type]


def _variable(some: Form) -> tuple[str, str]:
    """The variable and the list of a ``some: {c: consents}``."""
    entries = list(some.fields)
    if len(entries) != 1:
        some.wrong(some.line, "must name one variable and one list, as in {c: consents}")
        return "", ""
    variable = entries[0]
    over = some.word(variable, LISTS)
    if not _WORD.fullmatch(variable) or variable in RESERVED:
        some.wrong(some.line, f"{variable[:40]} cannot be the name of a variable")
        return "", ""
    return variable, over if over in LISTS else ""


def _test(node: Node, rules: tuple[Rule, ...], problems: Problems) -> PackTest:
    part = Form(node, "test", problems)
    name = part.text("name")
    part.where = f"test {name[:60] or '?'}"
    rule = part.word("rule", [one.id for one in rules])
    given = part.value("given", required=False)
    if given is not None and not isinstance(given, dict):
        part.wrong(part.line_of("given"), "must be a mapping of facts", "given")
    expect = cast(Expected, part.word("expect", get_args(Expected)))
    made = PackTest(name, rule, expect, _mapping(given), part.text("says", required=False), part.line)
    part.done()
    return made


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _refuse_unused(form: Form, used: set[str]) -> None:
    for name, line, _ in form.entries("conditions"):
        if name not in used:
            form.wrong(line, f"conditions: no rule uses {name[:40]}")


def _refuse_twice(rules: tuple[Rule, ...], form: Form) -> None:
    seen: dict[str, int] = {}
    for rule in rules:
        if rule.id in seen and rule.id:
            form.wrong(rule.line, f"the id {rule.id} is that of the rule in line {seen[rule.id]} already", "rules")
        seen.setdefault(rule.id, rule.line)
