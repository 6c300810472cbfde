"""What is asked of a house outside, and what has come back: the request, the return form, the list of turnovers."""
