"""Sheets of a cut for people outside: what is known of it, gathered and set."""
