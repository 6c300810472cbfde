"""What is in a file that was only read: cuts, media, USD layers, and which readers there are."""
