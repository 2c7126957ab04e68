"""What the check and the policies cost, measured; nothing here is a test."""
