"""What a rule says as a digest, so that an answer to its finding is bound to the rule and not to the bytes of its pack.

It covers every field of the rule as it is written, the named conditions among them; the scope and the days of its pack; its severity once
the pack is adopted or softened; and the values of the parameters that it reads. Lines, remarks, tests and other rules are no part of it.
"""

import re
from hashlib import sha256

import msgspec

from edgecode.checks.rules.compiled import windows_of
from edgecode.checks.rules.pack import ActivePack, Rule, severity_of
from edgecode.terms.identity import Sha256
from edgecode.terms.rights import FactValue

_PARAMETER = re.compile(r"\bparameters\b(?:\s*\.\s*(\w+))?")


def rule_digest(active: ActivePack, rule: Rule) -> Sha256:
    """The digest of one rule of a pack as it judges."""
    header = active.pack.header
    severity, _ = severity_of(rule, header, adopted=active.adopted)
    return digest_of(
        {
            "rule": rule,
            "severity": severity,
            "scope": header.scope or "",
            "days": list(windows_of(active.pack, rule)),
            # As text, so that no and nothing are values too.
            "parameters": {
                name: msgspec.json.encode(value).decode() for name, value in used_parameters(active, rule).items()
            },
        }
    )


def digest_of(said: object) -> Sha256:
    """The digest of what a rule says, in values that JSON has."""
    plain = _written(msgspec.to_builtins(said))
    return sha256(b"edgecode rule v1\n" + msgspec.json.encode(plain, order="sorted")).hexdigest()


def used_parameters(active: ActivePack, rule: Rule) -> dict[str, FactValue]:
    """The values of the parameters that a rule or the scope of its pack names, in an expression or in a sentence; of one that reads them
    without saying which, all."""
    values = {one.name: one.default for one in active.pack.parameters} | dict(active.parameters)
    texts = [rule.when or "", active.pack.header.scope or ""]
    for required in rule.require:
        texts += [required.that, required.say]
        texts += [text for one in required.where for text in (one.that, one.say)]
    named = {match[1] or "" for text in texts for match in _PARAMETER.finditer(text)}
    return values if "" in named else {name: value for name, value in values.items() if name in named}


def _written(value: object) -> object:
    """*value* without lines, and without what says nothing, so that a field of a later release opens nothing again."""
    if isinstance(value, dict):
        kept = {name: _written(one) for name, one in value.items() if name != "line"}
        return {name: one for name, one in kept.items() if one is not False and one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_written(one) for one in value]
    return value
