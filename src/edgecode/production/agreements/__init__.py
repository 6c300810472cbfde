"""Consents and licenses: writing them down, what happens to them later, and what in the cuts in force rests on them."""
