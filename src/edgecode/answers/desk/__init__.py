"""What the desk keeps, as lists and one record at a time: agreements, records, parties and persons, revealed only where asked."""
