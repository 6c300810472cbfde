"""The look page: the strip of a whole cut in one self-contained HTML file."""
