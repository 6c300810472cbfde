"""The log beneath a production's record: its stores, keys and history, read, copied and moved by nothing that knows the record."""
