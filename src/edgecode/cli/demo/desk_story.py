"""The desk of “The Last Verse” as data: who is in it, what was agreed with whom, what was decided. Everybody and everything is invented.

The songwriter is dead; an estate holds the rights, its executor signs and is interviewed, somebody else played the hand and the guitar. The
estate let the film make one line in the songwriter's voice, and took that back before delivery. An archive lends its reel for too short a
time. Days are counted from the day on which the desk is entered; amounts are in cents.
"""

from edgecode.cli.demo.weights import VOICE_MODEL
from edgecode.production.desk.uses import UseDraft
from edgecode.production.persons.noting import How
from edgecode.terms.rights import Role, Scope

Fields = dict[str, str | int]
"""Fields as people write them; a number is a day."""

VOICE, HAND, RECORDINGS, ARCHIVE_REEL = "C-01", "C-02", "C-03", "L-01"
"""The consent that is taken back, two that stand, and the license that ends before the release."""

TAPES, STUDIES, PICTURES = "tapes", "studies", "open pictures"
TAPES_CALLED = "Estate tapes, songwriter's voice"
"""What the step that made the voice calls what its model was trained on."""

PROFILE: Fields = {
    "production.kind": "documentary",
    "production.sag": "none",
    "production.wga": "no",
    "production.dga": "no",
    "production.strike": "no",
    "production.buyer": "none",
    "production.territories": "DE US-CA",
    "production.media": "film",
    "production.awards": "none",
    "production.us_registration": "no",
    "production.eo_policy": "no",
    "production.hpf_label": "no",
    "production.festival_submission": "no",
    "production.pp_start": -240,
    "production.release_date": 75,
}

PEOPLE: dict[str, tuple[str, Fields]] = {
    "songwriter": (
        "Ellis Marrow",
        {
            "kind": "natural_person",
            "deceased_on": "1998-03-14",
            "domicile_at_death": "US-CA",
            "gdpr_subject": "no",
            "minor_until": "1959-06-01",
        },
    ),
    "estate": ("Estate of Ellis Marrow", {"kind": "estate"}),
    "executor": (
        "Ida Fennimore",
        {"kind": "natural_person", "status": "living", "gdpr_subject": "no", "minor_until": "1979-02-11"},
    ),
    "performer": (
        "Tomas Reylander",
        {"kind": "natural_person", "status": "living", "gdpr_subject": "no", "minor_until": "2009-10-30"},
    ),
    "clearance": ("Clara Oduya", {"kind": "natural_person", "status": "living"}),
    "legal": ("Lennart Quist", {"kind": "natural_person", "status": "living"}),
    "producer": ("Petra Halloran", {"kind": "natural_person", "status": "living"}),
}
ROLES: tuple[Role, ...] = ("clearance", "legal", "producer")

EVERYWHERE: Fields = {
    "works": "*",
    "roles": "*",
    "scenes": "*",
    "languages": "*",
    "territories": "*",
    "media": "film trailer",
    "modalities": "*",
    "tools": "*",
    "maxima": "none",
    "prohibited": "none",
    "until": "*",
}
"""What the agreements of this film say of their scope, where they say nothing else."""

OF_THE_VOICE: Fields = {
    "acts": "create use_this_work train",
    "form": "separate_writing",
    "description": "One spoken line of at most ten seconds over the letter, in a voice trained on the estate's tapes.",
    "signed_on": -210,
    "since": -210,
    "tools": "Echo Bench;",
    "training": "named_model",
    "compensation": "uses 1254317 USD",
    "revocation": "withdraw_unreleased",
    "revocation_models": "freeze",
    "revocation_clause": "9.1 The estate may withdraw until first release. 9.2 Weights are then kept unused.",
}
OF_THE_HAND: Fields = {
    "acts": "create use_this_work",
    "form": "separate_writing",
    "description": "The hand on the guitar, captured and rendered.",
    "signed_on": -110,
    "since": -110,
    "training": "none",
    "compensation": "days 8654319 USD",
}
OF_THE_RECORDINGS: Fields = {
    "acts": "use_this_work",
    "form": "rider",
    "description": "Tapes, photographs and home film of the songwriter, shown as they are.",
    "signed_on": -205,
    "since": -205,
    "tools": "none",
    "training": "none",
}
"""No tool of a model is named in it, so that it gives nothing that a model makes."""
LICENSES: dict[str, tuple[Fields, tuple[str, ...]]] = {
    ARCHIVE_REEL: (
        {
            "licensor": "Harbor Film Archive",
            "signed_on": -160,
            "since": -160,
            "until": 45,
            "compensation": "seconds_on_screen 9543127 USD",
        },
        ("T0103_super8",),
    ),
    "L-02": (
        {
            "licensor": "Estate of Ellis Marrow",
            "signed_on": -210,
            "since": -210,
            "allows_ai": "yes",
            "training": "named_model",
        },
        ("T0103_side_a", "photo_014", "photo_022", TAPES),
    ),
    "L-03": (
        {"licensor": "Coastal Broadcasting", "signed_on": -150, "since": -150, "allows_ai": "yes"},
        ("T0211_raw", "T0007_2019", "T0007_2026"),
    ),
    "L-04": (
        {"licensor": "Meadowlight Models", "signed_on": -230, "since": -230, "fields": "film", "training": "general"},
        ("meadowlight_xl_v3.safetensors", PICTURES),
    ),
}
SEEN: tuple[tuple[str, str, How], ...] = (
    ("executor", "A002C002", "depicted"),
    ("executor", "A002C002_sound", "heard"),
    ("songwriter", "T0103_super8", "depicted"),
    ("songwriter", "photo_014", "depicted"),
    ("songwriter", "T0103_side_a", "heard"),
    ("performer", "hand_capture_t04", "performed"),
    ("performer", "guitar_t04", "performed"),
)
_NOBODY = {"person.status": "none"}
_MARKS = {"use.strips_provider_marks": "no"}
_OF_NOBODY = {**_NOBODY, **_MARKS, "use.alters_archival": "no", "tool.license_restricts_av": "no"}
_CARD_READ = {**_OF_NOBODY, "tool.training": "described"}
"""What somebody says who looked at the pictures, and who read the card of the model."""
USES: dict[str, UseDraft] = {
    "the dream": UseDraft("ai_element", ("garden_dream_v012",), _CARD_READ),
    "the letter": UseDraft("ai_element", ("letter_dream_v003",), _CARD_READ),
    "the crowd": UseDraft("ai_element", ("sh0600_crowd_v002",), _OF_NOBODY),
    "the concert": UseDraft("archival_alteration", ("T0211_restored",), _NOBODY),
    "the line": UseDraft(
        "replica_use",
        ("verse_voice_t03", "songwriter"),
        {**_MARKS, "use.same_picture": "yes", "use.alters_archival": "no"},
    ),
    "the training": UseDraft(
        "train", (VOICE_MODEL, "songwriter"), scope=Scope(training="named_model", tools=("Echo Bench",))
    ),
}

LOOKED_AT = (
    "garden_dream_v012",
    "letter_dream_v003",
    "sh0600_crowd_v002",
    "T0211_restored",
    "T0007_2019",
    "T0007_2026",
)
JUDGED: dict[str, tuple[str, str, tuple[str, ...], str]] = {
    "no deep fake": ("deep_fake", "no", LOOKED_AT, "Nobody could take them for real people or real events."),
    "plainly art": (
        "evidently_artistic",
        "yes",
        LOOKED_AT,
        "Dreams, a letter, a crowd of nobody, and a restored tape.",
    ),
    "deep fake": ("deep_fake", "yes", ("verse_voice_t03",), "It sounds like the songwriter, who never said it."),
    "still art": (
        "evidently_artistic",
        "yes",
        ("verse_voice_t03",),
        "A line of verse over a letter, in a film about verses.",
    ),
    "restored": ("customary_post", "yes", ("T0211_restored",), "Grain and dropouts; nothing was drawn anew."),
}
"""Judgments of counsel or clearance: the question, the answer, what it is about, and why."""
LABELLED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("audience", ()),
    ("credit", ()),
    ("eu_label", ("verse_voice_t03",)),
)
"""What the audience is told, and of what; of nothing in particular is the whole film."""

WHY_WAIVED = "The archive has confirmed the renewal by mail; the paper is on its way."
WHY_TAKEN_BACK = "The family heard the line and does not want it spoken."
TOOLS = ("Echo Bench", "Layerhouse", "Clearframe", "comfyui")
