"""The card catalogue: what is true now, rebuilt from the ledger at any time."""
