"""An app with many database hosts, synthesized as the CDK does it, or under our policies as well.

Arguments: `plain` or `policies`, the number of hosts, the folder for the assembly, `validation` or `without`, and the
context of the app as JSON.
"""

import json
import sys

how, hosts, folder, validation, context = sys.argv[1:]
if how == "policies":  # first, as an app of the baseline does it
    from nexis.cdk import synthesize

from aws_cdk import App, Environment, Stack

from nexis_constructs import DatabaseHost, HardenedNetwork
from nexis_constructs._database_shared import SharedHostResources

IN_ONE_STACK = 80  # with what they share, not more resources than a template may have

app = App(
    outdir=folder,
    context=json.loads(context),
    analytics_reporting=False,
    builtin_cloud_formation_validation=validation == "validation",
)
for place in range(0, int(hosts), IN_ONE_STACK):
    stack = Stack(app, f"Hosts{place}", env=Environment(account="000000000000", region="eu-central-1"))
    network = HardenedNetwork(stack, "Network", zones=("eu-central-1a", "eu-central-1b", "eu-central-1c"))
    shared = SharedHostResources(stack, "Shared", network=network)
    for number in range(place, min(place + IN_ONE_STACK, int(hosts))):
        DatabaseHost(stack, f"Host{number}", shared=shared, name=f"host-{number}", zone_index=number % 3)
if how == "policies":
    synthesize(app, packs=())
else:
    app.synth()
