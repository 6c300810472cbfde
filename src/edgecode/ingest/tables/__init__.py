"""Tables that join names: Avid log exchange, Avid bins, camera and sound reports as CSV."""
