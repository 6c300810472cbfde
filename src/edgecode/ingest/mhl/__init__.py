"""ASC MHL 1.0 of 2022-03-15 (XML version 2.0): histories of copies, read and written (docs/reference/mhl.md)."""
