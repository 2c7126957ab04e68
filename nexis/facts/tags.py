"""The tags that this project gives a meaning: constructs set them, rules and the audit read them."""

from __future__ import annotations

from typing import Final

#: On hosts, Auto Scaling groups and the hosted zone of a database cluster; its value names the cluster.
CLUSTER_TAG: Final = "nexis:cluster"

#: On a VPC; `isolated` promises that nothing in it reaches the internet.
NETWORK_TAG: Final = "nexis:network"
ISOLATED: Final = "isolated"

#: On hosts and their groups: the name of the program inside; `placeholder` runs no database.
PROGRAM_TAG: Final = "nexis:program"
PLACEHOLDER: Final = "placeholder"

#: On every resource of the baseline.
PROJECT_TAG: Final = "project"
PROJECT: Final = "nexis-baseline"
ENVIRONMENT_TAG: Final = "environment"
