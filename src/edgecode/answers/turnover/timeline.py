"""What is asked as a timeline (OTIO), so that a house with a record of its own can lay its pack over it: a clip for each row, one after
another, with the edge code of the file that was asked about."""

import json
from collections.abc import Mapping

from edgecode.answers.turnover.request import RequestRow, TurnoverRequest
from edgecode.terms.identity import EdgeCode
from edgecode.terms.timebase import Rate


def request_timeline(request: TurnoverRequest) -> bytes:
    """Timeline.1 of one track (OpenTimelineIO 0.17, file format). Rows of which no file is known are gaps."""
    rate = Rate.of(request.rate)
    clock = rate.numerator / rate.denominator
    children = [_item(row, clock) for row in request.rows]
    track = {"OTIO_SCHEMA": "Track.1", "name": "V1", "kind": "Video", "children": children}
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": f"turnover {request.number}",
        "global_start_time": _time(0, clock),
        "tracks": {"OTIO_SCHEMA": "Stack.1", "name": "tracks", "children": [track]},
        "metadata": {"edgecode": {"turnover": request.turnover, "origin": request.origin}},
    }
    return json.dumps(timeline, ensure_ascii=True, indent=1).encode()


def _item(row: RequestRow, clock: float) -> Mapping[str, object]:
    span = _range(row.first, row.end - row.first, clock)
    digest = row.sha256 or row.sequence_root
    if row.counted_in != "file" or not digest:
        return {"OTIO_SCHEMA": "Gap.1", "name": row.shot, "source_range": _range(0, row.end - row.first, clock)}
    code = str(EdgeCode.of_digest(digest, origin="U", groups=3))
    media = {
        "OTIO_SCHEMA": "ExternalReference.1",
        "target_url": row.file,
        "available_range": span,
        "metadata": {"edgecode": {"code": code}},
    }
    return {"OTIO_SCHEMA": "Clip.1", "name": row.shot, "source_range": span, "media_reference": media}


def _range(first: int, frames: int, clock: float) -> Mapping[str, object]:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(first, clock), "duration": _time(frames, clock)}


def _time(frame: int, clock: float) -> Mapping[str, object]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": clock, "value": float(frame)}
