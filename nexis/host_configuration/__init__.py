"""What a database host is told, as typed values, and the files that PostgreSQL reads, rendered from them.

Needs only the standard library: the constructs render at synth, the hosts check what they got, the proofs start servers
from the same bytes.
"""
