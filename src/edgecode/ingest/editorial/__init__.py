"""Cuts from the editing room: OTIO and EDL files read into one value, with every problem said."""
