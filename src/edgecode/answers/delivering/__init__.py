"""Holding a delivered picture against the cut: which frames are compared, how alike two are, what the comparison says."""
