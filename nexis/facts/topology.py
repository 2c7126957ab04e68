"""How many zones and hosts the baseline stands on, and which DNS zones it must not hide."""

from __future__ import annotations

from typing import Final

#: A majority that survives the loss of one zone needs three; a fourth would buy a price, not a promise.
ZONES: Final = 3

#: Local disks die with their host: two others, in other zones, must survive it.
HOSTS: Final = 3

#: Zones that a private zone would hide from the whole network: AWS's own names, and multicast DNS.
#: Source: Amazon Route 53 Developer Guide, "Considerations when working with a private hosted zone"; RFC 6762, 3.
RESERVED_DNS_ZONES: Final = ("amazonaws.com", "api.aws", "compute.internal", "ec2.internal", "local")
