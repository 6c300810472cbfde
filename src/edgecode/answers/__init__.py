"""The front desk: coverage, matchback and the film lists."""
