"""What every frame of a cut is made of, where explanations end, and what is still open: the facts that answers start from."""
