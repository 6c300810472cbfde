"""Turnovers: what goes out to a house outside, and what comes back from it as a form or as a pack of its own."""
