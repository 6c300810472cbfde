"""What became of what was handed over: scans, lines of steps, histories of copies."""
