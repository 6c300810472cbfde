"""What taking an agreement back reaches, as the contract impact/1: every use that rests on it, its bucket, its effect, what to do next.

Of a revocation on record, or of one that somebody thinks about: the rules for both are those of `checks.withdrawals`.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from edgecode.answers.check.answer import instances
from edgecode.answers.coverage.answer import LedgerPoint
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.paper_notes.releases import ReleaseNote, note_for
from edgecode.checks.considered import Asking, Considered, acts_asked, consents_for, licenses_for, same_picture_of
from edgecode.checks.lifecycle import loss_of
from edgecode.checks.register import Agreement, Move, Register
from edgecode.checks.uses import Span, Use
from edgecode.checks.withdrawals import Bucket, Effect, Mode, UseEffect, effect_of
from edgecode.terms.identity import RecordId
from edgecode.terms.rights import Act

BUCKETS: tuple[Bucket, ...] = get_args(Bucket)


class ImpactPlace(Struct, frozen=True):
    """One stretch of a use: frames *in* up to *out* of the cut. *visibility* ``possible``: it may be covered; it counts."""

    reel: str
    in_: int = field(name="in")
    out: int
    in_tc: str
    out_tc: str
    frames: int
    clip: str
    track: str
    medium: str
    visibility: str


class ImpactLine(Struct, frozen=True):
    """One use that rests on the agreement. *use*: its key, the same in every cut. *shot*: the clip of its first place. *cut* "": it lies
    in none. *states*: what the cut was on the day of the revocation. *name*: of the version on screen.

    *outside*: the agreement did not cover it anyway. *instead*: the label of another agreement that covers it, so that nothing is to be
    done, "" for none. *by*: a day that the clause names. *released*: legal released it.
    """

    cut: str
    cut_id: RecordId
    states: tuple[str, ...]
    use: str
    kind: str
    person: str
    version: RecordId
    name: str
    shot: str
    frames: int
    places: tuple[ImpactPlace, ...]
    bucket: Bucket
    effect: Effect
    next_step: str
    by: str
    outside: bool
    instead: str
    released: ReleaseNote | None = None


class ImpactModel(Struct, frozen=True):
    """A model that stands on the agreement. *frames*: of all cuts in force, on which something that it made is. *bucket*: ``trained``
    under it, ``made_since``, or ``made_unknown``."""

    model: RecordId
    name: str
    effect: Effect
    next_step: str
    by: str
    frames: int
    bucket: Bucket = "trained"


class BucketSum(Struct, frozen=True):
    """How much lies in a bucket. *frames*: by cut each counted once; nothing is said as 0."""

    bucket: Bucket
    uses: int
    cuts: int
    frames: int


class Impact(Struct, frozen=True, tag_field="schema", tag="edgecode.impact/1"):
    """The answer, exactly as ``edgecode consent impact --json`` prints it (docs/reference/impact-json.md).

    *supposed*: nobody has taken it back by that day; this is what would happen. *acts*: empty for all of it. *mode* null: the agreement
    does not say. *clause*: its own words, null unless revealed or where it has none. *frames*: of all cuts, by cut each counted once.
    """

    production: str
    kind: Literal["consent", "license"]
    label: str
    agreement: RecordId
    person: str
    on: str
    supposed: bool
    acts: tuple[str, ...]
    mode: Mode
    notice_days: int
    clause: str | None
    today: str
    ledger: LedgerPoint
    uses: tuple[ImpactLine, ...]
    models: tuple[ImpactModel, ...]
    replicas: tuple[RecordId, ...]
    sums: tuple[BucketSum, ...]
    frames: int


class Withdrawal(Struct, frozen=True):
    """An agreement taken back. *before*, *after*: the register without and with that. *agreement*: as in *after*. *day*: from which it
    counts; *acts*: () for all of it."""

    before: Register
    after: Register
    agreement: Agreement
    day: str
    supposed: bool
    acts: tuple[Act, ...] = ()


def withdrawal(register: Register, agreement: Agreement, *, on: str, acts: tuple[Act, ...] = ()) -> Withdrawal:
    """The revocation of an agreement that counts on a day, or a supposed one of that day where there is none."""
    kept = tuple(move for move in agreement.moves if move.move != "revoked")
    loss = next((found for act in (None, *acts) if (found := _revoked(agreement, on, act))), None)
    partial = [move for move in agreement.moves if move.move == "revoked" and move.acts and move.effective <= on]
    if loss is None and partial and not acts:
        taken = tuple(dict.fromkeys(act for move in partial for act in move.acts))
        day = min(move.effective for move in partial)
        return Withdrawal(_with(register, replace(agreement, moves=kept)), register, agreement, day, False, taken)
    if loss is not None:
        return Withdrawal(_with(register, replace(agreement, moves=kept)), register, agreement, loss, False, acts)
    last = max((move.log_index for move in agreement.moves), default=agreement.latest.log_index)
    newest = max(last, agreement.latest.log_index) + 1
    move = Move("", agreement.id, newest, 0, "revoked", on, acts=acts)
    supposed = replace(agreement, moves=(*agreement.moves, move))
    return Withdrawal(register, _with(register, supposed), supposed, on, True, acts)


def _revoked(agreement: Agreement, on: str, act: Act | None) -> str:
    loss = loss_of(agreement, on, act=act)
    return loss.since if loss is not None and loss.state == "revoked" else ""


def _with(register: Register, agreement: Agreement) -> Register:
    return replace(register, agreements={**register.agreements, agreement.id: agreement})


class Affected(Struct, frozen=True):
    """A use with what becomes of it. *outside*, *instead*: as in `ImpactLine`. *states*: of its cut on the day."""

    use: Use
    effect: UseEffect
    states: frozenset[str]
    outside: bool
    instead: str
    released: ReleaseNote | None = None


def affected(use: Use, taken: Withdrawal, *, today: str, now: int) -> Affected | None:
    """What a revocation does to a use; None when it does not rest on the agreement, or asks for none of the acts that were taken back."""
    asked = [act for acts in acts_asked(use.kind, same_picture=same_picture_of(use)) for act in acts]
    if taken.acts and not set(asked) & set(taken.acts):
        return None
    nearest = _nearest(use, taken.before, taken.day, now)
    relied = {what: one for what, one in nearest.items() if one.agreement.id == taken.agreement.id}
    on = max(taken.day, today)
    left = _nearest(use, taken.after, on, now)
    # What rests on another consent for the same is held with it: nobody knows whether that was meant too.
    beside = left.get("")
    if not relied and beside is not None and taken.agreement.id in beside.doubted:
        relied = {"": beside}
    if not relied:
        return None
    states = taken.after.states_of_cut(use.cut, on=taken.day) if use.cut else frozenset()
    act = next((act for act in asked if act in taken.acts), None)
    effect = effect_of(taken.agreement, use, states, on, act=act)
    if effect is None:
        return None
    # A license of the material is no consent of the person in it, and a license of one material none of another.
    others = [left[what] for what in relied if what in left]
    others = [one for one in others if one.agreement.id != taken.agreement.id and one.covers and not one.doubted]
    outside = next(iter(relied.values())).covers is False
    asking = Asking(use, taken.after, on, now, None, same_picture_of(use))
    released = note_for(asking, next(iter(consents_for(asking)), None))
    instead = others[0].agreement.label if len(others) == len(relied) else ""
    return Affected(use, effect, states, outside, instead, released)


def _nearest(use: Use, register: Register, day: str, now: int) -> dict[RecordId, Considered]:
    """The agreement that comes nearest for a use's person ("") and for each of its materials. Maxima are left to the gate."""
    asking = Asking(use, register, day, now, None, same_picture_of(use))
    found = {"": consents_for(asking)} | {material: licenses_for(asking, material) for material in use.material}
    return {what: listed[0] for what, listed in found.items() if listed and listed[0].granted}


def impact_line(one: Affected, view: CutView | None, *, name: str) -> ImpactLine:
    """One use as the contract has it."""
    places = tuple(_place(span, view) for span in instances(one.use.spans)) if view is not None else ()
    return ImpactLine(
        cut=view.name if view is not None else "",
        cut_id=view.cut if view is not None else "",
        states=tuple(sorted(one.states)),
        use=one.use.key,
        kind=one.use.kind,
        person=one.use.alias,
        version=one.use.version,
        name=name,
        shot=places[0].clip if places else "",
        frames=one.use.frames,
        places=places,
        bucket=one.effect.bucket,
        effect=one.effect.effect,
        next_step=one.effect.next_step,
        by=one.effect.by,
        outside=one.outside,
        instead=one.instead,
        released=one.released,
    )


def _place(span: Span, view: CutView) -> ImpactPlace:
    clip = view.clips[span.clip] if span.clip >= 0 else None
    return ImpactPlace(
        reel=next((name for name, frames in view.reels if span.first in frames), ""),
        in_=span.first,
        out=span.end,
        in_tc=view.clock.label(span.first),
        out_tc=view.clock.label(span.end),
        frames=span.frames,
        clip=clip_name(clip) if clip is not None else "",
        track=track_name(clip, view.tracks) if clip is not None else "",
        medium=span.medium,
        visibility=span.visibility.value,
    )


def bucket_sums(lines: Sequence[ImpactLine]) -> tuple[BucketSum, ...]:
    """The sums of every bucket, empty ones too."""
    return tuple(_sum(bucket, [one for one in lines if one.bucket == bucket]) for bucket in BUCKETS)


def _sum(bucket: Bucket, lines: Sequence[ImpactLine]) -> BucketSum:
    return BucketSum(bucket, len(lines), len({one.cut_id for one in lines if one.cut_id}), frames_in(lines))


def frames_in(lines: Iterable[ImpactLine]) -> int:
    """Frames of cuts, each frame of a cut counted once, whether it is seen or heard."""
    return len({(one.cut_id, frame) for one in lines for place in one.places for frame in range(place.in_, place.out)})
