"""Packs of rules of a production: which there are, who signed them, and which of them judge."""
