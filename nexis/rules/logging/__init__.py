"""Rules on what is recorded, and for how long."""
