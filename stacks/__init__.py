"""What is deployed together: thin compositions of constructs."""
