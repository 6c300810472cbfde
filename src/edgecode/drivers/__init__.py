"""The plant room: the only code that knows a database, a key file, a file system or a clock."""
