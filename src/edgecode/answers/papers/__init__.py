"""Sheets that people outside ask for, filled from what is known of one cut."""
