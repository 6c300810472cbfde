"""The locked drawer: seals, opens and (later) destroys what is about a person."""
