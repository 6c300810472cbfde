"""Registers of a cut, composed and stamped."""
