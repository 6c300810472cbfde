"""Forms of others, filled from the record and stamped."""
