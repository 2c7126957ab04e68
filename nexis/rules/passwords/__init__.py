"""Rules about passwords and other secrets."""
