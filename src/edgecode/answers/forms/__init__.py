"""Forms of buyers, authorities, awards and guilds, answered from the record as far as it goes."""
