"""A table of intrinsic functions: what a rule says where a good or a bad value hides behind them.

Each case is a template in YAML; it is judged as it stands and once more as JSON, by real rules.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pytest

from nexis.check import judge_resource
from nexis.rules.registry import all_rules
from nexis.templates.model import Assembly, read_document
from nexis.templates.parse import parse
from nexis.templates.resolver import ParameterSource

if TYPE_CHECKING:
    from nexis.rules.model import Rule

Verdict = Literal["pass", "fail", "unknown", "not-applicable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    why: str
    verdict: Verdict
    rule: str
    text: str
    resource: str = "It"
    region: str | None = None
    account: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    strict: bool = False


def encrypted(verdict: Verdict, why: str, value: str, sections: str = "", **more: Any) -> Case:
    """A cluster whose StorageEncrypted is a value; true is good."""
    text = f"{sections}\nResources:\n  It:\n    Type: AWS::RDS::DBCluster\n    Properties:\n"
    text += f"      StorageEncrypted: {value}\n"
    return Case(why=why, verdict=verdict, rule="storage.rds-encrypted", text=text, **more)


def whole(verdict: Verdict, why: str, text: str, **more: Any) -> Case:
    """A template with a cluster, whose type is written DB."""
    text = text.replace("Type: DB", "Type: AWS::RDS::DBCluster")
    return Case(why=why, verdict=verdict, rule="storage.rds-encrypted", text=text, **more)


def ingress(verdict: Verdict, why: str, rules: str, sections: str = "", **more: Any) -> Case:
    """A security group whose ingress is a value; 10.0.0.0/8 is good, 0.0.0.0/0 is bad."""
    text = f"{sections}\nResources:\n  It:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n"
    text += f"      GroupDescription: g\n      SecurityGroupIngress: {rules}\n"
    text += "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
    return Case(why=why, verdict=verdict, rule="network.no-ingress-from-anywhere", text=text, **more)


def from_range(verdict: Verdict, why: str, value: str, sections: str = "", **more: Any) -> Case:
    """A security group that lets a range of addresses in."""
    rules = f"[{{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: {value}}}]"
    return ingress(verdict, why, rules, sections, **more)


def user_data(verdict: Verdict, why: str, value: str, sections: str = "", **more: Any) -> Case:
    """An instance with user data; `password=hunter2` is bad."""
    text = f"{sections}\nResources:\n  It:\n    Type: AWS::EC2::Instance\n    Properties:\n      UserData: {value}\n"
    return Case(why=why, verdict=verdict, rule="passwords.no-literal-secrets", text=text, **more)


def parameter(rest: str) -> str:
    return f"Parameters: {{P: {{{rest}}}}}"


TWO = "Parameters: {P: {Type: String}, Q: {Type: String, Default: q}}"
MAP = """Mappings:
  M:
    eu-central-1: {good: true, bad: false, text: "true"}
    us-east-1: {good: true, bad: false, text: "false"}
    "443": {good: true}
    "true": {good: "true"}
  Other: {a: {k: true}, b: {k: false}}
  Same: {a: {k: true}, b: {k: "true"}}
"""
LANGUAGE = "Transform: AWS::LanguageExtensions\n"
OVER_P = f"{LANGUAGE}Parameters: {{P: {{Type: CommaDelimitedList}}}}\n"

CASES: tuple[Case, ...] = (
    # ---- spellings ----
    encrypted("pass", "a boolean", "true"),
    encrypted("pass", "a text", '"true"'),
    encrypted("pass", "a text in capitals", '"TRUE"'),
    encrypted("pass", "YAML 1.1: yes", "yes"),
    encrypted("pass", "YAML 1.1: on", "On"),
    encrypted("fail", "YAML 1.1: no", "no"),
    encrypted("fail", "YAML 1.1: off", "OFF"),
    encrypted("fail", "nothing", "~"),
    encrypted("fail", "no value", "!Ref AWS::NoValue"),
    encrypted("fail", "a text that is no boolean", '"yes"'),
    # ---- Ref ----
    encrypted("pass", "a default", "!Ref P", parameter("Type: String, Default: 'true'")),
    encrypted("pass", "a default that is a boolean", "!Ref P", parameter("Type: String, Default: true")),
    encrypted("pass", "a default that is yes", "!Ref P", parameter("Type: String, Default: yes")),
    encrypted("fail", "a bad default", "!Ref P", parameter("Type: String, Default: 'false'")),
    encrypted("unknown", "no default", "!Ref P", parameter("Type: String")),
    encrypted("fail", "an empty default", "!Ref P", parameter("Type: String, Default: ''")),
    encrypted("unknown", "no parameter of that name", "!Ref Nobody"),
    encrypted("pass", "the only allowed value", "!Ref P", parameter("Type: String, AllowedValues: ['true']")),
    encrypted("pass", "agreeing values", "!Ref P", parameter("Type: String, AllowedValues: ['true', true, 'TRUE']")),
    encrypted("fail", "only the bad one allowed", "!Ref P", parameter("Type: String, AllowedValues: ['false']")),
    encrypted("unknown", "values disagree", "!Ref P", parameter("Type: String, AllowedValues: ['true', 'false']")),
    encrypted(
        "pass",
        "values disagree, a default settles it",
        "!Ref P",
        parameter("Type: String, AllowedValues: ['true', 'false'], Default: 'true'"),
    ),
    encrypted(
        "unknown",
        "every allowed value counts when strict",
        "!Ref P",
        parameter("Type: String, AllowedValues: ['true', 'false'], Default: 'true'"),
        strict=True,
    ),
    encrypted(
        "unknown", "a default is open when strict", "!Ref P", parameter("Type: String, Default: 'true'"), strict=True
    ),
    encrypted(
        "pass",
        "agreeing values when strict",
        "!Ref P",
        parameter("Type: String, AllowedValues: ['true'], Default: 'true'"),
        strict=True,
    ),
    encrypted("pass", "a given value", "!Ref P", parameter("Type: String"), given={"P": "true"}),
    encrypted(
        "fail",
        "a given value against the default",
        "!Ref P",
        parameter("Type: String, Default: 'true'"),
        given={"P": False},
    ),
    encrypted("pass", "a given value when strict", "!Ref P", parameter("Type: String"), given={"P": True}, strict=True),
    encrypted(
        "unknown",
        "a given value that is not allowed",
        "!Ref P",
        parameter("Type: String, AllowedValues: ['true']"),
        given={"P": "false"},
    ),
    encrypted(
        "unknown",
        "read from the parameter store",
        "!Ref P",
        parameter("Type: AWS::SSM::Parameter::Value<String>, Default: 'true'"),
    ),
    encrypted(
        "pass",
        "the name of a stored parameter is text",
        "!Ref P",
        parameter("Type: AWS::SSM::Parameter::Name, Default: 'true'"),
    ),
    encrypted("unknown", "a list of two", "!Ref P", parameter("Type: CommaDelimitedList, Default: 'true,true'")),
    encrypted("unknown", "a resource", "!Ref It"),
    encrypted("unknown", "a dynamic reference", "'{{resolve:ssm:/encrypted}}'"),
    # ---- conditions ----
    encrypted("pass", "a condition that is true", "!If [C, true, false]", "Conditions: {C: !Equals [a, a]}"),
    encrypted("fail", "a condition that is false", "!If [C, true, false]", "Conditions: {C: !Equals [a, b]}"),
    encrypted("pass", "both ways good", "!If [C, true, 'true']", f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}"),
    encrypted(
        "fail", "both ways bad", "!If [C, false, !Ref AWS::NoValue]", f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}"
    ),
    encrypted("unknown", "it depends", "!If [C, true, false]", f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}"),
    encrypted("pass", "the default decides", "!If [C, true, false]", f"{TWO}\nConditions: {{C: !Equals [!Ref Q, q]}}"),
    encrypted(
        "unknown",
        "but not when strict",
        "!If [C, true, false]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref Q, q]}}",
        strict=True,
    ),
    encrypted("unknown", "no such condition", "!If [C, true, false]"),
    encrypted("pass", "no such condition, both good", "!If [C, true, true]"),
    encrypted("pass", "true is 'true'", "!If [C, true, false]", "Conditions: {C: !Equals [true, 'true']}"),
    encrypted("pass", "443 is '443'", "!If [C, true, false]", "Conditions: {C: !Equals [443, '443']}"),
    encrypted("fail", "1 is not true", "!If [C, true, false]", "Conditions: {C: !Equals [1, true]}"),
    encrypted("fail", "texts differ in case", "!If [C, true, false]", "Conditions: {C: !Equals [Prod, prod]}"),
    encrypted("pass", "lists of the same", "!If [C, true, false]", "Conditions: {C: !Equals [[1, a], ['1', a]]}"),
    encrypted("pass", "not", "!If [C, true, false]", "Conditions: {C: !Not [!Equals [a, b]]}"),
    encrypted("pass", "and", "!If [C, true, false]", "Conditions: {C: !And [!Equals [a, a], !Equals [b, b]]}"),
    encrypted(
        "fail", "and, one false", "!If [C, true, false]", "Conditions: {C: !And [!Equals [a, a], !Equals [a, b]]}"
    ),
    encrypted(
        "fail",
        "and, one open and one false",
        "!If [C, true, false]",
        f"{TWO}\nConditions: {{C: !And [!Equals [!Ref P, a], !Equals [a, b]]}}",
    ),
    encrypted(
        "pass",
        "or, one open and one true",
        "!If [C, true, false]",
        f"{TWO}\nConditions: {{C: !Or [!Equals [!Ref P, a], !Equals [a, a]]}}",
    ),
    encrypted("fail", "or, none", "!If [C, true, false]", "Conditions: {C: !Or [!Equals [a, b], !Equals [b, a]]}"),
    encrypted(
        "pass",
        "a named condition, short form",
        "!If [C, true, false]",
        "Conditions: {C: !And [!Condition D, !Condition D], D: !Equals [a, a]}",
    ),
    encrypted(
        "fail",
        "a named condition, long form",
        "!If [C, true, false]",
        "Conditions: {C: {'Fn::Not': [{Condition: D}]}, D: !Equals [a, a]}",
    ),
    encrypted(
        "pass",
        "a condition that is another",
        "!If [C, true, false]",
        "Conditions: {C: {Condition: D}, D: {Condition: E}, E: !Equals [a, a]}",
    ),
    encrypted(
        "unknown",
        "conditions in a circle",
        "!If [C, true, false]",
        "Conditions: {C: {Condition: D}, D: {Condition: C}}",
    ),
    encrypted(
        "pass",
        "conditions on one parameter do not contradict each other",
        "!If [C, true, !If [D, true, false]]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a], D: !Not [!Equals [a, !Ref P]]}}",
    ),
    encrypted(
        "pass",
        "a parameter is not two things at once",
        "!If [C, !If [D, false, true], true]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a], D: !Equals [!Ref P, b]}}",
    ),
    encrypted(
        "pass",
        "what a parameter was compared with is what it is",
        "!If [C, !Ref P, true]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, 'true']}}",
    ),
    encrypted(
        "pass",
        "nothing between the allowed values",
        "!If [C, true, !If [D, true, false]]",
        "Parameters: {P: {Type: String, AllowedValues: [a, b]}}\n"
        "Conditions: {C: !Equals [!Ref P, a], D: !Equals [!Ref P, b]}",
    ),
    encrypted(
        "pass", "nested", "!If [C, !If [D, false, true], false]", "Conditions: {C: !Equals [a, a], D: !Equals [a, b]}"
    ),
    encrypted(
        "pass",
        "in a region that is known",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::Region, eu-central-1]}",
        region="eu-central-1",
    ),
    encrypted(
        "fail",
        "in another region",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::Region, eu-central-1]}",
        region="us-east-1",
    ),
    encrypted(
        "unknown",
        "in a region that is not known",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::Region, eu-central-1]}",
    ),
    encrypted(
        "pass",
        "in a region that is given",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::Region, eu-central-1]}",
        given={"AWS::Region": "eu-central-1"},
    ),
    encrypted(
        "pass",
        "in a partition",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::Partition, aws-cn]}",
        region="cn-north-1",
    ),
    encrypted(
        "pass",
        "in an account",
        "!If [C, true, false]",
        "Conditions: {C: !Equals [!Ref AWS::AccountId, '012345678901']}",
        account="012345678901",
    ),
    encrypted(
        "pass",
        "compared with a list that is joined",
        "!If [C, true, false]",
        "Parameters: {P: {Type: CommaDelimitedList, Default: 'a,b'}}\n"
        "Conditions: {C: !Equals [!Join ['', !Ref P], ab]}",
    ),
    encrypted(
        "pass",
        "compared with nothing",
        "!If [C, true, false]",
        "Parameters: {P: {Type: String, Default: ''}}\nConditions: {C: !Equals [!Ref P, '']}",
    ),
    encrypted(
        "pass",
        "compared with a map's value",
        "!If [C, true, false]",
        f"{MAP}\nConditions: {{C: !Equals [!FindInMap [M, us-east-1, text], false]}}",
    ),
    encrypted(
        "pass",
        "a value compared with itself",
        "!If [C, true, false]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, !Sub '${{P}}']}}",
    ),
    encrypted(
        "pass",
        "a parameter and the text of it are one thing",
        "!If [C, !If [D, true, false], true]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a], D: !Equals [!Sub '${{P}}', a]}}",
    ),
    encrypted(
        "pass",
        "an attribute and the text of it are one thing",
        "!If [C, !If [D, true, false], true]",
        "Conditions: {C: !Equals [!GetAtt It.Port, a], D: !Equals [!Sub '${It.Port}', a]}",
    ),
    encrypted("unknown", "an If without its else", "!If [C, true]", "Conditions: {C: !Equals [a, a]}"),
    whole(
        "not-applicable",
        "a resource that is never made",
        "Conditions: {C: !Equals [a, b]}\n"
        "Resources: {It: {Type: DB, Condition: C, Properties: {StorageEncrypted: false}}}",
    ),
    whole(
        "fail",
        "a resource that may be made",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, b]}}\n"
        f"Resources: {{It: {{Type: DB, Condition: C, Properties: {{}}}}}}",
    ),
    whole(
        "pass",
        "good whenever it is made",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, b]}}\n"
        "Resources: {It: {Type: DB, Condition: C, Properties: {StorageEncrypted: !If [C, true, false]}}}",
    ),
    whole(
        "not-applicable",
        "never made for any allowed value",
        "Parameters: {P: {Type: String, AllowedValues: [a, b]}}\nConditions: {C: !Equals [!Ref P, c]}\n"
        "Resources: {It: {Type: DB, Condition: C, Properties: {}}}",
    ),
    whole("fail", "a condition that does not exist", "Resources: {It: {Type: DB, Condition: Nowhere}}"),
    # ---- Sub ----
    encrypted("pass", "a sub", "!Sub '${P}'", parameter("Type: String, Default: 'true'")),
    encrypted(
        "pass", "a sub with names", "!Sub ['${A}${B}', {A: tr, B: !Ref P}]", parameter("Type: String, Default: ue")
    ),
    encrypted("fail", "a literal in a sub", "!Sub '${!P}'", parameter("Type: String, Default: 'true'")),
    encrypted("unknown", "a sub of nothing", "!Sub '${Nobody}'"),
    encrypted("pass", "a sub without anything", "!Sub 'true'"),
    encrypted(
        "pass", "its own names come first", "!Sub ['${P}', {P: true}]", parameter("Type: String, Default: 'false'")
    ),
    encrypted("pass", "a sub in a sub", "!Sub ['${A}', {A: !Sub '${P}'}]", parameter("Type: String, Default: 'true'")),
    encrypted("unknown", "a sub with an attribute", "!Sub '${It.Endpoint.Address}'"),
    encrypted("unknown", "a sub of an open parameter", "!Sub '${P}'", parameter("Type: String")),
    # ---- Join, Split, Select ----
    encrypted("pass", "a join", "!Join ['', [tr, ue]]"),
    encrypted("pass", "a join of functions", "!Join ['', [t, !Ref P, e]]", parameter("Type: String, Default: ru")),
    encrypted("pass", "a join without what is not there", "!Join ['', ['true', !Ref AWS::NoValue]]"),
    encrypted("pass", "a select", "!Select [1, [false, true]]"),
    encrypted("pass", "a select by text", "!Select ['1', [false, true]]"),
    encrypted(
        "pass", "a select by parameter", "!Select [!Ref P, [false, true]]", parameter("Type: Number, Default: 1")
    ),
    encrypted("unknown", "a select beyond its list", "!Select [2, [true, true]]"),
    encrypted("pass", "whatever is selected is good", "!Select [!Ref P, [true, 'true']]", parameter("Type: Number")),
    encrypted("unknown", "an open select", "!Select [!Ref P, [true, false]]", parameter("Type: Number")),
    encrypted("pass", "a select of a split", "!Select [1, !Split [',', 'false,true']]"),
    encrypted(
        "pass",
        "a split parameter",
        "!Select [1, !Split ['|', !Ref P]]",
        parameter("Type: String, Default: 'false|true'"),
    ),
    encrypted(
        "pass", "a list parameter", "!Select [1, !Ref P]", parameter("Type: CommaDelimitedList, Default: 'false, true'")
    ),
    encrypted(
        "fail",
        "a list parameter, the other",
        "!Select [0, !Ref P]",
        parameter("Type: CommaDelimitedList, Default: 'false, true'"),
    ),
    encrypted(
        "unknown", "a list parameter without default", "!Select [0, !Ref P]", parameter("Type: CommaDelimitedList")
    ),
    encrypted(
        "pass", "a given list", "!Select [0, !Ref P]", parameter("Type: CommaDelimitedList"), given={"P": "true,false"}
    ),
    encrypted("pass", "a split of a join", "!Select [1, !Split ['-', !Join ['-', ['false', 'true']]]]"),
    encrypted("pass", "a split of a sub with the account", "!Select [1, !Split ['/', !Sub '${AWS::AccountId}/true']]"),
    encrypted("pass", "a split before a reference", "!Select [0, !Split [':', !Sub 'true:${It}']]"),
    encrypted("unknown", "a split of a reference", "!Select [0, !Split [':', !GetAtt It.DBClusterArn]]"),
    # ---- FindInMap ----
    encrypted("pass", "a map", "!FindInMap [M, us-east-1, good]", MAP),
    encrypted("fail", "a map's other", "!FindInMap [M, us-east-1, bad]", MAP),
    encrypted("pass", "a map by region", "!FindInMap [M, !Ref AWS::Region, text]", MAP, region="eu-central-1"),
    encrypted("fail", "a map by another region", "!FindInMap [M, !Ref AWS::Region, text]", MAP, region="us-east-1"),
    encrypted("unknown", "a map by a region that is not known", "!FindInMap [Other, !Ref AWS::Region, k]", MAP),
    encrypted("pass", "whatever the region is", "!FindInMap [Same, !Ref AWS::Region, k]", MAP),
    encrypted("pass", "a map by a number", "!FindInMap [M, 443, good]", MAP),
    encrypted("pass", "a map by a boolean", "!FindInMap [M, true, good]", MAP),
    encrypted(
        "pass",
        "a map by a number parameter",
        "!FindInMap [M, !Ref P, good]",
        MAP + parameter("Type: Number, Default: 443"),
    ),
    encrypted("unknown", "a key that the map has not", "!FindInMap [Other, c, k]", MAP),
    encrypted("unknown", "no such map", "!FindInMap [Nothing, a, k]", MAP),
    encrypted("pass", "a default of the map", "!FindInMap [Other, c, k, {DefaultValue: true}]", LANGUAGE + MAP),
    encrypted(
        "pass", "a default that is not needed", "!FindInMap [Other, a, k, {DefaultValue: false}]", LANGUAGE + MAP
    ),
    encrypted(
        "fail",
        "a default that is a function",
        "!FindInMap [Other, c, k, {DefaultValue: !Ref P}]",
        LANGUAGE + MAP + parameter("Type: String, Default: false"),
    ),
    encrypted(
        "pass",
        "a map by a parameter's allowed values",
        "!FindInMap [Same, !Ref P, k]",
        MAP + parameter("Type: String, AllowedValues: [a, b]"),
    ),
    encrypted(
        "unknown",
        "the allowed values disagree",
        "!FindInMap [Other, !Ref P, k]",
        MAP + parameter("Type: String, AllowedValues: [a, b]"),
    ),
    encrypted(
        "pass",
        "a map whose name is a function",
        "!FindInMap [!Sub '${P}ther', a, k]",
        LANGUAGE + MAP + parameter("Type: String, Default: O"),
    ),
    encrypted(
        "pass",
        "a map by a map",
        "!FindInMap [Other, !FindInMap [Names, x, y], k]",
        LANGUAGE + "Mappings: {Other: {a: {k: true}}, Names: {x: {y: a}}}",
    ),
    encrypted("pass", "a map by a select", "!FindInMap [Other, !Select [0, [a, b]], !Join ['', [k]]]", LANGUAGE + MAP),
    encrypted(
        "pass",
        "a key that YAML 1.1 reads as a boolean",
        "!FindInMap [Keys, a, on]",
        "Mappings: {Keys: {a: {on: true, off: false}}}",
    ),
    encrypted(
        "fail",
        "a key that a parameter gives as YAML's no",
        "!FindInMap [Keys, a, !Ref P]",
        "Mappings: {Keys: {a: {yes: true, no: false}}}\n" + parameter("Type: String, Default: no"),
    ),
    encrypted(
        "unknown", "a boolean that two keys may be", "!FindInMap [K, a, yes]", "Mappings: {K: {a: {on: 1, y: 1}}}"
    ),
    encrypted("pass", "a list in a map", "!Select [1, !FindInMap [L, a, k]]", "Mappings: {L: {a: {k: [false, true]}}}"),
    # ---- attributes ----
    from_range("pass", "the range of the network", "!GetAtt Vpc.CidrBlock"),
    from_range("pass", "the range of the network, as a list", "{'Fn::GetAtt': [Vpc, CidrBlock]}"),
    from_range("pass", "the range of the network in a sub", "!Sub '${Vpc.CidrBlock}'"),
    from_range("unknown", "an attribute of nothing", "!GetAtt Nobody.CidrBlock"),
    encrypted("unknown", "an attribute only the deployment knows", "!GetAtt It.Endpoint.Address"),
    # ---- other functions ----
    encrypted("unknown", "an import from elsewhere", "!ImportValue somewhere"),
    encrypted("unknown", "an output from elsewhere", "{'Fn::GetStackOutput': {StackName: s, OutputName: o}}"),
    encrypted("unknown", "a transform", "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: s3://b/k}}}"),
    encrypted("unknown", "a transform, short form", "!Transform {Name: Own}"),
    encrypted("unknown", "a function nobody knows", "!Whatever true"),
    encrypted("pass", "a length", "!If [C, true, false]", LANGUAGE + "Conditions: {C: !Equals [!Length [a, b], 2]}"),
    encrypted(
        "pass",
        "the length of a parameter",
        "!If [C, true, false]",
        LANGUAGE + "Parameters: {P: {Type: CommaDelimitedList, Default: 'a,b,c'}}\n"
        "Conditions: {C: !Equals [{'Fn::Length': !Ref P}, 3]}",
    ),
    encrypted(
        "unknown",
        "the length of an open parameter",
        "!If [C, true, false]",
        LANGUAGE + "Parameters: {P: {Type: CommaDelimitedList}}\nConditions: {C: !Equals [{'Fn::Length': !Ref P}, 3]}",
    ),
    encrypted(
        "pass",
        "JSON text",
        "!If [C, true, false]",
        LANGUAGE + "Conditions: {C: !Equals [!ToJsonString {a: 1}, '{\"a\":1}']}",
    ),
    from_range("pass", "a range that is cut", "!Select [0, !Cidr [10.0.0.0/8, 2, 8]]"),
    from_range("pass", "a range that is cut from the network", "!Select [1, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]"),
    from_range("pass", "one address, whichever it is", "!Sub '${P}/32'", parameter("Type: String")),
    from_range("pass", "one address, joined", "!Join ['/', [!Ref P, 32]]", parameter("Type: String")),
    from_range("unknown", "a range of open length", "!Sub '10.0.0.0/${P}'", parameter("Type: Number")),
    from_range("unknown", "a wide range of open address", "!Sub '${P}/0'", parameter("Type: String")),
    from_range("fail", "half of the world", "!Select [0, !Cidr [0.0.0.0/0, 2, 31]]"),
    # ---- addresses behind functions ----
    from_range("fail", "everyone by default", "!Ref P", parameter("Type: String, Default: 0.0.0.0/0")),
    from_range("pass", "some by default", "!Ref P", parameter("Type: String, Default: 10.0.0.0/8")),
    from_range("unknown", "somebody", "!Ref P", parameter("Type: String")),
    from_range("fail", "everyone by join", "!Join [/, [0.0.0.0, 0]]"),
    from_range("fail", "everyone by sub", "!Sub ['${A}/${B}', {A: 0.0.0.0, B: 0}]"),
    from_range("fail", "everyone by split", "!Select [1, !Split [',', '10.0.0.0/8,0.0.0.0/0']]"),
    from_range("fail", "everyone by map", "!FindInMap [M, a, b]", "Mappings: {M: {a: {b: 0.0.0.0/0}}}"),
    from_range(
        "fail",
        "everyone, whichever",
        "!If [C, 0.0.0.0/0, '0.0.0.0/00']",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}",
    ),
    from_range(
        "unknown",
        "everyone, perhaps",
        "!If [C, 0.0.0.0/0, 10.0.0.0/8]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}",
    ),
    ingress(
        "fail",
        "a list that is chosen",
        "!If [C, [{IpProtocol: '-1', CidrIp: 0.0.0.0/0}], []]",
        "Conditions: {C: !Equals [a, a]}",
    ),
    ingress(
        "pass",
        "an item that is not there",
        "[!If [C, {IpProtocol: '-1', CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]]",
        "Conditions: {C: !Equals [a, b]}",
    ),
    ingress(
        "unknown",
        "an item that may be there",
        "[!If [C, {IpProtocol: '-1', CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]]",
        f"{TWO}\nConditions: {{C: !Equals [!Ref P, a]}}",
    ),
    ingress(
        "fail",
        "a property of an item",
        "[{IpProtocol: tcp, FromPort: 1, ToPort: 9, CidrIp: !If [C, 0.0.0.0/0, !Ref AWS::NoValue]}]",
        "Conditions: {C: !Equals [a, a]}",
    ),
    # ---- user data ----
    user_data("fail", "encoded", "!Base64 'password=hunter2'"),
    user_data(
        "fail",
        "encoded after a sub",
        "{'Fn::Base64': !Sub '#!/bin/sh\\nexport DB_PASSWORD=${P}hunter2\\n'}",
        parameter("Type: String, Default: x"),
    ),
    user_data("fail", "encoded after a join", "{'Fn::Base64': !Join [\"\\n\", ['#!/bin/sh', 'password=hunter2']]}"),
    user_data("pass", "nothing secret", "!Base64 'echo hello'"),
    user_data(
        "pass",
        "it is looked up",
        "{'Fn::Base64': !Sub 'password=$(aws secretsmanager get-secret-value --secret-id ${AWS::Region})'}",
    ),
    # ---- loops and macros ----
    whole(
        "fail",
        "one that a loop makes",
        LANGUAGE
        + "Resources: {'Fn::ForEach::L': [Id, [t], {'I${Id}': {Type: DB, Properties: {StorageEncrypted: false}}}]}",
    ),
    whole(
        "pass",
        "a value of the loop",
        LANGUAGE + "Resources: {'Fn::ForEach::L': [Id, ['true'], {'A${Id}': {Type: DB, "
        "Properties: {StorageEncrypted: !Ref Id}}}]}",
        resource="Atrue",
    ),
    whole(
        "fail",
        "a value by the loop's map",
        LANGUAGE + MAP + "Resources: {'Fn::ForEach::L': [Id, [a, b], {'A${Id}': {Type: DB, "
        "Properties: {StorageEncrypted: !FindInMap [Other, !Ref Id, k]}}}]}",
        resource="Ab",
    ),
    whole(
        "pass",
        "good, whatever the loop is over",
        OVER_P
        + "Resources: {'Fn::ForEach::L': [Id, !Ref P, {'A${Id}': {Type: DB, Properties: {StorageEncrypted: true}}}]}",
        resource="A${Id}",
    ),
    whole(
        "unknown",
        "it depends on what the loop is over",
        OVER_P + "Resources: {'Fn::ForEach::L': [Id, !Ref P, {'A${Id}': {Type: DB, "
        "Properties: {StorageEncrypted: !Sub '${Id}'}}}]}",
        resource="A${Id}",
    ),
    whole(
        "fail",
        "a loop over a parameter's default",
        LANGUAGE + "Parameters: {P: {Type: CommaDelimitedList, Default: 'x-1,y-2'}}\n"
        "Resources: {'Fn::ForEach::L': [Id, !Ref P, {'A&{Id}': {Type: DB, Properties: {}}}]}",
        resource="Ay2",
    ),
    whole(
        "pass",
        "properties by a loop",
        LANGUAGE
        + "Resources: {It: {Type: DB, Properties: {'Fn::ForEach::L': [Id, [Storage], {'${Id}Encrypted': true}]}}}",
    ),
    whole(
        "unknown",
        "properties that a file brings",
        "Resources: {It: {Type: DB, Properties: {'Fn::Transform': {Name: AWS::Include}, Port: 5432}}}",
    ),
    whole(
        "pass",
        "a property beside those that a file brings",
        "Resources: {It: {Type: DB, Properties: {'Fn::Transform': {Name: AWS::Include}, StorageEncrypted: true}}}",
    ),
    whole(
        "unknown",
        "a property that a macro may change",
        "Resources: {It: {Type: DB, Properties: {'Fn::Transform': {Name: Own}, StorageEncrypted: true}}}",
    ),
    whole(
        "unknown",
        "a macro beside the properties",
        "Resources: {It: {Type: DB, 'Fn::Transform': {Name: Own}, Properties: {StorageEncrypted: true}}}",
    ),
    whole(
        "fail",
        "a macro over the whole template",
        "Transform: [Own]\nResources: {It: {Type: DB, Properties: {StorageEncrypted: false}}}",
    ),
    whole(
        "pass",
        "rules about parameters are no rules about resources",
        "Rules: {R: {Assertions: [{Assert: {'Fn::Contains': [[a], b]}}]}}\n"
        "Resources: {It: {Type: DB, Properties: {StorageEncrypted: true}}}",
    ),
    whole(
        "fail",
        "anchors and merges",
        "x: &x {StorageEncrypted: true, Port: 1}\n"
        "Resources: {It: {Type: DB, Properties: {<<: *x, StorageEncrypted: false}}}",
    ),
    whole(
        "pass",
        "merged",
        "x: &x {StorageEncrypted: true}\nResources: {It: {Type: DB, Properties: {<<: *x}}}",
    ),
    # ---- numbers as YAML 1.1 reads them ----
    ingress(
        "fail",
        "a port with zeros before it is octal",
        "[{IpProtocol: tcp, FromPort: 012, ToPort: 0x10, CidrIp: 0.0.0.0/0}]",
    ),
    ingress("fail", "a port as text", "[{IpProtocol: tcp, FromPort: '22', ToPort: '22', CidrIp: 0.0.0.0/0}]"),
    ingress(
        "fail",
        "a port by map",
        "[{IpProtocol: !Ref P, FromPort: !FindInMap [M, a, b], ToPort: !FindInMap [M, a, b], CidrIp: 0.0.0.0/0}]",
        "Mappings: {M: {a: {b: 1_000}}}\nParameters: {P: {Type: String, Default: 6}}",
    ),
)


@cache
def rule_of(name: str) -> Rule:
    return next(rule for rule in all_rules() if rule.id == name)


def judged(case: Case, data: bytes) -> Verdict:
    source = ParameterSource(given=case.given, strict=case.strict)
    made = read_document(
        parse(data, file="t.yaml"),
        key="t",
        file="t.yaml",
        region=case.region,
        account=case.account,
        parameters=source,
    )
    found = judge_resource(
        Assembly(templates={"t": made}), made, made.resources[case.resource], rule_of(case.rule), source
    )
    assert not found.crash, found.crash
    return found.outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.verdict}: {case.why}")
def test_a_value_behind_functions_is_judged_as_itself(case: Case) -> None:
    data = case.text.encode()
    as_json = json.dumps(parse(data, file="t.yaml")).encode()
    assert (judged(case, data), judged(case, as_json)) == (case.verdict, case.verdict)


def test_conditions_that_decide_nothing_do_not_multiply() -> None:
    many = range(24)
    rule = "{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/8}"
    rules = ", ".join(f"!If [C{n}, {rule}, {rule}]" for n in many)
    parameters = ", ".join(f"P{n}: {{Type: String}}" for n in many)
    conditions = ", ".join(f"C{n}: !Equals [!Ref P{n}, a]" for n in many)
    sections = f"Parameters: {{{parameters}}}\nConditions: {{{conditions}}}"
    case = ingress("pass", "many conditions", f"[{rules}]", sections)
    assert judged(case, case.text.encode()) == "pass"


def test_the_cases_are_told_apart_by_their_words() -> None:
    words = [(case.rule, case.verdict, case.why) for case in CASES]
    assert len(set(words)) == len(words)
