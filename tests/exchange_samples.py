"""Small made files of the formats that editing rooms exchange, spelled as programs spell them; their places are known by hand."""

from collections.abc import Sequence

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rate(timebase: int = 24, *, ntsc: bool = False) -> str:
    return f"<rate><timebase>{timebase}</timebase><ntsc>{str(ntsc).upper()}</ntsc></rate>"


def xmeml_file(name: str, *, frames: int = 200, tc: int = 0, base: int = 24, reel: str = "") -> str:
    reel_part = f"<reel><name>{reel}</name></reel>" if reel else ""
    return (
        f'<file id="file-{name}"><name>{name}</name><pathurl>file://localhost/show/{name}</pathurl>{rate(base)}'
        f"<duration>{frames}</duration><timecode>{rate(base)}<frame>{tc}</frame>{reel_part}</timecode></file>"
    )


def xmeml_clip(name: str, start: int, end: int, first: float, out: float, *more: str, base: int = 24) -> str:
    return (
        f"<clipitem><name>{name}</name><duration>200</duration>{rate(base)}<start>{start}</start><end>{end}</end>"
        f"<in>{first}</in><out>{out}</out>{''.join(more) or xmeml_file(name)}</clipitem>"
    )


def xmeml_mix(start: int, end: int, name: str = "Cross Dissolve") -> str:
    effect = f"<effect><name>{name}</name><effectid>{name}</effectid></effect>"
    return f"<transitionitem>{rate()}<start>{start}</start><end>{end}</end>{effect}</transitionitem>"


def xmeml_speed(percent: float, *, reverse: bool = False, curve: bool = False) -> str:
    told = {"speed": str(percent), "reverse": str(reverse).upper(), "variablespeed": str(int(curve))}
    parameters = "".join(
        f"<parameter><parameterid>{key}</parameterid><value>{value}</value></parameter>" for key, value in told.items()
    )
    return f"<filter><effect><name>Time Remap</name><effectid>timeremap</effectid>{parameters}</effect></filter>"


def xmeml_sequence(
    picture: Sequence[str], sound: Sequence[str] = (), *, name: str = "Reel 1", start: int = 86400, ident: str = "seq"
) -> str:
    tracks = ["".join(f"<track>{track}</track>" for track in kind) for kind in (picture, sound)]
    return (
        f'<sequence id="{ident}"><name>{name}</name>{rate()}<timecode>{rate()}<frame>{start}</frame></timecode>'
        f"<media><video>{tracks[0]}</video><audio>{tracks[1]}</audio></media></sequence>"
    )


def xmeml(*sequences: str) -> bytes:
    return f'{XML}<!DOCTYPE xmeml>\n<xmeml version="5">{"".join(sequences)}</xmeml>\n'.encode()


DISSOLVED = xmeml(
    xmeml_sequence(
        [
            xmeml_clip("a.mov", 0, -1, 10, 70) + xmeml_mix(48, 60) + xmeml_clip("b.mov", -1, 100, 20, 72),
            xmeml_clip("c.mov", 30, 40, 0, 10),
        ],
        [xmeml_clip("a.wav", 0, 50, 0, 50)],
    )
)
"""a 0-60, b from the dissolve's start 48 to 100, c above from 30 to 40."""

CPL_NAMESPACE = "http://www.smpte-ra.org/schemas/2067-3/2016"


def cpl_resource(
    number: int, *, entry: int, length: int, whole: int = 1000, repeat: int = 1, edit_rate: str = ""
) -> str:
    told = f"<EditRate>{edit_rate}</EditRate>" if edit_rate else ""
    return (
        f"<Resource><Id>urn:uuid:00000000-0000-4000-8000-{number:012d}</Id>{told}<IntrinsicDuration>{whole}</IntrinsicDuration>"
        f"<EntryPoint>{entry}</EntryPoint><SourceDuration>{length}</SourceDuration><RepeatCount>{repeat}</RepeatCount>"
        f"<TrackFileId>urn:uuid:10000000-0000-4000-8000-{number:012d}</TrackFileId></Resource>"
    )


def cpl_sequence(kind: str, track: int, *resources: str) -> str:
    return (
        f"<cc:{kind}><Id>urn:uuid:3</Id><TrackId>urn:uuid:20000000-0000-4000-8000-{track:012d}</TrackId>"
        f"<ResourceList>{''.join(resources)}</ResourceList></cc:{kind}>"
    )


def cpl(*segments: Sequence[str], edit_rate: str = "24 1") -> bytes:
    parts = "".join(
        f"<Segment><Id>urn:uuid:4</Id><SequenceList>{''.join(segment)}</SequenceList></Segment>" for segment in segments
    )
    return (
        f'{XML}<CompositionPlaylist xmlns="{CPL_NAMESPACE}" xmlns:cc="http://www.smpte-ra.org/schemas/2067-2/2016">'
        f"<Id>urn:uuid:5</Id><ContentTitle>Last Verse</ContentTitle><EditRate>{edit_rate}</EditRate>"
        "<CompositionTimecode><TimecodeDropFrame>0</TimecodeDropFrame><TimecodeRate>24</TimecodeRate>"
        "<TimecodeStartAddress>01:00:00:00</TimecodeStartAddress></CompositionTimecode>"
        f"<SegmentList>{parts}</SegmentList></CompositionPlaylist>"
    ).encode()


DELIVERED = cpl(
    [
        cpl_sequence(
            "MainImageSequence", 1, cpl_resource(1, entry=24, length=48), cpl_resource(2, entry=0, length=10, repeat=2)
        ),
        cpl_sequence(
            "MainAudioSequence", 2, cpl_resource(3, entry=48000, length=136000, whole=480000, edit_rate="48000 1")
        ),
    ],
    [
        cpl_sequence("MainImageSequence", 1, cpl_resource(4, entry=5, length=12)),
        cpl_sequence("MainAudioSequence", 2, cpl_resource(5, entry=0, length=24000, whole=480000, edit_rate="48000 1")),
    ],
)
"""Picture 48 + 2 x 10 frames, then 12 more; sound 136,000 samples (68 frames) and 24,000 (12)."""

_COLUMNS = "CHANNEL \tEVENT   \tCLIP NAME                     \tSTART TIME    \tEND TIME      \tDURATION      \tSTATE"


def session(
    *tracks: str,
    start: str = "01:00:00:00",
    form: str = "24 Frame",
    files: str = "",
    clips: str = "",
    count: int | None = None,
) -> bytes:
    return (
        f"SESSION NAME:\tReel 1 mix\nSAMPLE RATE:\t48000.000000\nBIT DEPTH:\t24-bit\nSESSION START TIMECODE:\t{start}\n"
        f"TIMECODE FORMAT:\t{form}\n# OF AUDIO TRACKS:\t{len(tracks) if count is None else count}\n# OF AUDIO CLIPS:\t3\n"
        f"# OF AUDIO FILES:\t2\n\n\nO N L I N E  F I L E S  I N  S E S S I O N\nFilename                \tLocation\n{files}\n\n"
        f"O N L I N E  C L I P S  I N  S E S S I O N\nCLIP NAME               \tSource File\n{clips}\n\n"
        f"T R A C K  L I S T I N G\n{''.join(tracks)}\n\nM A R K E R S  L I S T I N G\n"
    ).encode()


def session_track(name: str, *rows: tuple[str, str, str, str], state: str = "", plug_ins: str = "") -> str:
    lines = "".join(
        f"1       \t{number}       \t{clip:<30}\t{first:<14}\t{end:<14}\t00:00:00:00   \t{muted}\n"
        for number, (clip, first, end, muted) in enumerate(rows, start=1)
    )
    return f"TRACK NAME:\t{name}\nCOMMENTS:\t\nUSER DELAY:\t0 Samples\nSTATE: {state}\nPLUG-INS: \t{plug_ins}\n{_COLUMNS}\n{lines}\n\n"


MIX = session(
    session_track(
        "DX 1",
        ("line 12", "01:00:01:00", "01:00:03:00", "Unmuted"),
        ("line 13", "01:00:04:12", "01:00:05:00", "Muted"),
    ),
    session_track("MX", ("song", "01:00:00:00", "01:00:10:00", "Unmuted"), state="Muted "),
    files="line_12.wav        \tMix Drive:Reel 1:Audio Files:\n",
    clips="line 12       \tline_12.wav   \t[1]\n",
)

ALE = (
    b"Heading\nFIELD_DELIM\tTABS\nVIDEO_FORMAT\t1080\nFPS\t24\n\nColumn\nName\tTape\tStart\tEnd\tScene\t\n\nData\n"
    b"12A-1\tA001\t01:00:00:00\t01:00:10:00\t12A\t\n12A-2\tA001\t\t01:00:20:00\t12A\t\n"
)

CAMERA_REPORT = (
    b'Production:,The Last Verse\nCamera:,A\n\nRoll,Clip,Scene,"Take, circled",Notes\nA001,A001C001,12A,1,"ring, good"\n'
    b"A001,A001C002,12A,2,\n"
)
