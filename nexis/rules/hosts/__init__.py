"""Rules on how EC2 hosts are made."""
