"""What the plug-ins are told: by the context, by a plug-in's own attributes (which a pipeline's settings fill), by the environment."""

import os
import shlex
import threading

from .door import Door
from .faults import Faults
from .spool import Spool

faults = Faults()
_HOME = os.path.join(os.path.expanduser("~"), ".edgecode", "spool")
_DEFAULTS = {
    "production": ("EDGECODE_PRODUCTION", ""),
    "command": ("EDGECODE_COMMAND", "edgecode"),
    "spool": ("EDGECODE_SPOOL", _HOME),
    "unsaid": ("EDGECODE_UNSAID", "hold"),
    "timeout_seconds": ("EDGECODE_TIMEOUT", "120"),
}
_lock = threading.Lock()
_doors = {}
_spools = {}


def setting(name, plugin, context):
    """A setting as text. ``context.data["edgecode"]`` comes first, then the plug-in's attribute, then the environment."""
    said = context.data.get("edgecode") or {}
    variable, default = _DEFAULTS[name]
    return str(said.get(name) or getattr(plugin, name, "") or os.environ.get(variable) or default)


def door_for(plugin, context):
    """The door to the production that is meant; one for each, shared by the plug-ins."""
    command, production = setting("command", plugin, context), setting("production", plugin, context)
    try:
        seconds = float(setting("timeout_seconds", plugin, context))
    except ValueError:
        seconds = float(_DEFAULTS["timeout_seconds"][1])
    key = command, production, seconds
    with _lock:
        if key not in _doors:
            _doors[key] = Door(shlex.split(command, posix=os.name != "nt"), production, seconds)
        return _doors[key]


def spool_for(plugin, context):
    """The spool for what could not be recorded."""
    folder = setting("spool", plugin, context)
    with _lock:
        if folder not in _spools:
            _spools[folder] = Spool(folder, faults)
        return _spools[folder]


def close():
    """End every program that was started."""
    with _lock:
        for door in _doors.values():
            door.close()
        _doors.clear()
