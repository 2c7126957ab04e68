"""What runs on a database host: disks, certificate, PostgreSQL's configuration, and the self-check."""
