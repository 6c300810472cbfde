"""The locked drawer: seals, opens and forgets what is about a person."""
