"""Facts that rules read: name, type, world, meaning. The vocabulary that every expression is checked against before it runs.

Worlds (consent.md 6.1): *record*: no record means not given, so an absent one is completed with false. *status*, *classification*,
*profile*, *derived*: absent means that nobody has established it, and what depends on it is unknown.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import get_args

from edgecode.checks.rules.fact_values import Fact, checked_as
from edgecode.checks.scopes import DIMENSIONS
from edgecode.checks.uses import UseKind
from edgecode.errors import InputError
from edgecode.terms.rights import Act, AgreementState, FactValue, Field

VOCABULARY = "edgecode-facts/1"

USE_KINDS: tuple[str, ...] = get_args(UseKind)


_FACTS = (
    # production
    Fact(
        "production.kind",
        "enum",
        "profile",
        "kind of production",
        ("fiction", "documentary", "news", "advert", "game", "other"),
    ),
    Fact(
        "production.sag",
        "enum",
        "profile",
        "SAG-AFTRA agreement the production signed",
        ("none", "tvth-2023", "tvth-2026", "commercials-2025", "ima-2025"),
    ),
    Fact("production.wga", "bool", "profile", "WGA-covered production"),
    Fact("production.dga", "bool", "profile", "DGA-covered production"),
    Fact("production.strike", "bool", "profile", "a strike that lets covered workers refuse work is on, today"),
    Fact(
        "production.buyer", "string", "profile", "commissioner or distributor whose policy binds: none, netflix, bbc …"
    ),
    Fact(
        "production.territories",
        "territories",
        "profile",
        "where it is released: ISO 3166-1 alpha-2, ISO 3166-2 for US states; EU is added for a member state",
    ),
    Fact("production.awards", "strings", "profile", "award campaigns: academy-99 …"),
    Fact("production.pp_start", "date", "profile", "start of principal photography"),
    Fact("production.us_registration", "bool", "profile", "a US copyright registration is planned"),
    Fact("production.eo_policy", "bool", "profile", "an errors-and-omissions or liability policy is in play"),
    Fact("production.hpf_label", "bool", "profile", "a Human Provenance in Film label is claimed"),
    Fact(
        "production.hpf_tier",
        "int",
        "profile",
        "claimed tier, 1 to 3: 1 none, 2 assistive, 3 generative",
        least=1,
        most=3,
    ),
    Fact("production.festival_submission", "bool", "profile", "a festival with an AI question is a target"),
    # person
    Fact(
        "person.status",
        "enum",
        "derived",
        "none = the use depicts no identified person",
        ("none", "living", "deceased"),
    ),
    Fact("person.minor", "bool", "derived", "under 18 at capture or at use"),
    Fact("person.gdpr", "bool", "derived", "data subject under the GDPR"),
    Fact(
        "person.recognizable",
        "bool",
        "classification",
        "the output is recognizable or objectively identifiable as the person",
    ),
    Fact("person.within_70_years", "bool", "derived", "death less than 70 years before the use"),
    # use
    Fact("use.kind", "enum", "derived", "what the step or request does", USE_KINDS),
    Fact(
        "use.replica",
        "enum",
        "classification",
        "guild label of the replica: employment-based, background, independently created",
        ("none", "ebdr", "badr", "icdr"),
    ),
    Fact(
        "use.source",
        "enum",
        "derived",
        "what the replica is made from",
        ("none", "scan", "on_set_photography", "archival"),
    ),
    Fact("use.role", "enum", "derived", "role the replica plays", ("none", "principal", "background", "other")),
    Fact("use.date", "date", "derived", "first exposure, or date of the advertisement"),
    Fact("use.final", "bool", "derived", "in the final cut or final deliverable (not temp)"),
    Fact("use.public", "bool", "derived", "made available to the public"),
    Fact("use.released", "bool", "derived", "already released"),
    Fact("use.same_picture", "bool", "derived", "the picture for which the replica or model was made"),
    Fact("use.new_generation", "bool", "derived", "material is generated now (true) or already exists (false)"),
    Fact("use.new_processing", "bool", "derived", "personal data is processed now"),
    Fact(
        "use.scope_checked", "bool", "derived", "device of scenarios only; in a production the scope match always runs"
    ),
    Fact("use.performance_fixed", "date", "derived", "date the new performance is fixed"),
    Fact("use.ai_generated", "bool", "derived", "contains generated material"),
    Fact("use.audio_only", "bool", "derived", "heard and not seen"),
    Fact("use.realtime_generation", "bool", "derived", "generated live (interactive)"),
    Fact(
        "use.material",
        "enum",
        "derived",
        "what a training set is made of",
        ("none", "performance", "literary", "artwork", "music", "other"),
    ),
    Fact(
        "use.licensee_external", "bool", "derived", "licensed to a non-affiliate to train a public commercial generator"
    ),
    Fact("use.award_category", "enum", "profile", "award category at stake", ("none", "acting", "writing", "other")),
    Fact(
        "use.biometric_kind",
        "enum",
        "derived",
        "biometric captured",
        ("none", "fingerprint", "palmprint", "iris", "face_template", "voiceprint"),
    ),
    Fact("use.biometric_identification", "bool", "derived", "face or voice processed to identify uniquely"),
    Fact("use.counts_toward_background_minimum", "bool", "derived", "replica counted as a hired background actor"),
    Fact("use.scan_on_nonwork_day", "bool", "derived", "scanned on a day without other work"),
    Fact("use.dub_by_replica", "bool", "derived", "dubbed with a voice or face replica"),
    Fact("use.model_is_single_person", "bool", "derived", "tool or model built for one identifiable person"),
    Fact("use.talent_model", "bool", "derived", "uses a model trained on one performer"),
    Fact("use.prompt_names_performer", "bool", "derived", "prompt names a performer"),
    Fact("use.strips_provider_marks", "bool", "derived", "the pipeline removes marks the tool put in"),
    Fact("use.strips_latent_disclosure", "bool", "derived", "the pipeline removes a latent disclosure"),
    Fact(
        "use.contains_personal_data",
        "bool",
        "derived",
        "record to append holds personal data in clear or unsalted hash",
    ),
    Fact("use.alters_archival", "bool", "derived", "alters archival material"),
    Fact(
        "use.ai_material_credited_as",
        "enum",
        "derived",
        "how AI text is credited",
        ("none", "literary", "source", "assigned"),
    ),
    Fact("use.given_to_writer", "bool", "derived", "material handed to a writer"),
    Fact("use.ai_required_by_company", "bool", "derived", "company requires the writer to use AI"),
    Fact("use.ai_used_by_writer", "bool", "derived", "writer uses AI"),
    Fact("use.translation_only", "bool", "derived", "AI used only to translate"),
    Fact("use.ad_for_expressive_work", "bool", "derived", "advertisement for a film, series, book, game"),
    Fact("use.synthetic_performer_in_ad", "bool", "derived", "a synthetic performer appears in the ad"),
    Fact("use.registration_author_is_ai", "bool", "derived", "application names AI as author"),
    Fact("use.claims_authorship_in_ai_output", "bool", "derived", "application claims authorship in AI output"),
    Fact("use.as_scripted", "bool", "classification", "substantially as scripted, performed or recorded"),
    Fact("use.customary_post", "bool", "classification", "customary post-production work"),
    Fact(
        "use.expressive_exempt",
        "bool",
        "classification",
        "comment, satire, documentary, historical or biographical exemption",
    ),
    Fact("use.false_impression", "bool", "classification", "gives a false impression of authenticity"),
    Fact("use.safety_only", "bool", "classification", "shows what a human cannot safely do"),
    Fact("use.in_place_of_work", "bool", "classification", "replaces work the person would have done in person"),
    Fact(
        "use.consistent_with_contract_and_character",
        "bool",
        "classification",
        "fits the contract and the fundamental character of the photography or soundtrack",
    ),
    Fact(
        "use.deepfake",
        "bool",
        "classification",
        "generated or changed so that it resembles real people, objects, places or events and would be taken for authentic: a deep fake "
        "in the sense of the EU AI Act, art. 3(60)",
    ),
    Fact(
        "use.evidently_artistic",
        "bool",
        "classification",
        "part of a work that is evidently artistic, creative, satirical, fictional or the like, as the EU AI Act, art. 50(4), asks",
    ),
    Fact("use.realistic", "bool", "classification", "realistic imitation"),
    Fact("use.satire", "bool", "classification", "satire or parody"),
    Fact("use.incidental", "bool", "classification", "incidental, not story-relevant"),
    Fact("use.key_creative_element", "bool", "classification", "main character, key visual, central setting"),
    Fact(
        "use.could_be_mistaken_for_real_event",
        "bool",
        "classification",
        "fabricated footage or statement could pass as real",
    ),
    Fact(
        "use.replicates_third_party", "bool", "classification", "replicates or substantially recreates unowned material"
    ),
    Fact("use.input_proprietary_or_personal", "bool", "classification", "inputs are proprietary or personal"),
    Fact("use.recognizable_feature", "bool", "classification", "a principal facial feature stays recognizable"),
    Fact("use.human_role", "bool", "classification", "stands in a role a human would play"),
    Fact("use.nude_or_sex", "bool", "classification", "nudity or simulated sexual activity"),
    Fact("use.related_to_picture", "bool", "classification", "biometric use serves the picture"),
    Fact("use.set_security", "bool", "classification", "biometric use is set security"),
    Fact("use.public_interest_text", "bool", "classification", "text informs the public on matters of public interest"),
    Fact(
        "use.ad_consistent_with_work",
        "bool",
        "classification",
        "the synthetic performer appears in the work the same way",
    ),
    # tool
    Fact(
        "tool.trains_on_inputs",
        "bool",
        "derived",
        "tool stores, reuses or trains on inputs or outputs (from archived terms)",
    ),
    Fact("tool.enterprise", "bool", "derived", "enterprise-secured environment"),
    Fact("tool.covered_provider", "bool", "derived", "generator above 1 M monthly users in California"),
    Fact(
        "tool.license_restricts_av",
        "bool",
        "derived",
        "model license needs a separate license for film, TV, ads or radio",
    ),
    # dataset
    Fact("dataset.contains_third_party", "bool", "derived", "any item not owned by the production"),
    Fact("dataset.contains_likeness", "bool", "derived", "any item shows or sounds like an identifiable person"),
    Fact("dataset.reserved", "bool", "derived", "any reservation signal seen"),
    # license
    Fact("license.training", "bool", "record", "active license that names training for this set"),
    Fact("license.model_version_covered", "bool", "record", "that license covers this model version"),
    Fact("license.film_output", "bool", "record", "license allows output in film or TV"),
    Fact("license.archive_allows_ai", "bool", "record", "archive license permits the alteration"),
    Fact("license.years_over_10", "bool", "derived", "duration above 10 years (computed; unknown without both dates)"),
    Fact("license.years_over_5", "bool", "derived", "duration above 5 years (computed)"),
    # consent
    Fact("consent.create", "bool", "record", "act create is granted and active"),
    Fact("consent.use", "bool", "record", "act use_this_work or use_other_work, matching this use, granted"),
    Fact("consent.alter", "bool", "record", "act alter granted"),
    Fact("consent.training", "bool", "record", "act train or fine_tune granted"),
    Fact("consent.language", "bool", "record", "act dub granted for this language"),
    Fact("consent.by_estate", "bool", "record", "granted by a valid representative of a deceased person"),
    Fact("consent.by_union", "bool", "record", "granted by the union because no representative was found"),
    Fact("consent.lifetime_survives", "bool", "record", "consent given in life survives death"),
    Fact("consent.guardian", "bool", "record", "guardian signed for a minor"),
    Fact("consent.company_for_writer", "bool", "record", "company consented to the writer's AI use"),
    Fact("consent.gdpr_explicit", "bool", "record", "explicit consent under GDPR art. 9(2)(a)"),
    Fact("consent.clear_conspicuous", "bool", "record", "form requirement met, with its Determination"),
    Fact("consent.specific", "bool", "record", "reasonably specific description, with its Determination"),
    Fact("consent.separate_writing", "bool", "record", "separate signed writing"),
    Fact("consent.before_use", "bool", "record", "signed before the use"),
    Fact(
        "consent.scope_ok",
        "bool",
        "record",
        "the use lies inside what was agreed: works, roles, scenes, languages, territories, media, days",
    ),
    Fact("consent.revoked", "bool", "status", "revoked at or before the moment tested"),
    Fact("consent.expired", "bool", "status", "its last day is over"),
    Fact("consent.suspended", "bool", "status", "suspended (strike, legal hold, non-payment, dispute)"),
    Fact("consent.exhausted", "bool", "status", "a counter is used up"),
    Fact("consent.disputed", "bool", "status", "a dispute overlay is open"),
    Fact("consent.gdpr_withdrawn", "bool", "status", "GDPR consent withdrawn"),
    Fact("consent.inactive_when_made", "bool", "status", "no consent for it stood on the day on which it was made"),
    # representation
    Fact("representation.counsel", "bool", "record", "person was represented by counsel for this grant"),
    Fact(
        "representation.union_cba_addresses_replicas",
        "bool",
        "record",
        "a CBA that expressly addresses replicas covers the person",
    ),
    # notice
    Fact("notice.scan_48h", "bool", "record", "description given at least 48 h before"),
    Fact("notice.at_late_engagement", "bool", "record", "engaged inside 48 h and told at engagement"),
    Fact("notice.union_synthetic", "bool", "record", "union told of a synthetic performer, bargaining offered"),
    Fact("notice.union_training", "bool", "record", "union told of a training license"),
    Fact("notice.writer_ai_material", "bool", "record", "writer told that material is AI-generated"),
    Fact("notice.director_consulted", "bool", "record", "director consulted"),
    Fact("notice.netflix_reported", "bool", "record", "use reported to the Netflix contact"),
    # approval
    Fact("approval.netflix_written", "bool", "record", "Netflix written approval for this use"),
    Fact("approval.commissioner", "bool", "record", "BBC commissioner agreed"),
    Fact("approval.editorial_policy", "bool", "record", "BBC editorial policy approved"),
    Fact("approval.union_transfer", "bool", "record", "union approved the transferee"),
    Fact(
        "approval.legal_release_after_revocation",
        "bool",
        "record",
        "legal released finished material after revocation or dispute",
    ),
    # determination
    Fact("determination.business_reason", "bool", "record", "a written business reason exists"),
    Fact("determination.day_estimate", "bool", "record", "good-faith day estimate by a named person exists"),
    Fact("determination.de_minimis", "bool", "record", "answer yes: AI content is no more than de minimis"),
    Fact(
        "determination.editorial_responsibility",
        "bool",
        "record",
        "answer yes: human review and a named responsible person",
    ),
    Fact(
        "determination.eu_classified",
        "bool",
        "record",
        "somebody said whether it is a deep fake and evidently artistic, or not",
    ),
    Fact(
        "determination.gdpr_art9_ground",
        "bool",
        "record",
        "a ground of GDPR art. 9(2) other than consent is recorded",
    ),
    Fact("determination.human_authored", "bool", "record", "answer yes: people wrote it"),
    Fact("determination.human_authorship_ground", "bool", "record", "the ground of human authorship is stated"),
    Fact("determination.human_performed", "bool", "record", "answer yes: a person performed the role"),
    Fact("determination.post_release_case", "bool", "record", "case opened and decided"),
    Fact("determination.significant_additional_value", "bool", "record", "answer yes, with reasons"),
    # disclosure
    Fact(
        "disclosure.eu_label", "bool", "record", "the label that the audience in the EU sees of a deep fake is in place"
    ),
    Fact("disclosure.credit", "bool", "record", "credit or equivalent disclosure in place"),
    Fact("disclosure.audible", "bool", "record", "audible disclaimer in place"),
    Fact("disclosure.audience", "bool", "record", "outward disclosure to viewers in place"),
    Fact("disclosure.ny_ad", "bool", "record", "conspicuous ad disclosure in place"),
    Fact("disclosure.usco_excluded", "bool", "record", "AI content disclosed and excluded in the application"),
    Fact("disclosure.festival", "bool", "record", "festival questions answered"),
    Fact("disclosure.cn_explicit", "bool", "record", "visible label for China in place"),
    Fact("disclosure.cn_implicit", "bool", "record", "metadata label for China in place"),
    Fact("disclosure.in_label", "bool", "record", "label for India in place"),
    # attest
    Fact("attest.replica_custody", "bool", "record", "custody attestation for the replica is current"),
    Fact("attest.transferee_commitment", "bool", "record", "transferee committed in writing, arbitration included"),
    Fact("attest.usage_report", "bool", "record", "usage report issued to the performer"),
    Fact("attest.cue_sheet", "bool", "record", "cue-sheet row exists for the element"),
    Fact("attest.dataset_card", "bool", "record", "dataset provenance fields complete"),
    Fact("attest.insurer_disclosed", "bool", "record", "insurer told"),
    Fact("attest.ai_dossier", "bool", "record", "dossier kept"),
    # payment
    Fact("payment.scan_day", "bool", "record", "scan day paid or scheduled"),
    Fact("payment.replica_days", "bool", "record", "replica days paid or scheduled"),
    Fact("payment.principal_days", "bool", "record", "principal rate for estimated days paid or scheduled"),
    Fact("payment.residual_flag", "bool", "record", "residual flag passed to payroll"),
    Fact("payment.bargained", "bool", "record", "bargained compensation recorded"),
    Fact("payment.icdr_floor", "bool", "record", "at least the day-performer rate, contributions recorded"),
    Fact("payment.union_fund", "bool", "record", "payment to performer or union funds recorded"),
    Fact("payment.rtg_7_5x", "bool", "record", "real-time generation paid at 7.5 x scale or more"),
    # ------------------------------------------------------------------ our own, beyond the reference catalogue
    Fact(
        "production.release_date", "date", "profile", "first day on which the picture is made available to the public"
    ),
    Fact("production.work_jurisdictions", "territories", "profile", "where the performances and the making take place"),
    Fact("production.governing_law", "territories", "profile", "whose law governs the production's agreements"),
    Fact(
        "license.scope_ok",
        "bool",
        "record",
        "a license on file covers the works, territories, media and days of this use",
    ),
    Fact("license.on_file", "bool", "record", "a license that names this material is on file and in force"),
    Fact("license.expired", "bool", "status", "its last day is over"),
    Fact("license.revoked", "bool", "status", "revoked or terminated at or before the moment tested"),
    Fact("license.suspended", "bool", "status", "suspended"),
    Fact("license.disputed", "bool", "status", "a dispute overlay is open"),
    Fact("license.until_known", "bool", "derived", "its last day, or that it has none, was written down"),
    Fact(
        "use.possible",
        "bool",
        "derived",
        "only possibly in the cut: it may be covered, or another version may be shown",
    ),
    Fact("use.recorded_making", "bool", "derived", "how it was made is on record"),
    # read by the match of scopes
    Fact(
        "production.works", "strings", "profile", "what agreements call this work beside its id: EIDR, ISAN, a number"
    ),
    Fact("production.media", "strings", "profile", "where it is shown or heard", get_args(Field)),
    Fact("use.violence", "bool", "classification", "shows violence"),
    Fact("use.drugs", "bool", "classification", "shows drugs"),
    Fact("use.political", "bool", "classification", "is political"),
    Fact("use.endorsement", "bool", "classification", "endorses a product, a service or a person"),
    Fact("use.religion", "bool", "classification", "is about religion"),
    Fact("use.defamatory", "bool", "classification", "may be taken as defamatory"),
    Fact("use.otherwise_prohibited", "bool", "classification", "is something else that the agreement prohibits"),
    # read by the pack edgecode-desk
    Fact(
        "person.state",
        "enum",
        "derived",
        "who is in it: recorded, erased, nobody (none), somebody whom the record cannot tell (unknown); absent: nobody has said",
        ("recorded", "erased", "none", "unknown"),
    ),
    Fact("consent.transfer", "bool", "record", "act transfer granted"),
    Fact("consent.biometric_process", "bool", "record", "act biometric_process granted"),
    Fact("consent.retain", "bool", "record", "act retain granted"),
    Fact("consent.promote", "bool", "record", "act promote granted"),
    Fact(
        "consent.models_clause",
        "enum",
        "derived",
        "what the revocation clause of the consent relied on says of trained weights; absent: it says nothing",
        ("keep", "freeze", "delete_by"),
    ),
    Fact("consent.models_until", "date", "derived", "the day until which that clause (delete_by) lets weights stand"),
    Fact(
        "consent.strike_clause", "bool", "derived", "the consent relied on is suspended by a strike, by its own terms"
    ),
    Fact(
        "use.replica_overdue",
        "bool",
        "derived",
        "a replica behind it was to be deleted by a day that is over, and no deletion is recorded; false: none was",
    ),
    Fact(
        "tool.training",
        "enum",
        "derived",
        "what the models behind it were trained on: described for all of them, undisclosed by a maker; absent: nobody asked",
        ("described", "undisclosed"),
    ),
    Fact(
        "consent.scope_why",
        "string",
        "derived",
        "label of the consent relied on, what of the use lies outside its scope, and what nobody said",
    ),
    Fact("dataset.contains_minors", "bool", "derived", "any item shows or sounds like somebody under 18"),
    Fact("tool.terms_archived", "bool", "record", "the terms of every tool and plan behind it are archived"),
    Fact(
        "tool.terms_limit",
        "bool",
        "derived",
        "terms on record of a model or a tool behind it name the works or the fields that it may be used for",
    ),
    Fact(
        "tool.terms_allow",
        "bool",
        "derived",
        "all of them name this work and where it is shown; absent: nobody has said",
    ),
    Fact(
        "consent.approval_per_use",
        "bool",
        "derived",
        "by its terms the consent relied on asks for an approval of each use; false: its terms are on record and do not",
    ),
    Fact(
        "approval.person_per_use",
        "bool",
        "record",
        "whoever gave the consent approved this very use, by its version or key, and by person where several are in it",
    ),
    Fact("person.filmed", "bool", "derived", "somebody is in it as they were filmed or recorded"),
    Fact(
        "person.filmed_minor",
        "bool",
        "derived",
        "whoever is filmed is under 18 today, or was on the day of the filming; absent: nobody has said how old they are",
    ),
    Fact(
        "consent.on_record",
        "bool",
        "derived",
        "an agreement on the showing of what was filmed of them for this work is on record, whatever became of it",
    ),
    Fact("consent.reaches", "bool", "derived", "the scope of that agreement reaches the use, whatever acts it names"),
    Fact("representation.guardian", "bool", "record", "a guardian of theirs is on record"),
)

CATALOGUE: Mapping[str, Fact] = {fact.name: fact for fact in _FACTS}
"""Every fact by its dotted name."""

ROOTS: tuple[str, ...] = tuple(dict.fromkeys(fact.root for fact in _FACTS))
RECORD_FACTS: tuple[str, ...] = tuple(fact.name for fact in _FACTS if fact.world == "record")
"""Facts that are false where no record says otherwise."""

SCOPE_WORDS = ("works", "roles", "scenes", "languages", "territories", "media", "modalities", "tools", "prohibited")
"""Lists of words in a `Scope` that rules may read of a candidate."""

CANDIDATE: Mapping[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("id", "string", "derived", "its label: C-07, L-14"),
        Fact("status", "enum", "status", "where it stands on the day tested", get_args(AgreementState)),
        Fact("disputed", "bool", "status", "a dispute overlay is open"),
        Fact("acts", "strings", "derived", "what is permitted", get_args(Act)),
        Fact("acts_ok", "bool", "derived", "its acts cover what this use does"),
        Fact(
            "given_by", "enum", "derived", "who gave it", ("person", "guardian", "estate", "union", "licensor", "other")
        ),
        Fact("since", "date", "derived", "its first day"),
        Fact("until", "string", "derived", "its last day, * for without end"),
        Fact("scope_ok", "bool", "derived", "every dimension of its scope covers this use"),
        Fact("kept", "enum", "derived", "whether this log knows everything that happens to it", ("here", "elsewhere")),
        Fact("allows_ai", "bool", "derived", "of a license: alteration or generation by a model is allowed"),
        Fact("training", "string", "derived", "what training its scope allows"),
        *(Fact(f"{word}_ok", "bool", "derived", f"its scope covers the {word} of this use") for word in DIMENSIONS),
        Fact("begins_ok", "bool", "derived", "it has begun by the first day of this use"),
        Fact("ends_ok", "bool", "derived", "it lasts until the last day of this use"),
        *(Fact(word, "strings", "derived", f"the {word} of its scope") for word in SCOPE_WORDS),
    )
}
"""What rules may read of an agreement that might cover a use (`Candidate.values`), by name. Absent: nobody has said."""

LISTS = ("consents", "licenses")
"""Lists of candidates; rules read them with ``some`` only."""


def fact_named(name: str) -> Fact:
    """The fact of this name. Raises InputError ``facts.unknown``, which says the nearest names."""
    found = CATALOGUE.get(name)
    if found is None:
        raise InputError(
            "facts.unknown",
            f"{name[:80]} is no fact of {VOCABULARY}{near_names(name, CATALOGUE)}",
            "docs/reference/packs.md lists them",
        )
    return found


def near_names(name: str, among: Iterable[str]) -> str:
    """The names that are near *name*, as the end of a sentence; "" when none is."""
    near = get_close_matches(name, list(among), n=3, cutoff=0.6)
    return f" (near it: {', '.join(near)})" if near else ""


def checked(name: str, value: object) -> FactValue:
    """*value* as the value of the fact *name*; a list becomes a tuple. Raises InputError ``facts.unknown`` and ``facts.value``."""
    return checked_as(fact_named(name), value)
