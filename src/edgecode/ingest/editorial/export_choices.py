"""What to choose in Avid Media Composer, Premiere Pro, DaVinci Resolve and Final Cut Pro so that an export can be matched.

As these programs call it in the releases we know; other releases may call it a little differently. ``any``: where nobody says which.
"""

from collections.abc import Mapping
from typing import Literal

Program = Literal["avid", "premiere", "resolve", "final-cut", "any"]
PROGRAMS: tuple[Program, ...] = ("avid", "premiere", "resolve", "final-cut", "any")

_AAF = (
    'File > Output > Export to File, Export As "AAF", "Include All Video/Data Tracks in Sequence", '
    '"Export Method: Link to (Don\'t Export) Media"'
)
_PREMIERE_XML = "File > Export > Final Cut Pro XML"
_RESOLVE_OTIO = "File > Export > Timeline, type OTIO (or AAF)"
_FCP_XML = "File > Export XML, the newest version it offers, Metadata View: General or wider"

MENDING: Mapping[str, Mapping[Program, str]] = {
    "export.no_rate": {
        "any": "Give the rate: --rate 24; better, export OTIO, XML or AAF, which say it",
        "avid": f"An EDL never says its rate: give --rate, or {_AAF}",
        "premiere": f"An EDL never says its rate: give --rate, or {_PREMIERE_XML}",
        "resolve": f"An EDL never says its rate: give --rate, or {_RESOLVE_OTIO}",
        "final-cut": f"The project has custom settings without a rate: {_FCP_XML}",
    },
    "export.rows_missing": {
        "any": "Look at the problems (edgecode inspect FILE) and export again; where one remains, export in another format",
        "avid": "Export the sequence itself, not a subclip or a group clip; commit multicamera edits before",
        "premiere": "Flatten multicamera clips (Clip > Multi-Camera > Flatten), then export again",
        "resolve": "Flatten multicam clips (right click > Flatten Multicam Clip), then export again",
        "final-cut": "Select the project itself in the browser, not a clip, and export it again",
    },
    "export.empty": {
        "any": "Export the sequence itself: this file holds none, or only titles and generators",
        "final-cut": f"Select the project in the browser, then {_FCP_XML}",
        "avid": f"Select the sequence in the bin, then {_AAF}",
        "premiere": f"Select the sequence in the Project panel, then {_PREMIERE_XML}",
        "resolve": f"Select the timeline in the media pool, then {_RESOLVE_OTIO}",
    },
    "export.no_identity": {
        "any": "Export with source file names and reels; or lay a table beside the cut: edgecode cut add FILE --table LOG.ale",
        "avid": 'In the List Tool switch on "Source File Name" and "Tape Name" comments; or export the bin as ALE and give it with --table',
        "premiere": f'In the EDL settings switch on "Include Source File Name"; better: {_PREMIERE_XML}',
        "resolve": f"{_RESOLVE_OTIO}: it carries paths and reels",
        "final-cut": f"Relink the missing media (File > Relink Files > Original Media), then {_FCP_XML}",
    },
    "export.reels_cut_short": {
        "any": "Export with long reel names (file_32 or longer); or lay a table with the full ones beside the cut (--table)",
        "avid": "In the List Tool choose the list format File_129 (or File_32), not CMX_3600; or give the bin: --table BIN.avb",
        "premiere": 'In the EDL settings switch on "32 Character Names"; better: ' + _PREMIERE_XML,
        "resolve": f"CMX 3600 holds 8 characters: {_RESOLVE_OTIO}",
        "final-cut": f"{_FCP_XML} instead of a list made from it",
    },
    "export.no_reels": {
        "any": "Fill in reels in the program, or lay a table beside the cut (--table)",
        "avid": "Fill the column Tape (or Source File) of the bin; a list takes its reels from there",
        "premiere": "Fill in Tape Name (Project panel, metadata display) before you export",
        "resolve": 'Project Settings > General Options > "Assist using reel names from the" source clip file name (or embedding in file)',
        "final-cut": "Fill in Reel in the Info inspector (metadata view Extended) before you export",
    },
    "export.no_paths": {
        "any": "A format with paths (OTIO, XML, AAF) matches by content; this one matches by names and timecode",
        "avid": _AAF,
        "premiere": _PREMIERE_XML,
        "resolve": _RESOLVE_OTIO,
        "final-cut": _FCP_XML,
    },
    "export.offline": {
        "any": "Bring the media online in the program and export again",
        "avid": "Clip > Relink the offline clips (Relink to… the volumes where the media is), then export again",
        "premiere": "File > Link Media for the offline clips, then export again",
        "resolve": "Relink Selected Clips in the media pool, then export again",
        "final-cut": "File > Relink Files > Original Media, then export again",
    },
    "export.no_source_range": {
        "any": "Export again with source timecode",
        "avid": "Commit group clips and nested effects (Clip menu), then export again",
        "premiere": "Take nested sequences apart or render and replace them knowingly, then export again",
        "resolve": "Decompose compound clips in place, then export again",
        "final-cut": "Break apart clip items of an unknown source (Clip > Break Apart Clip Items), then export again",
    },
    "export.from_zero": {
        "any": "Cut from media with source timecode; where every shot is a render of its own, this is right",
        "avid": "Link or import media with their timecode (Source Settings > Timecode), then export again",
        "premiere": "Do not export the result of Scene Edit Detection or of a trimmed project (Project Manager > Consolidate)",
        "resolve": "Export the timeline itself, not that of rendered individual clips (Deliver > Individual clips)",
        "final-cut": "Take the project with the original media, not one of exported clips",
    },
    "export.uncertain_speed": {
        "any": "Where it matters, make the speed constant, or settle by hand which frames are shown",
        "avid": "Promote motion effects to a constant Timewarp, or render the shot",
        "premiere": "Replace time remapping by a constant Speed/Duration, or Render and Replace",
        "resolve": "Replace the retime curve by a constant speed, or render in place",
        "final-cut": "Modify > Retime > a constant speed, or leave it: all of the source counts",
    },
    "export.mixed_rates": {
        "any": "Nothing is wrong if it is so; check that each source has its own rate in the program",
        "avid": "Check each source's rate in Source Settings; mixed rates are conformed by motion adapters",
        "premiere": "Check Modify > Interpret Footage of these clips",
        "resolve": "Check Clip Attributes > Video Frame Rate of these clips",
        "final-cut": "Nothing is wrong; Final Cut's conforming of rates leaves these source ranges approximate",
    },
    "export.beyond_media": {
        "any": "The media was replaced by a shorter one: bring the right one online and export again",
        "avid": "Relink to the media of full length, then export again",
        "premiere": "Clip > Replace Footage with the media of full length, then export again",
        "resolve": "Relink, or Conform Lock off and back to the source of full length, then export again",
        "final-cut": "File > Relink Files > Original Media of full length, then export again",
    },
    "export.no_handles": {
        "any": "Export from the project with the full media, not from a trimmed copy",
        "avid": "Export before you consolidate, or consolidate with handles (Clip > Consolidate/Transcode, Handle Length)",
        "premiere": "Project Manager: Include Handles; better, export before you consolidate",
        "resolve": "Media Management: keep handles; better, export before it",
        "final-cut": "Export from the library with the original media",
    },
    "export.flattened": {
        "any": "Export the edited sequence, not the rendered film laid into a new one",
        "avid": "Export the sequence before the video mixdown (Special > Video Mixdown makes one clip)",
        "premiere": "Export the edited sequence; undo Render and Replace and nests around all of it",
        "resolve": "Export the edited timeline, not one of a rendered file; scene cut detection makes cuts without sources",
        "final-cut": "Export the project before it was shared and imported again",
    },
    "export.effects_unseen": {
        "any": "An EDL shows no effects: add OTIO, XML or AAF of the same cut, or say that they are plain",
        "avid": _AAF,
        "premiere": _PREMIERE_XML,
        "resolve": _RESOLVE_OTIO,
        "final-cut": _FCP_XML,
    },
}
"""For every finding the choice that mends it, by program; every one has ``any``."""

MENDING_OF_FORMAT: Mapping[tuple[str, str], str] = {
    (
        "imf",
        "export.no_paths",
    ): "A playlist names track files by their ids: lay a table beside it with the columns UMID (as TrackFileId) and Source File, "
    "made from the package's asset map: edgecode cut add CPL --table IDS.csv",
}
"""What mends a finding where the format leaves its maker no choice, by format and finding."""
