"""Coverage of a cut: how many of its frames are accounted for, as a contract, as a strip and as lines."""
