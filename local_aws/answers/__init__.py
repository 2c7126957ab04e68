"""API answers and changes that MiniStack leaves out or gets wrong, one service per file."""
