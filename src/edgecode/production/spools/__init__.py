"""Steps that are written down beside the record: kept as lines in a spool, taken in from there, cleared away."""
