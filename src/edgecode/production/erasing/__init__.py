"""Erasing a person: the order, what it reaches and what stays, its execution, and the certificate of it."""
