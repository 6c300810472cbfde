"""What the record itself is and whether it stands: entries, keys, stores, witnesses, verdicts."""
