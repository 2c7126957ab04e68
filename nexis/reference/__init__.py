"""What the rules say of themselves, for people: made from their metadata, so it cannot go stale."""
