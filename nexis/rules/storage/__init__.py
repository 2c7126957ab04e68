"""Encryption at rest, and the NVMe disks it rests on."""
