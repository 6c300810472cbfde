"""Small FCPXML documents for tests, as Final Cut Pro writes them: 24 frames a second, the cut from 01:00:00:00 on."""

START = 3600
"""Where the sequence begins, in seconds."""

FORMATS = (
    '<format id="f24" name="FFVideoFormat1080p24" frameDuration="100/2400s" width="1920" height="1080"/>'
    '<format id="f25" name="FFVideoFormat1080p25" frameDuration="100/2500s" width="1920" height="1080"/>'
    '<format id="still" name="FFVideoFormatRateUndefined" width="1920" height="1080"/>'
)
ASSETS = (
    '<asset id="av" name="A001" uid="UID-AV" start="0s" duration="100s" hasVideo="1" hasAudio="1" format="f24">'
    '<media-rep kind="original-media" sig="SIG-AV" src="file:///show/A001.mov"/>'
    '<media-rep kind="proxy-media" sig="SIG-PROXY" src="file:///show/proxy/A001.mov"/>'
    '<metadata><md key="com.apple.proapps.studio.reel" value="A001R2"/></metadata></asset>'
    '<asset id="v" name="B002" uid="UID-V" start="10s" duration="90s" hasVideo="1" format="f25" src="./Media/B002.mov"/>'
    '<asset id="s" name="VO" uid="UID-S" start="0s" duration="200s" hasAudio="1" audioRate="48000" src="file:///show/vo.wav"/>'
    '<asset id="i" name="Card" uid="UID-I" start="0s" duration="0s" hasVideo="1" format="still" src="file:///show/card.png"/>'
    '<effect id="xd" name="Cross Dissolve" uid="FxPlug:4731E73A"/>'
    '<effect id="xa" name="Audio Crossfade" uid="FFAudioTransition"/>'
    '<effect id="title" name="Basic Title" uid=".../Titles.localized/Bumper:Opener.localized/Basic Title.moti"/>'
    '<effect id="mine" name="Basic Title" uid="~/Titles.localized/Mine.localized/Basic Title.moti"/>'
    '<effect id="solid" name="Custom" uid=".../Generators.localized/Solids.localized/Custom.localized/Custom.motn"/>'
    '<effect id="fx" name="Dream Maker" uid=".../Effects.localized/Dream Maker.moef"/>'
    '<effect id="cc" name="Color Wheels" uid="FxPlug:52A68C6D"/>'
)


def document(
    body: str, *, resources: str = "", duration: str = "60s", version: str = "1.11", sequence: str = "", more: str = ""
) -> bytes:
    """A document with one project whose primary storyline is *body*; *sequence*: further attributes of the sequence."""
    held = "" if not duration else f' duration="{duration}"'
    at = "" if "tcStart" in sequence else f' tcStart="{START}s"'
    way = "" if "format=" in sequence else ' format="f24"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="{version}">'
        f"<resources>{FORMATS}{ASSETS}{resources}</resources><library><event name='E'><project name='Reel 1'>"
        f"<sequence{way}{at}{held} {sequence}><spine>{body}</spine></sequence></project>{more}</event></library></fcpxml>"
    ).encode()


def compound(id_: str, body: str, *, tc_start: str = "0s", duration: str = "20s") -> str:
    """A compound clip's media."""
    return (
        f'<media id="{id_}" name="{id_}"><sequence format="f24" duration="{duration}" tcStart="{tc_start}">'
        f"<spine>{body}</spine></sequence></media>"
    )


def multicam(id_: str, *angles: tuple[str, str], tc_start: str = "0s") -> str:
    """A multicam's media: (id, items) of every angle."""
    inside = "".join(f'<mc-angle name="angle {key}" angleID="{key}">{items}</mc-angle>' for key, items in angles)
    return f'<media id="{id_}" name="{id_}"><multicam format="f24" tcStart="{tc_start}">{inside}</multicam></media>'


DISSOLVE = '<filter-video ref="xd" name="Cross Dissolve"/><filter-audio ref="xa" name="Audio Crossfade"/>'
