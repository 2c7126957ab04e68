"""The floor: a fresh Python that parses the JSON of a folder's templates, and does nothing with it."""

import json
import os
import sys

names = sorted(os.listdir(sys.argv[1]))
for name in names:
    with open(f"{sys.argv[1]}/{name}", "rb") as file:
        json.loads(file.read())
print(len(names), "files read")
