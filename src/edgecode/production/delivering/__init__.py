"""Delivering a master: its pictures beside the recorded sources of the cut."""
