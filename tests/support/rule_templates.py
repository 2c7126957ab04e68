"""Templates whose values depend on parameters, conditions and mappings, for the cases of rules."""

from __future__ import annotations

from typing import Any

from tests.support.rule_cases import resources

#: A parameter without a default: its value cannot be known.
OPEN = {"Ref": "Open"}

#: An import that no template of the case makes.
IMPORTED = {"Fn::ImportValue": "somebody-elses-export"}


def opened(**named: dict[str, Any]) -> dict[str, Any]:
    """Make a template with the parameter `Open`, which has no default."""
    return {"Parameters": {"Open": {"Type": "String"}}, **resources(**named)}


def defaulted(value: Any, **named: dict[str, Any]) -> dict[str, Any]:
    """Make a template whose parameter `Open` has a default."""
    return {"Parameters": {"Open": {"Type": "String", "Default": value}}, **resources(**named)}


def allowed(*values: Any, **named: dict[str, Any]) -> dict[str, Any]:
    """Make a template whose parameter `Open` has allowed values and no default."""
    return {"Parameters": {"Open": {"Type": "String", "AllowedValues": list(values)}}, **resources(**named)}


def conditional(**named: dict[str, Any]) -> dict[str, Any]:
    """Make a template with the condition `Chosen`, which depends on a parameter of its own without a default."""
    free = {name: {"Type": "String"} for name in ("Open", "Choice")}
    chosen = {"Fn::Equals": [{"Ref": "Choice"}, "yes"]}
    return {"Parameters": free, "Conditions": {"Chosen": chosen}, **resources(**named)}


def either(yes: Any, no: Any) -> dict[str, Any]:
    """Choose between two values by the condition `Chosen`."""
    return {"Fn::If": ["Chosen", yes, no]}


def mapped(region: str, value: Any, **named: dict[str, Any]) -> dict[str, Any]:
    """Make a template with the mapping `By.<region>.Value`."""
    return {"Mappings": {"By": {region: {"Value": value}}}, **resources(**named)}


#: Looks up the mapping of `mapped` by the stack's region.
LOOKED_UP = {"Fn::FindInMap": ["By", {"Ref": "AWS::Region"}, "Value"]}
NO_VALUE = {"Ref": "AWS::NoValue"}
