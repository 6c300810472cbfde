"""How text and tables for people are laid out: columns, sheets, what fits a terminal."""
