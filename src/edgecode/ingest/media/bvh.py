"""Motion in BVH (Biovision hierarchy): joints, frames and frame time. The motion itself is never read.

Source: "Biovision BVH", University of Wisconsin-Madison; words ``HIERARCHY``, ``ROOT``, ``JOINT``, ``CHANNELS``, ``MOTION``, ``Frames:``,
``Frame Time:``. Joints may be called after who was captured (``Ann:Hips``, ``Ann_Hips``): what they are called is kept nowhere.
"""

import re
from fractions import Fraction

from edgecode.events.file_facts import FileFacts
from edgecode.ingest.media.timecode import rate_text
from edgecode.ingest.media.window import Window, malformed, truncated
from edgecode.terms.cuts import Diagnostic

MAGIC = b"HIERARCHY"
_READ_BYTES = 1 << 16
_HIERARCHY_BYTES = 4 << 20
_JOINT = re.compile(r"^\s*(ROOT|JOINT)\s+(.{1,200}?)\s*$", re.MULTILINE)
_CHANNELS = re.compile(r"^\s*CHANNELS\s+(\d{1,4})\b", re.MULTILINE)
_MOTION = re.compile(r"^\s*MOTION\s*$", re.MULTILINE)
_FRAMES = re.compile(r"Frames:\s*(\d{1,12})")
_FRAME_TIME = re.compile(r"Frame\s+Time:\s*(\d{1,6}(?:\.\d{1,20})?(?:[eE]-?\d{1,2})?)")
_LEAST_BYTES_OF_A_NUMBER = 2


def facts(window: Window) -> tuple[FileFacts, list[Diagnostic]]:
    """What a BVH says of itself: frames and rate, joints, how many hierarchies (people or things) move in it."""
    text, motion = _hierarchy(window)
    joints = [match[1] for match in _JOINT.finditer(text, 0, motion)]
    channels = sum(int(match[1]) for match in _CHANNELS.finditer(text, 0, motion))
    if not joints:
        raise malformed("it names no joint")
    frames, seconds = _FRAMES.search(text, motion), _FRAME_TIME.search(text, motion)
    if frames is None or seconds is None:
        raise truncated("motion section")
    each = Fraction(seconds[1])
    count = int(frames[1])
    header = {
        "joints": str(len(joints)),
        "hierarchies": str(joints.count("ROOT")),
        "channels": str(channels),
    }
    problems = []
    if seconds.end() + count * channels * _LEAST_BYTES_OF_A_NUMBER > window.size + 1:
        problems.append(Diagnostic("media.truncated", "the file ends inside its frames", effect="approximate"))
    return FileFacts(
        media_class="other",
        media_type="model/x-bvh",
        # A frame time is rounded by whoever writes it: 0.0083333 is 120 a second.
        rate=rate_text(float(1 / each)) if each else "",
        frames=count,
        header={name: value for name, value in header.items() if value},
    ), problems


def _hierarchy(window: Window) -> tuple[str, int]:
    """The text up to the first frames, and where its motion section begins."""
    data, at = b"", 0
    while at < min(window.size, _HIERARCHY_BYTES):
        piece = window.read(at, _READ_BYTES)
        if not piece:
            break
        data, at = data + piece, at + len(piece)
        text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
        motion = _MOTION.search(text)
        if motion is not None and (_FRAME_TIME.search(text, motion.end()) or at >= window.size):
            return text, motion.start()
    raise truncated("hierarchy")
