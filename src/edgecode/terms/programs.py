"""Programs of the trade by name: what may be said plainly of a tool.

A step names its tool in words of its own: a script is called after its file, and often after who wrote it. So the plain part of an
event names a program only when it is one of these, and its version only when it looks like one; everything else is sealed.
"""

import re

_NAMES = """
    a1111; after effects; adobe after effects; adobe photoshop; adobe premiere pro; aeneas; arnold; ardour; audacity; automatic1111;
    autodesk flame; autodesk maya; avid media composer; avid pro tools; baselight; blender; cinema 4d; comfyui; davinci resolve;
    dji; draw things; drawthings; easy diffusion; easydiffusion; edgecode; elevenlabs; ffmpeg; final cut pro; firefly; flame; flux;
    fooocus; forge; fusion; gimp; handbrake; houdini; htoa; imagemagick; invokeai; kitsu; kling; krita; logic pro; luma; lustre; magick;
    mari; matchmover; maya; media composer; midjourney; mistika; mocha; mocha pro; motionbuilder; nova; novelai; nuendo; nuke; nukex;
    nuke studio; oiiotool; photoshop; pika; premiere pro; pro tools; reaper; redcine-x; redcine-x pro; redshift; renderman; resolve;
    reforge; ruinedfooocus; runway; sd.next; sdnext; scratch; silhouette; sox; sora; stable diffusion web ui; substance painter; suno;
    swarmui; syntheyes; topaz photo ai; topaz video ai; udio; unreal engine; v-ray; veo; vray; zbrush
"""
PROGRAMS = frozenset(name.strip() for name in _NAMES.replace("\n", " ").split(";"))
"""Names in lower case."""

_VERSION = re.compile(r"v?\d{1,4}(?:[._]\d{1,6}){0,4}(?:[-.]?(?:a|alpha|b|beta|rc|v|r|p)\d{0,4})?", re.IGNORECASE)


def plain_name(name: str) -> str:
    """*name* when it is one of a well-known program, else ""."""
    return name if name.strip().lower() in PROGRAMS else ""


def plain_version(version: str) -> str:
    """*version* when it is made of numbers as versions are (``15.1v2``, ``2.0-beta3``), else ""."""
    return version if _VERSION.fullmatch(version) else ""
