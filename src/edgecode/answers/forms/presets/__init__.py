"""The forms that ship, as data: one TOML file each, with its source."""
