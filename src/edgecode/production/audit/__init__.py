"""Auditing a production's whole record as it lies, without opening it for work."""
