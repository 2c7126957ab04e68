"""Rules on whether there is something to judge at all."""
