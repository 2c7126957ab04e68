"""Write the table of properties whose change replaces a resource that holds data.

    python scripts/write_replacements.py FOLDER --date 2026-11-23

FOLDER holds the CloudFormation resource provider schemas, one JSON file per type, as AWS publishes them for a region
(https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip, unpacked) or as cfn-lint brings them.
The types are those of `nexis.facts.stateful_types` and of the hosts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from nexis.facts.stateful_types import HOST_TYPES, STATEFUL

TABLE = Path(__file__).resolve().parents[1] / "nexis" / "facts" / "data" / "replacements.json"
SOURCE = "CloudFormation resource provider schemas: createOnlyProperties, conditionalCreateOnlyProperties"


def written(pointer: str) -> str:
    """Write the pointer of a schema as a path from `Properties` down: `/properties/A/B` is `A.B`."""
    return pointer.removeprefix("/properties/").replace("/properties/", "/").replace("/", ".")


def row(schema: dict[str, Any]) -> dict[str, str]:
    """Give the paths of a type whose change replaces it, always and sometimes."""
    found = {
        "always": sorted({written(p) for p in schema.get("createOnlyProperties", ())}),
        "sometimes": sorted({written(p) for p in schema.get("conditionalCreateOnlyProperties", ())}),
    }
    return {name: " ".join(paths) for name, paths in found.items() if paths}


def main() -> int:
    """Write the table; 1 where a type has no schema."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--date", type=dt.date.fromisoformat, required=True, help="day on which the schemas were read")
    arguments = parser.parse_args()
    schemas = {}
    for file in sorted(arguments.folder.rglob("*.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(schema, dict) and "typeName" in schema:
            schemas[schema["typeName"]] = schema
    wanted = sorted({*STATEFUL, *HOST_TYPES})
    missing = [name for name in wanted if name not in schemas]
    if missing:
        sys.stderr.write(f"{arguments.folder}: holds no schema of {', '.join(missing)}; expected one of each type\n")
        return 1
    table = {"date": arguments.date.isoformat(), "source": SOURCE, "types": {n: row(schemas[n]) for n in wanted}}
    TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
