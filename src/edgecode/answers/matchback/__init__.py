"""Matchback: from a frame, a code or a file to who or what made it, and to where it is used."""
