"""What people hand over as lists: takes, review notes, spoken lines, and the files and labels that these name."""
