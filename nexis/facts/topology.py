"""How many zones and hosts the baseline stands on, and which DNS zones it must not hide."""

from __future__ import annotations

from typing import Final

#: A majority that survives the loss of one zone needs three; a fourth would buy a price, not a promise.
ZONES: Final = 3

#: Local disks die with their host: two others, in other zones, must survive it.
HOSTS: Final = 3

#: Longest DNS name in text, without the final dot. Source: RFC 1035, section 2.3.4 (255 octets on the wire).
LONGEST_DNS_NAME: Final = 253

#: Longest name of a private zone: a host's label of up to 63 characters and a dot stand before it.
LONGEST_ZONE_NAME: Final = LONGEST_DNS_NAME - 1 - 63

#: The root device of the images that hosts start from; the launch templates encrypt the volume under this name.
#: Source: Amazon EC2 User Guide, "Device names for volumes on Amazon EC2 instances" (Amazon Linux and Debian images).
ROOT_DEVICE: Final = "/dev/xvda"

#: Zones that a private zone would hide from the whole network: AWS's own names, and multicast DNS.
#: Source: Amazon Route 53 Developer Guide, "Considerations when working with a private hosted zone"; RFC 6762, 3.
RESERVED_DNS_ZONES: Final = ("amazonaws.com", "api.aws", "compute.internal", "ec2.internal", "local")
