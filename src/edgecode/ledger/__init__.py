"""The record: an append-only Merkle log that outsiders check offline."""
