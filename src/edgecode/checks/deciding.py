"""Who may decide what: which roles make determinations and approvals for the production, and which of them are left to counsel.

Our own choice, not a reading of a law (consent.md 3.14 asks for a named person and role, not for which). A rule may ask for more.
"""

from collections.abc import Mapping, Sequence

from edgecode.checks.rules.catalogue import CATALOGUE
from edgecode.errors import InputError, RefusedError
from edgecode.terms.rights import Role

MAY_DECIDE: tuple[Role, ...] = ("clearance", "legal", "producer", "supervisor")
"""Roles that decide for the production. Who makes its pictures, brings them or stands for somebody else does not."""

MAY_AGE: tuple[Role, ...] = ("clearance", "legal")
"""Roles that say that somebody who is on record as a minor is none, or none any more."""

MAY_RELEASE: tuple[Role, ...] = ("clearance", "legal", "producer")
"""Roles that say that a cut was delivered or released; whoever decides may say that it was locked."""

LEFT_TO_LEGAL = frozenset(
    {
        "use.expressive_exempt",
        "determination.gdpr_art9_ground",
        "determination.human_authorship_ground",
        "determination.post_release_case",
        "approval.legal_release_after_revocation",
    }
)
"""Decisions whose answer is the application of a statute or of a contract's clause."""

NEEDS_CLAUSE = frozenset({"approval.legal_release_after_revocation", "determination.post_release_case"})
"""Decisions that cite the agreement's own revocation clause, with a reason (FORMATS, "Words of judgment")."""

NEEDS_ABOUT = frozenset({"use.as_scripted", "use.customary_post"})
"""Judgments that an alteration needs no consent: of what is shown, never of the whole production."""

ALIASES: Mapping[str, str] = {
    "substantially_as_scripted": "use.as_scripted",
    "customary_post": "use.customary_post",
    "objectively_identifiable": "person.recognizable",
    "reasonably_specific": "consent.specific",
    "clear_and_conspicuous": "consent.clear_conspicuous",
    "replaces_in_person_work": "use.in_place_of_work",
    "expressive_exempt": "use.expressive_exempt",
    "false_impression": "use.false_impression",
    "incidental": "use.incidental",
    "key_creative_element": "use.key_creative_element",
    "deep_fake": "use.deepfake",
    "evidently_artistic": "use.evidently_artistic",
    "could_be_mistaken_for_real": "use.could_be_mistaken_for_real_event",
    "legal_release_after_revocation": "approval.legal_release_after_revocation",
}
"""Questions as consent.md 3.14 words them, by the facts that they answer."""

OPPOSITES: Mapping[str, str] = {"fundamental_character_altered": "use.consistent_with_contract_and_character"}
"""Questions whose yes is the fact's no."""

COUNTED = frozenset({"determination.day_estimate"})
"""Questions that may be answered by a whole number as well."""

MILD_YES = frozenset(
    {
        "consent.clear_conspicuous",
        "consent.specific",
        "determination.business_reason",
        "determination.day_estimate",
        "determination.de_minimis",
        "determination.editorial_responsibility",
        "determination.eu_classified",
        "determination.gdpr_art9_ground",
        "determination.human_authored",
        "determination.human_authorship_ground",
        "determination.human_performed",
        "determination.post_release_case",
        "determination.significant_additional_value",
        "use.ad_consistent_with_work",
        "use.as_scripted",
        "use.consistent_with_contract_and_character",
        "use.customary_post",
        "use.evidently_artistic",
        "use.expressive_exempt",
        "use.incidental",
        "use.related_to_picture",
        "use.set_security",
    }
)
"""Questions that say less against a use when they are answered yes: an exemption, a ground, something that was done."""

MILD_NO = frozenset(
    {
        "person.recognizable",
        "use.could_be_mistaken_for_real_event",
        "use.deepfake",
        "use.defamatory",
        "use.drugs",
        "use.endorsement",
        "use.false_impression",
        "use.human_role",
        "use.in_place_of_work",
        "use.input_proprietary_or_personal",
        "use.key_creative_element",
        "use.nude_or_sex",
        "use.otherwise_prohibited",
        "use.political",
        "use.public_interest_text",
        "use.recognizable_feature",
        "use.religion",
        "use.replicates_third_party",
        "use.violence",
    }
)
"""Questions that say less against a use when they are answered no. Of others nobody can tell, so that members who differ leave them
unknown. Held against every rule that ships in tests/checks/test_answers_beside_each_other.py."""

OF_FORM = frozenset({"consent.specific", "consent.clear_conspicuous"})
"""Records that hold only with somebody's determination; they are asked like classifications."""


def question_asked(word: str) -> str:
    """The fact that a question answers: a classification, a record of form, or ``determination.…``.

    *word*: the fact's name, the word behind ``determination.``, or the wording of consent.md 3.14. Raises InputError ``desk.question``.
    """
    name = OPPOSITES.get(word) or ALIASES.get(word) or word
    name = name if name in CATALOGUE else f"determination.{name}"
    if name not in questions():
        raise InputError(
            "desk.question",
            "no determination answers that question",
            "Ask by a classification of docs/reference/packs.md, as in use.deepfake, or a word behind determination.",
        )
    return name


def questions() -> tuple[str, ...]:
    """Everything that a determination may answer, by name: judgments, and a release that counts as an approval too."""
    asked = (
        fact.name
        for fact in CATALOGUE.values()
        if fact.world == "classification" or fact.root == "determination" or fact.name in OF_FORM | NEEDS_CLAUSE
    )
    return tuple(sorted(asked))


def role_deciding(
    roles: Sequence[Role], decision: str, *, wanted: Role | str = "", among: Sequence[Role] = MAY_DECIDE
) -> Role:
    """In which role somebody with *roles* makes this decision (a fact's name); *wanted*: the one that they name; *among*: who may.

    Raises RefusedError ``desk.needs_legal`` and ``desk.may_not_decide``.
    """
    if decision in LEFT_TO_LEGAL:
        if "legal" not in roles or wanted not in ("", "legal"):
            raise RefusedError(
                "desk.needs_legal",
                f"{decision} is left to counsel",
                "Name a member with that role: edgecode person role ALIAS --role legal",
            )
        return "legal"
    able = [role for role in roles if role in among and wanted in ("", role)]
    if not able:
        raise RefusedError(
            "desk.may_not_decide",
            f"{decision} is decided by {', '.join(among)}, and this member acts in none of these roles",
            "Name somebody who does with --by, or give them the role: edgecode person role ALIAS --role clearance",
        )
    return able[0]
