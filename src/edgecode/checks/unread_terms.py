"""Terms on record that no rule reads: a check says how many of what it rests on there are, so that nobody takes them for checked.

Which field of which terms is read by what stands here, field by field; a new field has to be put on one side.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from edgecode.checks.register import Register
from edgecode.checks.uses import Use
from edgecode.terms.identity import RecordId

READ: Mapping[str, Mapping[str, str]] = {
    "model": {"allowed_works": "DESK-34", "fields": "DESK-34", "restricts_av": "DATA-03"},
    "tool": {
        "trains_on_inputs": "NFLX-03",
        "enterprise": "NFLX-04",
        "covered_provider": "SB942-01",
        "restricts_av": "DATA-03",
        "fields": "DESK-34",
    },
    "dataset": {"items": "DATA-01, DATA-05", "reservations": "DATA-04"},
    "agreement": {
        "acts": "DESK-03, DESK-04, DESK-12 to DESK-15, DATA-05",
        "form": "AB2602-01, S26-01",
        "description": "AB2602-01, S26-01",
        "representation": "who signed",
        "signed_on": "when it began",
        "signed_beside": "who signed",
        "ground": "GDPR-01",
        "survives_death": "CONS-04, AB1836-01",
        "model_version_bound": "DATA-02",
        "fields": "DATA-03",
        "allows_ai": "DESK-23",
        "scope": "CONS-04, DESK-05, DESK-17, DESK-21, DESK-22, DESK-25, DESK-53",
        "conditions": "where it stands",
        "approvals_per_use": "DESK-18",
        "strike_clause": "DESK-11",
        "revocation": "CONS-02, DESK-07, DESK-30, DESK-50, and what a withdrawal does",
    },
}
"""By what the terms are of, each field that something reads, and what."""

NAMES: Mapping[str, frozenset[str]] = {
    "model": frozenset({"vendor", "kind", "version", "detector_url"}),
    "tool": frozenset({"tool", "plan", "vendor", "since"}),
    "dataset": frozenset({"collected", "card"}),
    "agreement": frozenset({"agreement", "label", "grantee", "licensor", "script_version", "notice_on", "terms"}),
}
"""Fields that say what or whose it is, and terms nothing: DATA-06 asks that somebody attests the card of a dataset."""

UNREAD: Mapping[str, tuple[str, ...]] = {
    "model": ("marking", "certifications"),
    "tool": ("retention_days", "indemnity"),
    "dataset": (),
    "agreement": (
        "exclusive",
        "sublicense",
        "attribution",
        "warranties",
        "indemnity",
        "opt_out_signals",
        "known_at_consent",
        "compensation",
        "credit",
        "audit_right",
        "report_due",
        "deletion",
        "governing_law",
    ),
}
"""Terms that people have to look at: no rule reads them."""


class UnreadTerm(Struct, frozen=True):
    """*of*: model, tool, dataset or agreement. *term*: the name of the field, never what it says. *count*: how many of them say it."""

    of: str
    term: str
    count: int


def unread_terms(uses: Iterable[Use], register: Register, agreements: Iterable[RecordId]) -> list[UnreadTerm]:
    """What is on record of the models and tools behind *uses* and of the agreements that they rest on, and is read by no rule."""
    listed = list(uses)
    counted: Counter[tuple[str, str]] = Counter()
    about = {record for use in listed for record in (*use.about, *use.material, use.version)}
    for record in about & set(register.models):
        counted.update(_said("model", register.models[record].terms))
    for tool in {tool for use in listed for tool in use.needs.tools or ()}:
        read = register.terms_of_tool(tool)
        counted.update(_said("tool", read.section if read is not None else None))
    for agreement in set(agreements) & set(register.agreements):
        terms = register.agreements[agreement].latest.terms
        if terms is not None:
            counted.update({*_said("agreement", terms), *_said("agreement", terms.terms)})
    return [UnreadTerm(of, term, count) for (of, term), count in sorted(counted.items())]


def _said(of: str, terms: object) -> set[tuple[str, str]]:
    return {(of, name) for name in UNREAD[of] if getattr(terms, name, None) not in (None, "", (), {})}
