"""What taking an agreement back does to each use that rests on it: a bucket by where the use stood that day, an effect by the clause.

Defaults of the desk, not law (consent.md 4.4): what has not been made is not made, what was made since is taken out, what was made nobody
knows when and what is finished wait for legal, what is released opens a case. The clause may add to that and never takes away that a person
decides. docs/explanation/consent-lifecycle.md shows the table.
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

Bucket = Literal["not_generated", "made_since", "made_unknown", "generated_unlocked", "locked", "released", "trained"]
Effect = Literal["block", "hold", "approve", "withdraw", "case", "continue", "keep", "freeze", "delete"]
Mode: TypeAlias = (
    Literal["none", "prospective", "prospective_with_notice", "withdraw_unreleased", "full_withdrawal"] | None
)

BUCKET_WORDS: Mapping[Bucket, str] = {
    "not_generated": "not made",
    "made_since": "made on that day or later",
    "made_unknown": "not known when made",
    "generated_unlocked": "made before, not locked",
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

MADE_UNKNOWN = "Record when it was made; until then show nothing of it unless legal decides so, citing the clause."
"""The next step of what is there and may have been made before or since; where the clause lets it be withdrawn the table's own."""

EFFECTS: Mapping[Mode, Mapping[Bucket, Effect]] = {
    None: {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "hold",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "case",
        "trained": "hold",
    },
    "none": {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "hold",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "case",
        "trained": "hold",
    },
    "prospective": {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "hold",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "continue",
        "trained": "hold",
    },
    "prospective_with_notice": {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "hold",
        "generated_unlocked": "hold",
        "locked": "approve",
        "released": "continue",
        "trained": "hold",
    },
    "withdraw_unreleased": {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "withdraw",
        "generated_unlocked": "withdraw",
        "locked": "withdraw",
        "released": "case",
        "trained": "hold",
    },
    "full_withdrawal": {
        "not_generated": "block",
        "made_since": "block",
        "made_unknown": "withdraw",
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
    bucket = bucket_of(use, cut_states, loss.since, entered=_entered(agreement, loss.since))
    effect = effect_by(clause, bucket)
    of_weights = bucket == "trained"
    if bucket == "made_unknown" and use.kind == "train":
        effect, of_weights = _of_undated_weights(clause), True
    by = clause.models_by if of_weights and clause.models is not None else ""
    if clause.mode == "prospective_with_notice" and clause.notice_days and not of_weights:
        by = (date.fromisoformat(loss.since) + timedelta(days=clause.notice_days)).isoformat()
    return UseEffect(bucket, effect, clause.mode, loss.since, clause.clause, step_of(bucket, effect), by)


def step_of(bucket: Bucket, effect: Effect) -> str:
    """What to do next with a use in this bucket."""
    if bucket == "made_since":
        return MADE_SINCE
    return MADE_UNKNOWN if (bucket, effect) == ("made_unknown", "hold") else NEXT_STEPS[effect]


def _entered(agreement: Agreement, since: str) -> int | None:
    """Where the revocation that counts from a day stands in the log; None for one that is only thought of, or that a keeper said."""
    found = [
        move.log_index
        for move in agreement.moves
        if move.move in ("revoked", "terminated") and move.event and (move.effective or day_of(move.ts)) == since
    ]
    return min(found, default=None)


def _of_undated_weights(clause: Revocation) -> Effect:
    """What becomes of weights of which nobody knows whether they were trained before: what the clause says of those that were, unless that
    is to keep them."""
    effect = effect_by(clause, "trained")
    return "hold" if effect == "keep" else effect


def effect_by(clause: Revocation, bucket: Bucket) -> Effect:
    """What a revocation clause does to a use in this bucket, whichever use it is."""
    if bucket == "trained" and clause.models is not None:
        return _MODELS[clause.models]
    if bucket == "released" and clause.released_copies is not None:
        return _COPIES[clause.released_copies]
    return EFFECTS[clause.mode][bucket]


def bucket_of(use: Use, cut_states: frozenset[str], since: str, *, entered: int | None = None) -> Bucket:
    """Where a use stood when the agreement was taken back. *entered*: where that stands in the log.

    What was made nobody knows when has a bucket of its own, so that it is neither called new nor finished; so has what a step that entered
    the log behind the revocation claims to have made before.
    """
    if not (use.version or use.made or use.spans):
        return "not_generated"
    if not use.made:
        return "made_unknown"
    if day_of(use.made) >= since:
        return "made_since"
    if entered is not None and use.entered > entered:
        return "made_unknown"
    if use.kind == "train":
        return "trained"
    if cut_states & {"released", "delivered"}:
        return "released"
    return "locked" if "locked" in cut_states else "generated_unlocked"
