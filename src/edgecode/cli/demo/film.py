"""The invented documentary "The Last Verse" as data: its sources, its cut and the seven gaps planted in it.

Ninety seconds at 24 frames a second from record timecode 01:00:00:00. Record ranges are in frames from the start of the cut,
half open. Everybody and everything in it is made up.
"""

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from edgecode.terms.evidence import Reason
from edgecode.terms.timebase import Rate, frame_of_label

TITLE = "The Last Verse"
RATE = Rate(24)
START = frame_of_label("01:00:00:00", RATE)
FRAMES = 2160
FIRST_FILE_NUMBER = 1001
"""What the first frame of every image sequence is called in its file names."""

Form = Literal["exr-zip", "exr-zips", "exr-none", "png", "comfyui", "jpeg", "wav"]


class Source(Struct, frozen=True):
    """One file or image sequence of the film. *path* is below the media folder; ``#`` stands for the frame number.

    *frames*: how many images, or the length of a sound in frames of the cut; 0 is a still. *start*: timecode label of the first
    frame where a device wrote one. *picture*: which painting or sound it shows. *on_disk* is False for media that is away.
    """

    name: str
    path: str
    form: Form
    picture: str
    frames: int = 0
    reel: str = ""
    start: str = ""
    camera: str = ""
    on_disk: bool = True

    @property
    def clock(self) -> int:
        """The number of its first frame on its own clock: timecode where it has one, else the number in the file name."""
        if self.start:
            return frame_of_label(self.start, RATE)
        return FIRST_FILE_NUMBER if self.frames and self.form != "wav" else 0


class Use(Struct, frozen=True):
    """One clip of the cut, before dissolves lengthen it: *offset* is the source frame at the cut's frame *first*.

    *source* names a Source; "" is black, a title (*words*) or a file that exists nowhere (*elsewhere*). *by_reel*: the cut
    names only reel and timecode. *nest*: the nested cut around it. *claimed*: the length that the cut believes the media has.
    """

    name: str
    track: str
    first: int
    frames: int
    source: str = ""
    offset: int = 0
    scale: Fraction = Fraction(1)
    words: str = ""
    elsewhere: str = ""
    by_reel: bool = False
    enabled: bool = True
    nest: str = ""
    claimed: int = 0

    @property
    def end(self) -> int:
        """The first frame of the cut after it."""
        return self.first + self.frames


class Dissolve(Struct, frozen=True):
    """A dissolve on V1 around the edit at frame *at*, reaching *before* and *after* it."""

    at: int
    before: int
    after: int


class Planted(Struct, frozen=True, order=True):
    """A gap that the film has on purpose: frames *first* up to *end* of the cut, why, in which clip, and the story behind it."""

    first: int
    end: int
    reason: Reason
    clip: str
    why: str


_CAMERA = "Larkin Orbit 35"


def _camera(name: str, picture: str, frames: int, start: str) -> Source:
    roll = name[:4]
    path = f"camera/{roll}/{name}/{name}.#.exr"
    return Source(name, path, "exr-zip", picture, frames, reel=roll, start=start, camera=_CAMERA)


SOURCES: tuple[Source, ...] = (
    _camera("A001C001", "street", 128, "05:12:10:00"),
    _camera("A001C004", "house", 92, "05:31:02:00"),
    _camera("A002C002", "interview", 360, "10:04:00:00"),
    _camera("A002C007", "tape_machine", 124, "11:20:15:00"),
    _camera("A003C005", "courtyard", 152, "19:02:44:00"),
    _camera("A003C009", "hall", 96, "20:10:00:00"),
    _camera("A004C001", "sea", 144, "18:33:20:00"),
    _camera("B001C003", "letter", 96, "14:40:08:00"),
    Source("T0103_super8", "archive/T0103/T0103_super8.#.exr", "exr-zips", "super8", 56, "T0103", "00:10:00:00"),
    Source("T0007_2019", "archive/T0007_2019/T0007.#.exr", "exr-none", "broadcast", 30, "T0007", "00:02:00:00"),
    Source("T0007_2026", "archive/T0007_2026/T0007.#.exr", "exr-none", "broadcast_wide", 30, "T0007", "00:02:00:00"),
    Source("T0211_raw", "archive/T0211/T0211_raw.#.exr", "exr-zip", "stage_noisy", 72, "T0211", "00:04:00:00"),
    Source("T0211_restored", "restoration/T0211_restored_v002.#.exr", "exr-zip", "stage", 72),
    Source("photo_014", "archive/photographs/box_02/estate_photo_014.jpg", "jpeg", "portrait"),
    Source("photo_022", "archive/photographs/box_05/estate_photo_022.jpg", "jpeg", "bandstand"),
    Source("main_title", "titles/main_title_v004.png", "png", "main_title"),
    Source("moon_matte", "art/moon_matte_v002.png", "png", "moon_matte"),
    Source("verse_ink", "art/verse_ink_v006/verse_ink_v006.#.png", "png", "ink", 48),
    Source("hand_capture_t04", "capture/day_03/hand_capture_t04.#.png", "png", "capture", 72),
    Source("hand_render_v011", "renders/hand_v011/hand_render_v011.#.exr", "exr-zip", "hand", 60),
    Source("garden_dream_v012", "generated/garden_v012/garden_dream_v012.#.png", "comfyui", "garden", 176),
    Source("letter_dream_v003", "generated/letter_v003/letter_dream_v003.#.png", "comfyui", "blossom_letter", 16),
    Source("sh0420_comp_v012", "comp/sh0420_v012/sh0420_comp_v012.#.exr", "exr-zip", "garden_comp", 152),
    Source("sh0710_comp_v004", "comp/sh0710_v004/sh0710_comp_v004.#.exr", "exr-zip", "night_street", 66),
    Source("sh0512_v003", "incoming/sh0512_v003/sh0512_v003.#.exr", "exr-zip", "corridor", 24),
    Source("sh0600_crowd_v002", "vendor/northlight/sh0600_v002/sh0600_crowd_v002.#.exr", "exr-zip", "crowd", 96),
    Source("night_train", "stock/night_train_4471.#.exr", "exr-zip", "street", 48, on_disk=False),
    Source("A002C002_sound", "sound/A002C002.wav", "wav", "speech", 360, "A002", "10:04:00:00"),
    Source("T0103_side_a", "archive/T0103/T0103_side_a.wav", "wav", "song", 480, "T0103", "00:10:00:00"),
    Source("sea_air", "sound/sea_air_0412.wav", "wav", "air", 216, "S004", "18:30:00:00"),
    Source("guitar_t04", "sound/guitar_t04.wav", "wav", "song", 140, "S003", "15:02:00:00"),
    Source("garden_drone", "sound/garden_drone_v003.wav", "wav", "drone", 336),
    Source("verse_voice_t03", "generated/verse_voice_t03.wav", "wav", "voice", 92),
)
"""Every file the film is made of; one of them (`night_train`) lies on a drive that nobody has plugged in."""

_HALF = Fraction(1, 2)
_MONTAGE = "Montage: the road years"

USES: tuple[Use, ...] = (
    Use("black", "V1", 0, 24),
    Use("main_title_v004", "V1", 24, 72, "main_title"),
    Use("A001C001", "V1", 96, 120, "A001C001", 4),
    Use("A001C004", "V1", 216, 84, "A001C004", 4),
    Use("A002C002 trustee", "V1", 300, 180, "A002C002", 4),
    Use("T0103 super 8, half speed", "V1", 480, 96, "T0103_super8", 4, scale=_HALF),
    Use("A002C007", "V1", 576, 108, "A002C007"),
    Use("estate_photo_014", "V1", 684, 72, "photo_014"),
    Use("A002C002 trustee, 2", "V1", 756, 96, "A002C002", 150),
    Use("hand_capture_t04", "V1", 852, 72, "hand_capture_t04"),
    Use("hand_render_v011", "V1", 924, 60, "hand_render_v011"),
    Use("verse_ink_v006", "V1", 984, 48, "verse_ink"),
    Use("T0007", "V1", 1032, 14, "T0007_2019", 8, by_reel=True, nest=_MONTAGE),
    Use("A001C004, again", "V1", 1046, 30, "A001C004", 54, nest=_MONTAGE),
    Use("insert7", "V1", 1076, 9, elsewhere="file:///Volumes/EDIT_7/Desktop/insert7.mov", nest=_MONTAGE),
    Use("estate_photo_022", "V1", 1085, 31, "photo_022", nest=_MONTAGE),
    Use("night_train_4471", "V1", 1116, 7, "night_train", 12, nest=_MONTAGE),
    Use("A004C001, glimpse", "V1", 1123, 17, "A004C001", nest=_MONTAGE),
    Use("garden_dream_v012", "V1", 1140, 168, "garden_dream_v012"),
    Use("sh0420_comp_v012", "V1", 1308, 144, "sh0420_comp_v012", 8),
    Use("letter_dream_v003", "V1", 1452, 16, "letter_dream_v003"),
    Use("B001C003", "V1", 1468, 92, "B001C003", 2),
    Use("sh0600_crowd_v002", "V1", 1560, 96, "sh0600_crowd_v002"),
    Use("sh0512_v003", "V1", 1656, 24, "sh0512_v003"),
    Use("A002C002 trustee, 3", "V1", 1680, 120, "A002C002", 236),
    Use("T0211_restored_v002", "V1", 1800, 72, "T0211_restored"),
    Use("sh0710_comp_v004", "V1", 1872, 72, "sh0710_comp_v004", claimed=80),
    Use("A004C001", "V1", 1944, 120, "A004C001", 20),
    Use("end card", "V1", 2064, 72, words="For the one who kept the tapes"),
    Use("black", "V1", 2136, 24),
    Use("lower third", "V2", 324, 72, words="Trustee of the estate"),
    Use("A002C007 alternate", "V2", 420, 48, "A002C007", 30, enabled=False),
    Use("sea air", "A1", 96, 204, "sea_air"),
    Use("trustee, sync", "A1", 300, 180, "A002C002_sound", 4),
    Use("trustee, sync 2", "A1", 756, 96, "A002C002_sound", 150),
    Use("the last verse, voice", "A1", 1468, 92, "verse_voice_t03"),
    Use("trustee, sync 3", "A1", 1680, 120, "A002C002_sound", 236),
    Use("side A", "A2", 480, 276, "T0103_side_a", 0),
    Use("guitar, take 4", "A2", 852, 132, "guitar_t04"),
    Use("garden drone", "A2", 1132, 336, "garden_drone"),
    Use("side A, reprise", "A2", 1944, 192, "T0103_side_a", 280),
)
"""The cut: V1 without holes, V2, A1 and A2 with holes, record order within each track."""

LINE = "the last verse, voice"
"""The clip with the line in the songwriter's voice, which the next cut does without."""

PULLED: tuple[Use, ...] = tuple(
    Use("sea air, under the letter", use.track, use.first, use.frames, "sea_air", 100) if use.name == LINE else use
    for use in USES
)
"""The next cut: the sea stands where the line was, and nothing else has moved."""

DISSOLVES: tuple[Dissolve, ...] = (Dissolve(684, 12, 12), Dissolve(1308, 8, 8))

CROWD_COVERED = 88
"""How many frames of the crowd extension the vendor's return accounts for; the shot has 96."""

PLANTED: tuple[Planted, ...] = (
    Planted(
        1032,
        1046,
        Reason.AMBIGUOUS,
        "T0007",
        "the tape was digitized in 2019 and again in 2026: same reel, same timecode",
    ),
    Planted(
        1076, 1085, Reason.NO_MATCH, "insert7", "an insert cut in from somebody's desktop that was never handed over"
    ),
    Planted(1116, 1123, Reason.OFFLINE_MEDIA, "night_train_4471", "stock footage on a drive that is not plugged in"),
    Planted(
        1452, 1468, Reason.DANGLING_PARENT, "letter_dream_v003", "its graph names a picture that nobody ever handed in"
    ),
    Planted(1648, 1656, Reason.VENDOR_OPEN, "sh0600_crowd_v002", "the vendor's return accounts for 88 of 96 frames"),
    Planted(1656, 1680, Reason.NO_STEP, "sh0512_v003", "the frames are here, and nothing says how they were made"),
    Planted(1938, 1944, Reason.RANGE_OUTSIDE, "sh0710_comp_v004", "the render stops six frames before the cut does"),
)
"""The planted gaps in record order, one for each reason code."""


def source_named(name: str) -> Source:
    """The source of that name. Raises KeyError."""
    return _BY_NAME[name]


_BY_NAME = {source.name: source for source in SOURCES}


def span(use: Use) -> tuple[int, int, int]:
    """What is seen of a picture clip, dissolves included: record first, record end, and the source offset at record first."""
    first, end, offset = use.first, use.end, Fraction(use.offset)
    for dissolve in DISSOLVES if use.track == "V1" else ():
        if dissolve.at == use.first:
            first -= dissolve.before
            offset -= dissolve.before * use.scale
        if dissolve.at == use.end:
            end += dissolve.after
    still = not use.source or not source_named(use.source).frames
    return first, end, 0 if still else int(offset)
