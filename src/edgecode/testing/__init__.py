"""Suites and fixtures that stores, readers and productions must pass; shipped to their authors."""
