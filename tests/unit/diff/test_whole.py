"""Properties of every comparison, on templates that Hypothesis makes."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nexis.diff.compare import compare
from tests.support.changes import resource
from tests.support.examples import examples
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from nexis.diff.model import Change, Comparison

PARAMETERS = {
    "Open": {"Type": "String"},
    "Fixed": {"Type": "String", "Default": "10.9.0.0/16"},
    "Either": {"Type": "String", "AllowedValues": ["10.1.0.0/16", "0.0.0.0/0"]},
}
CONDITIONS = {"Sure": {"Fn::Equals": ["a", "a"]}, "Perhaps": {"Fn::Equals": [{"Ref": "Open"}, "x"]}}
#: Deployments that replace or delete are told both ways: they have no opposite.
ACTS = ("hosts", "data")

CIDRS = st.one_of(
    st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/16", "::/0", "2001:db8::/32"]),
    st.sampled_from([{"Ref": name} for name in PARAMETERS]),
    st.just({"Fn::If": ["Perhaps", "10.2.0.0/16", "10.3.0.0/16"]}),
)
PORTS = st.sampled_from([(22, 22), (443, 443), (0, 65535), (5432, 5440), (1, 22)])
PROTOCOLS = st.sampled_from(["tcp", "6", "udp", "-1", "icmp", "50"])


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    cidr, (first, last) = draw(CIDRS), draw(PORTS)
    name = "CidrIpv6" if isinstance(cidr, str) and ":" in cidr else "CidrIp"
    return {"IpProtocol": draw(PROTOCOLS), "FromPort": first, "ToPort": last, name: cidr}


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.lists(
            st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "kms:Decrypt", "*"]), min_size=1, max_size=2
        ),
        "Resource": st.sampled_from(["*", "arn:aws:s3:::a/*", {"Fn::GetAtt": ["B", "Arn"]}, {"Ref": "Open"}]),
    },
    optional={
        "Condition": st.sampled_from(
            [{"Bool": {"aws:SecureTransport": "true"}}, {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}}]
        )
    },
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    made: dict[str, Any] = {"B": resource("S3::Bucket")}
    groups = draw(st.lists(st.sampled_from("GHI"), unique=True, max_size=3))
    for name in groups:
        made[name] = resource(
            "EC2::SecurityGroup", GroupDescription=name, SecurityGroupIngress=draw(st.lists(rules(), max_size=3))
        )
        if draw(st.booleans()):
            made[f"{name}Apart"] = resource("EC2::SecurityGroupIngress", GroupId={"Ref": name}, **draw(rules()))
        if draw(st.booleans()):
            made[name]["Condition"] = draw(st.sampled_from(sorted(CONDITIONS)))
    if groups:
        made["Host"] = resource("EC2::Instance", SecurityGroupIds=[{"Ref": draw(st.sampled_from(groups))}])
    if draw(st.booleans()):
        policy = {"PolicyName": "p", "PolicyDocument": {"Statement": draw(st.lists(STATEMENTS, max_size=3))}}
        made["Role"] = resource("IAM::Role", AssumeRolePolicyDocument={"Statement": []}, Policies=[policy])
    if draw(st.booleans()):
        made["Db"] = resource(
            "RDS::DBCluster",
            BackupRetentionPeriod=draw(st.sampled_from([1, 7, 14, 35, {"Ref": "Open"}])),
            DeletionProtection=draw(st.booleans()),
        )
    return {"Resources": made, "Parameters": PARAMETERS, "Conditions": CONDITIONS}


def names(change: Change) -> frozenset[str]:
    """Both names of a renamed resource: which is the old one hangs on the way it is looked at."""
    return frozenset((change.place.resource, change.place.before or change.place.resource))


def between(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    return compare([assembly(template(before))], [assembly(template(after))])


@settings(max_examples=examples(40), deadline=None)
@given(documents())
def test_a_template_compared_with_itself_says_nothing(document: dict[str, Any]) -> None:
    assert between(document, copy.deepcopy(document)).changes == ()


@settings(max_examples=examples(40), deadline=None)
@given(documents(), st.randoms())
def test_the_order_of_anything_says_nothing(document: dict[str, Any], random: Any) -> None:
    shuffled = copy.deepcopy(document)
    names = list(shuffled["Resources"])
    random.shuffle(names)
    shuffled["Resources"] = {name: shuffled["Resources"][name] for name in names}
    for one in shuffled["Resources"].values():
        for listed in (one["Properties"].get("SecurityGroupIngress"), one["Properties"].get("SecurityGroupIds")):
            if listed:
                random.shuffle(listed)
        for policy in one["Properties"].get("Policies", ()):
            random.shuffle(policy["PolicyDocument"]["Statement"])
            for statement in policy["PolicyDocument"]["Statement"]:
                random.shuffle(statement["Action"])
    assert between(document, shuffled).changes == ()


@settings(max_examples=examples(40), deadline=None)
@given(documents(), documents())
def test_what_is_weaker_one_way_is_stronger_the_other_way(before: dict[str, Any], after: dict[str, Any]) -> None:
    there, back = between(before, after), between(after, before)
    for one, other in ((there, back), (back, there)):
        weaker = {(c.section, names(c), c.rule) for c in one.changes if c.direction == "weaker"}
        stronger = {(c.section, names(c), c.rule) for c in other.changes if c.direction == "stronger"}
        assert {w for w in weaker if w[0] not in ACTS} == stronger


@settings(max_examples=examples(40), deadline=None)
@given(documents(), st.sampled_from(["192.0.2.0/24", "203.0.113.7/32"]), st.sampled_from([7, 9999]))
def test_an_added_ingress_rule_is_always_seen(document: dict[str, Any], cidr: str, port: int) -> None:
    group = resource("EC2::SecurityGroup", GroupDescription="x", SecurityGroupIngress=[])
    before = {**document, "Resources": {**document["Resources"], "Z": group}}
    after = copy.deepcopy(before)
    rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": cidr}
    after["Resources"]["Z"]["Properties"]["SecurityGroupIngress"] = [rule]
    said = [c.message for c in between(before, after).changes if c.direction == "weaker" and c.rule is None]
    assert len(said) == 1
    assert said[0].startswith(f"{cidr} (")
    assert f"can newly reach Z (worn by nothing here) on TCP {port}" in said[0]


@settings(max_examples=examples(40), deadline=None)
@given(documents())
def test_renaming_what_holds_no_data_says_nothing(document: dict[str, Any]) -> None:
    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: f"{v}Renamed" if key == "Ref" and v in "GHI" else renamed(v) for key, v in value.items()}
        return [renamed(item) for item in value] if isinstance(value, list) else value

    after = {
        **document,
        "Resources": {
            f"{name}Renamed" if name in ("G", "H", "I", "Role") else name: renamed(one)
            for name, one in document["Resources"].items()
        },
    }
    assert between(document, after).changes == ()


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    "",
    [],
    {},
    [[]],
    "*",
    10**30,
    "\ud800",
    {"Ref": "Nobody"},
    {"Ref": [1]},
    {"Ref": "AWS::NoValue"},
    {"Fn::GetAtt": []},
    {"Fn::If": ["Sure"]},
    {"Fn::Sub": ["${a"]},
    {"Fn::Transform": {"Name": "x"}},
    "{{resolve:ssm:x}}",
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


@settings(max_examples=examples(60), deadline=None)
@given(documents(), st.data())
def test_odd_shapes_are_compared_as_well(document: dict[str, Any], data: st.DataObject) -> None:
    odd = copy.deepcopy(document)
    inside = [place for place in places(odd["Resources"]) if len(place) > 2 and place[1] == "Properties"]
    if inside:
        *way, last = data.draw(st.sampled_from(inside))
        here = odd["Resources"]
        for step in way:
            here = here[step]
        here[last] = data.draw(st.sampled_from(ODD))
    between(document, odd)
    between(odd, document)
    assert between(odd, copy.deepcopy(odd)).changes == ()
