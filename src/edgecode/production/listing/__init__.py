"""Lists that join cuts with the rules and the register."""
