"""Persons in a production's record: who is noted, who signs and works for whom, and what was made of their bodies and voices."""
