"""cloudformation-validate over the templates of a folder: one engine for all, as its documentation advises."""

import os
import sys

from cloudformation_validate import CompositeEngine, DetailLevel, ValidateConfig

engine = CompositeEngine()
settings = ValidateConfig(detail_level=DetailLevel.STANDARD)  # the cheaper of its two
read = 0
for name in sorted(os.listdir(sys.argv[1])):
    try:
        report = engine.validate_template(os.path.join(sys.argv[1], name), settings)
    except Exception as problem:  # counted, and told by whoever measures
        print(f"{name}: {type(problem).__name__}: {problem}", file=sys.stderr)
        continue
    read += 1
    for found in report.diagnostics:
        print(f"{name}: {found.severity.name} {found.rule_id}: {found.message}")
print(read, "files read")
