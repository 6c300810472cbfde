"""What happened: past-tense facts, their canonical bytes, and how old releases' facts are read."""
