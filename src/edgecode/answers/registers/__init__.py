"""Registers of a cut: its tools and models, and what an insurer asks."""
