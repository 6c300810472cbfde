"""Usage statements: what was used of a payee, in which units, and the arithmetic of a proposed amount."""
