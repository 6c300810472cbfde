"""The answer to a use that somebody only asks about."""
