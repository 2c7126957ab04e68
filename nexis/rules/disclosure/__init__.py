"""Rules on what those who find a hole are told."""
