"""Judging what is used: cuts and single uses against rules and register, answers to findings, and hooks."""
