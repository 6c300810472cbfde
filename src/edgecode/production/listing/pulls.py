"""What has to be replaced in the cuts in force: because an agreement was taken back, or wherever somebody or something is."""

from collections.abc import Sequence

from edgecode.answers.agreements.resting import Moment, Resting, of_person, of_replica, of_versions
from edgecode.answers.chain import Chains
from edgecode.answers.cuts.figures import clip_name, track_name
from edgecode.answers.cuts.view import CutView
from edgecode.answers.listing.pull import Pulled
from edgecode.answers.naming import targets_named
from edgecode.checks.register import Register
from edgecode.errors import NotFoundError
from edgecode.index.catalogue import version_rows
from edgecode.index.persons import day_of, person_called
from edgecode.production.agreements.impact import impact
from edgecode.production.agreements.recording import Kind
from edgecode.production.corridor import Production
from edgecode.production.persons.noting import judged_at


def pulled_by_agreement(production: Production, called: str, *, kind: Kind, on: str = "") -> tuple[list[Pulled], str]:
    """Every stretch that rests on a consent or a license, with its bucket, and the reason in words. Nothing is recorded: of one that nobody
    took back it is what would have to be replaced.

    Raises as `impact` does.
    """
    answer = impact(production, called, kind=kind, on=on)
    views = {view.cut: view for view in production.views()}
    because = f"{answer.label} {'if taken back' if answer.supposed else 'taken back'} {answer.on}"
    because += f" (clause: {answer.mode})" if answer.mode else " (the agreement says nothing of it)"
    found = [
        Pulled(
            views[line.cut_id],
            _clip(views[line.cut_id], place.clip, place.track, place.in_, place.out),
            place.in_,
            place.out,
            f"{line.kind.replace('_', ' ')}{f' of {line.person}' if line.person else ''}",
            because,
            line.bucket,
            line.by,
            line.next_step,
        )
        for line in answer.uses
        if line.cut_id in views and not line.instead and line.released is None
        for place in line.places
    ]
    return found, f"because {because}"


def pulled_wherever(production: Production, what: str, called: str) -> tuple[list[Pulled], str]:
    """Wherever a person, a replica, or a version (a model, a dataset, anything) is, or what was made from it.

    Raises NotFoundError ``person.unknown``, ``replica.unknown``, ``version.unknown``.
    """
    production.catch_up()
    chains = Chains(production.index)
    register, views = Register.read(production.index, origin=production.log.origin), production.views()
    now = judged_at(production, register)
    moment = Moment(day_of(now), now)
    if what == "person":
        person = person_called(production.index, called)
        found: Sequence[Resting] = of_person(views, chains, register, person.id, moment)
        title = person.alias or called
    elif what == "replica":
        if called not in register.replicas:
            raise NotFoundError("replica.unknown", "no replica has this id", "edgecode person show ALIAS lists them")
        found, title = of_replica(views, chains, register, called, moment), "a replica"
    else:
        rows = version_rows(
            production.index, targets_named(production.index, called, reveal=True), places=False
        ).values()
        found, title = (
            of_versions(views, chains, register, [row.key for row in rows]),
            chains.ref(next(iter(rows)).id).name,
        )
    return (
        [
            Pulled(one.view, one.span.clip, one.span.first, one.span.end, one.how.replace("_", " "), title)
            for one in found
        ],
        f"because of {title}",
    )


def _clip(view: CutView, name: str, track: str, first: int, end: int) -> int:
    """The number of a clip that an answer names, by where it lies."""
    return next(
        number
        for number, clip in enumerate(view.clips)
        if clip_name(clip) == name
        and track_name(clip, view.tracks) == track
        and clip.record_in <= first
        and end <= clip.record_out.__ceil__()
    )
