"""Uses of a cut, derived from lineage and declared by people: who and what is in which frames, and how."""
