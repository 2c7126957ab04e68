"""Trails are switched on and record every management event, those of global services included.

`IncludeGlobalServiceEvents` has no documented default in CloudFormation; a multi-region trail cannot be without them
(the API refuses it), so absence passes there. Without selectors a trail records all management events. With
`EventSelectors` one of them must include them, for reading and writing, leaving no source out; with
`AdvancedEventSelectors` one must be for the category Management with no other field.

Source: CloudTrail API reference, CreateTrail, EventSelector and AdvancedEventSelector, read 2026-11-23.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nexis.rules.model import Problem, Rule, parts
from nexis.rules.requirements import Requirement, is_true
from nexis.templates.views import Absent, Undetermined, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nexis.templates.views import View

LOGGING: Final = Requirement(
    type="AWS::CloudTrail::Trail",
    path=("IsLogging",),
    accepts=is_true,
    expected="true",
    absent="the property is required",
    source="CloudFormation resource reference, AWS::CloudTrail::Trail IsLogging",
    as_of="2026-11-23",
)
GLOBAL_EVENTS: Final = "IncludeGlobalServiceEvents"
SELECTORS: Final = "EventSelectors"
ADVANCED: Final = "AdvancedEventSelectors"


def check(trail: View) -> Iterator[Problem]:
    """Judge a trail."""
    yield from parts(
        partial(LOGGING.problems, trail), partial(_global_events, trail), partial(_management_events, trail)
    )


def _global_events(trail: View) -> Iterator[Problem]:
    found = trail.literal(GLOBAL_EVENTS)
    if isinstance(found, Absent):
        if not trail.flag("IsMultiRegionTrail", default=False):
            yield Problem(place(GLOBAL_EVENTS), "is absent on a trail of one region, expected true")
    elif not is_true(found):
        yield Problem(place(GLOBAL_EVENTS), f"found {found!r}, expected true")


def _management_events(trail: View) -> Iterator[Problem]:
    for name, excludes in ((SELECTORS, _left_out), (ADVANCED, _left_out_by_fields)):
        opened: Undetermined | None = None
        reasons = []
        for position in range(len(trail.items(name))):
            try:
                reasons.append(excludes(trail, (name, position)))
            except Undetermined as problem:
                opened = problem
        if not reasons and opened is None:
            continue  # no selectors of this kind
        if "" in reasons:
            return  # one that records everything is enough
        if opened is not None:
            raise opened
        yield Problem(
            place(name),
            f"no selector records every management event ({'; '.join(dict.fromkeys(reasons))}); expected one that does",
        )


def _left_out(trail: View, path: tuple[str | int, ...]) -> str:
    """Say what an event selector leaves out; empty when nothing."""
    if not trail.flag(*path, "IncludeManagementEvents", default=True):
        return "it includes no management events"
    kind = trail.literal(*path, "ReadWriteType")
    if kind not in ("All",) and not isinstance(kind, Absent):
        return f"it records {kind} only"
    excluded = trail.items(*path, "ExcludeManagementEventSources")
    return f"it leaves out {', '.join(map(str, excluded))}" if excluded else ""


def _left_out_by_fields(trail: View, path: tuple[str | int, ...]) -> str:
    """Say what an advanced event selector leaves out; empty when nothing."""
    is_management = False
    narrowed = []
    for position in range(len(trail.items(*path, "FieldSelectors"))):
        here = (*path, "FieldSelectors", position)
        field = trail.literal(*here, "Field")
        if field == "eventCategory":
            is_management = "Management" in trail.items(*here, "Equals")
        else:
            narrowed.append(str(field))
    if not is_management:
        return "it is not for management events"
    return f"it is narrowed by {', '.join(narrowed)}" if narrowed else ""


RULE = Rule(
    id="logging.trail-on",
    severity="error",
    title="Trails are switched on and record every management event, those of global services included",
    why="A trail that is switched off, or leaves events out, looks like a record and is none.",
    fix="set IsLogging: true and IncludeGlobalServiceEvents: true, and leave EventSelectors out or let one include all "
    "management events (CDK: include_global_service_events=True, management_events=ReadWriteType.ALL)",
    types=("AWS::CloudTrail::Trail",),
    check=check,
    claims=("touchpoints.logs",),
    controls={"SOC 2": ("CC7.2",), "AWS FSBP": ("CloudTrail.1",)},
    source="CloudTrail API reference, CreateTrail and PutEventSelectors",
    cdk="""
cloudtrail.Trail(
    self, "Trail", include_global_service_events=True, management_events=cloudtrail.ReadWriteType.ALL
)
""",
    example={
        "Trail": {
            "Type": "AWS::CloudTrail::Trail",
            "Properties": {
                "S3BucketName": "trail",
                "IsLogging": True,
                "IsMultiRegionTrail": True,
                GLOBAL_EVENTS: True,
            },
        }
    },
)
