"""Gathers what a usage statement counts."""
