"""Rules on where things may be."""
