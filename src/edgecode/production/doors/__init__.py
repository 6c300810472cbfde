"""Reading files of other programs that somebody hands over, with whichever reader knows them; nothing is recorded here."""
