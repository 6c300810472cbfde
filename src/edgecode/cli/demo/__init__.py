"""The demo: an invented documentary made of real files, and the whole road run on it."""
