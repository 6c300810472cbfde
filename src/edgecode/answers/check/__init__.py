"""The check of a cut: its findings, their places and the word, as a contract and for a terminal."""
