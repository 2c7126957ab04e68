"""Rules about encrypted connections."""
