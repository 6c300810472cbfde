"""The fault suite: what is tried stands in docs/reference/faults.md; `dev/faults.py` runs all of it."""
