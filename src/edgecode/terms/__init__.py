"""The words: frozen values of the trade, born valid."""
