"""Rules about getting data back."""
