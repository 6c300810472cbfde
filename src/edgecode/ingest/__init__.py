"""The loading dock: other tools' files in; facts and a list of losses out."""
