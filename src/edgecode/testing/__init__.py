"""What stores, signers and witnesses written by others must pass, and faults to try them with."""
