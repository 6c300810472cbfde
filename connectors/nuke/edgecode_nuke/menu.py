"""An entry in Nuke's menu that says where the record goes and how it does. Import it from a `menu.py` of Nuke's plug-in path."""

from . import install


def said():
    """The sentence that the entry shows."""
    recorder = install()
    if recorder is None:
        return "edgecode does not record: its callbacks could not be added."
    faults = recorder.faults.counts()
    counted = ", ".join("%s %d" % pair for pair in sorted(faults.items())) or "none"
    return "edgecode writes what is rendered to\n%s\n\nFaults since Nuke started: %s" % (recorder.spool.folder, counted)


def add(nuke):
    """Add the entry."""
    nuke.menu("Nuke").addCommand("edgecode/Where the record goes", lambda: nuke.message(said()))


try:
    import nuke as _nuke
except ImportError:  # Outside of Nuke there is no menu.
    pass
else:
    if _nuke.GUI:
        add(_nuke)
