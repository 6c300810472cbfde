"""What taking an agreement back does to each use that rests on it: a bucket by where the use stood that day, an effect by the clause.

Defaults of the desk, not law (consent.md 4.4): what has not been made is not made, what is finished waits for legal, what is released
opens a case. The clause may add to that and never takes away that a person decides. docs/explanation/consent-lifecycle.md shows the table.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct

from edgecode.checks.lifecycle import loss_of
from edgecode.checks.register import Agreement
from edgecode.checks.uses import Use
from edgecode.index.persons import day_of
from edgecode.terms.rights import Act, Revocation

Bucket = Literal["not_generated", "generated_unlocked", "locked", "released", "trained"]
Effect = Literal["block", "hold", "approve", "withdraw", "case", "continue", "keep", "freeze", "delete"]
Mode: TypeAlias = (
    Literal["none", "prospective", "prospective_with_notice", "withdraw_unreleased", "full_withdrawal"] | None
)

BUCKET_WORDS: Mapping[Bucket, str] = {
    "not_generated": "not made by then",
    "generated_unlocked": "made, not locked",
    "locked": "locked, not delivered",
    "released": "delivered or released",
    "trained": "trained models",
}
"""Buckets in words for people."""

NEXT_STEPS: Mapping[Effect, str] = {
    "block": "Make nothing new of it, or record a new consent.",
    "hold": "Ask legal to read the agreement's revocation clause and to decide, citing it.",
    "approve": "Ask legal for a release that cites the clause, and tell the buyer.",
    "withdraw": "Pull the shot, or record a new consent; tell the buyer where the cut was locked.",
    "case": "Open a case and record what is decided; nothing is taken down by itself.",
    "continue": "Go on as it is, note it in the case, and release it in no new way without legal.",
    "keep": "Keep the weights, and train nothing further on them; legal decides on each new output.",
    "freeze": "Make nothing more with the weights, and list every output that they reached.",
    "delete": "Delete the weights, by the day that the clause names if it names one, and record the deletion.",
}
"""What to do next, for each effect."""

MADE_SINCE = "Take out what was made since, and make nothing more of it, or record a new consent."
"""The next step of what had not been made by then and is there now."""

EFFECTS: Mapping[Mode, Mapping[Bucket, Effect]] = {
    None: {
        "not_generated": "block",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "case",
        "trained": "hold",
    },
    "none": {
        "not_generated": "block",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "case",
        "trained": "hold",
    },
    "prospective": {
        "not_generated": "block",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "continue",
        "trained": "hold",
    },
    "prospective_with_notice": {
        "not_generated": "block",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "continue",
        "trained": "hold",
    },
    "withdraw_unreleased": {
        "not_generated": "block",
        "generated_unlocked": "withdraw",
        "locked": "withdraw",
        "released": "case",
        "trained": "hold",
    },
    "full_withdrawal": {
        "not_generated": "block",
        "generated_unlocked": "withdraw",
        "locked": "withdraw",
        "released": "withdraw",
        "trained": "delete",
    },
}
"""By the mode of the clause (None: it does not say) and the bucket. `Revocation.models` and ``released_copies`` say more (`effect_of`)."""

_MODELS: Mapping[str, Effect] = {"keep": "keep", "freeze": "freeze", "delete_by": "delete"}
_COPIES: Mapping[str, Effect] = {
    "continue": "continue",
    "no_new_formats": "continue",
    "best_efforts_withdraw": "withdraw",
}


class UseEffect(Struct, frozen=True):
    """What became of one use. *since*: the day from which the agreement is taken back. *clause*: its own words, sealed terms: only printed
    where somebody asked to reveal them. *by*: the day until which weights may stand or notice runs, "" for none."""

    bucket: Bucket
    effect: Effect
    mode: Mode
    since: str
    clause: str
    next_step: str
    by: str = ""


def effect_of(
    agreement: Agreement, use: Use, cut_states: frozenset[str], on: str, *, act: Act | None = None, last_day: str = ""
) -> UseEffect | None:
    """What a revocation that counts on a day does to a use; None when nothing was taken back by then.

    *cut_states*: what its cut was **on the day from which the revocation counts** (`Register.states_of_cut`). *act*: what the use does,
    for a revocation of single acts. Other losses (an end, a suspension) are no revocation.
    """
    loss = loss_of(agreement, on, act=act, last_day=last_day)
    if loss is None or loss.state != "revoked":
        return None
    version = loss.version or agreement.latest
    clause = version.terms.terms.revocation if version.terms is not None else Revocation()
    bucket = bucket_of(use, cut_states, loss.since)
    effect = effect_by(clause, bucket)
    by = clause.models_by if bucket == "trained" and clause.models is not None else ""
    if clause.mode == "prospective_with_notice" and clause.notice_days and bucket != "trained":
        by = (date.fromisoformat(loss.since) + timedelta(days=clause.notice_days)).isoformat()
    step = MADE_SINCE if effect == "block" and (use.made or use.spans) else NEXT_STEPS[effect]
    return UseEffect(bucket, effect, clause.mode, loss.since, clause.clause, step, by)


def effect_by(clause: Revocation, bucket: Bucket) -> Effect:
    """What a revocation clause does to a use in this bucket, whichever use it is."""
    if bucket == "trained" and clause.models is not None:
        return _MODELS[clause.models]
    if bucket == "released" and clause.released_copies is not None:
        return _COPIES[clause.released_copies]
    return EFFECTS[clause.mode][bucket]


def bucket_of(use: Use, cut_states: frozenset[str], since: str) -> Bucket:
    """Where a use stood when the agreement was taken back. What was made at a time that nobody knows counts as finished, so that a person
    decides on it."""
    made = day_of(use.made) if use.made else ""
    exists = bool(use.version or use.made or use.spans)
    if not exists or (made and made >= since):
        return "not_generated"
    if use.kind == "train":
        return "trained"
    if cut_states & {"released", "delivered"}:
        return "released"
    return "locked" if "locked" in cut_states else "generated_unlocked"
