"""Records what Nuke renders. Imports nothing of edgecode; writes lines of step/1 into a spool (see README.md)."""

__version__ = "0.1.0"

_installed = None


def install(nuke=None, folder=None):
    """Add the callbacks, once. Returns the recorder; None where Nuke would not have it. Never raises.

    *nuke*: the host's module, imported where it is not given. *folder*: of the spool.
    """
    global _installed
    if _installed is None:
        try:
            if nuke is None:
                import nuke
            from .recorder import Recorder

            recorder = Recorder(nuke, folder)
            recorder.listen()
            _installed = recorder
        except Exception:
            import logging

            logging.getLogger("edgecode").warning(
                "edgecode: renders are not recorded: the callbacks could not be added"
            )
    return _installed
