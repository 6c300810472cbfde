"""Records what Blender renders. Imports nothing of edgecode; writes lines of step/1 into a spool (see README.md)."""

bl_info = {
    "name": "edgecode",
    "author": "The edgecode authors",
    "version": (0, 1, 0),
    "blender": (2, 93, 0),
    "category": "Render",
    "description": "Records what is rendered, and from which files",
}

_installed = None


def register():
    """Add the handlers, once. Never raises."""
    global _installed
    if _installed is not None:
        return
    try:
        import bpy

        from .recorder import Recorder

        recorder = Recorder(bpy)
        recorder.listen()
        _installed = recorder
    except Exception:
        import logging

        logging.getLogger("edgecode").warning("edgecode: renders are not recorded: the handlers could not be added")


def unregister():
    """Take the handlers away."""
    global _installed
    if _installed is not None:
        _installed.leave()
        _installed = None
