"""Machines with local disks: one deployment must never replace two of a cluster at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from nexis.diff.compare import compare
from tests.support.changes import compared, resource
from tests.support.templates import assembly, template

if TYPE_CHECKING:
    from nexis.diff.model import Change
    from nexis.templates.model import Assembly

ROLLING = {"AutoScalingRollingUpdate": {"MinInstancesInService": 0}}
REPLACING = {"AutoScalingReplacingUpdate": {"WillReplace": True}}


def hosts(
    count: int = 3,
    *,
    image: str = "ami-00000000000000001",
    kind: str = "i4i.large",
    policy: Any = None,
    after: bool = False,
    tagged: bool = True,
    name: str = "Host",
    **attributes: Any,
) -> dict[str, Any]:
    """Groups of one host each, with a launch template of its own whose newest version they follow."""
    tags = [{"Key": "nexis:cluster", "Value": "main", "PropagateAtLaunch": True}] if tagged else []
    made: dict[str, Any] = {}
    for n in range(1, count + 1):
        made[f"{name}{n}Launch"] = resource(
            "EC2::LaunchTemplate", LaunchTemplateData={"ImageId": image, "InstanceType": kind}
        )
        launch = {
            "LaunchTemplateId": {"Ref": f"{name}{n}Launch"},
            "Version": {"Fn::GetAtt": [f"{name}{n}Launch", "LatestVersionNumber"]},
        }
        made[f"{name}{n}"] = resource(
            "AutoScaling::AutoScalingGroup",
            MinSize="1",
            MaxSize="1",
            VPCZoneIdentifier=[f"subnet-{n}"],
            LaunchTemplate=launch,
            Tags=tags,
            **({"at_UpdatePolicy": policy} if policy else {}),
            **({"at_DependsOn": f"{name}{n - 1}"} if after and n > 1 else {}),
            **{f"at_{key}": value for key, value in attributes.items()},
        )
    return made


def found(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    return [change for change in compared(before, after).changes if change.section == "hosts"]


NEW = "ami-00000000000000002"


def test_a_new_image_waits_where_no_update_policy_replaces_running_hosts() -> None:
    said = found(hosts(), hosts(image=NEW))
    assert [(change.direction, change.place.resource) for change in said] == [
        ("note", "Host1"),
        ("note", "Host2"),
        ("note", "Host3"),
    ]
    assert all("the new settings wait" in change.message for change in said)
    assert compared(hosts(), hosts(image=NEW)).exit_code == 0


@pytest.mark.parametrize("policy", [ROLLING, REPLACING])
def test_an_update_policy_replaces_them_all_at_the_same_time(policy: Any) -> None:
    (change,) = found(hosts(policy=policy), hosts(policy=policy, image=NEW))
    assert (change.severity, change.direction) == ("fatal", "weaker")
    assert change.message.startswith(
        "one deployment could replace or end 3 hosts of the cluster main at the same time, and what lies on their "
        "local disks would be gone together: Host1 (it launches differently, and its update policy replaces"
    )
    assert compared(hosts(policy=policy), hosts(policy=policy, image=NEW)).exit_code == 1


def test_one_host_alone_is_an_error_and_not_fatal() -> None:
    before = hosts(policy=ROLLING)
    after = {**before, "Host2Launch": hosts(image=NEW)["Host2Launch"]}
    (change,) = found(before, after)
    assert (change.severity, change.place.resource) == ("error", "Host2")
    assert "the machines of Host2 would be replaced or ended" in change.message


def test_hosts_in_an_order_are_replaced_one_after_the_other_and_nothing_waits_for_the_data() -> None:
    before = hosts(policy=ROLLING, after=True)
    (change,) = found(before, hosts(policy=ROLLING, after=True, image=NEW))
    assert (change.severity, change.direction) == ("error", "weaker")
    assert "one after the other, without waiting until a new one has caught up" in change.message


def test_an_order_does_not_help_what_is_deleted_at_the_end() -> None:
    (change,) = found(hosts(after=True), hosts(after=True, name="Other"))
    assert change.severity == "fatal"
    assert "its logical id changed from Host1 to Other1" in change.message


def test_renamed_groups_end_unless_they_are_retained() -> None:
    (change,) = found(hosts(), hosts(name="Member"))
    assert change.severity == "fatal"
    kept: Any = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    said = found(hosts(**kept), hosts(name="Member", **kept))
    assert [(change.severity, change.direction) for change in said] == [("warning", "weaker")] * 3
    assert all("stays behind, unmanaged (Retain)" in change.message for change in said)


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"VPCZoneIdentifier": ["subnet-9"]}, "VPCZoneIdentifier changed"),
        ({"MaxSize": "0", "MinSize": "0"}, "MaxSize goes from 1 to 0"),
        ({"MaxInstanceLifetime": 86400}, "MaxInstanceLifetime is now 86400 seconds"),
        ({"AutoScalingGroupName": "new"}, "AutoScalingGroupName changed"),
    ],
)
def test_every_other_way_to_end_a_host(properties: dict[str, Any], why: str) -> None:
    before, after = hosts(), hosts()
    for name in ("Host1", "Host3"):
        after[name]["Properties"].update(properties)
    (change,) = found(before, after)
    assert change.severity == "fatal"
    assert f"Host1 ({why}" in change.message
    assert "Host2" not in change.message


def instances(*, user_data: str = "a", image: str = "ami-00000000000000001", count: int = 2) -> dict[str, Any]:
    return {
        f"Host{n}": resource("EC2::Instance", InstanceType="i4i.large", ImageId=image, UserData=user_data)
        for n in range(1, count + 1)
    }


def test_instances_are_replaced_or_stopped_and_both_clears_their_disks() -> None:
    (change,) = found(instances(), instances(image=NEW))
    assert (change.severity, "ImageId changed" in change.message) == ("fatal", True)
    (change,) = found(instances(), instances(user_data="b"))
    assert (change.severity, "UserData changed" in change.message) == ("fatal", True)
    (change,) = found(instances(count=1), instances(count=1, image=NEW))
    assert change.severity == "error"


def test_hosts_without_local_disks_or_of_different_clusters_are_no_matter() -> None:
    plain: Any = {"policy": ROLLING, "kind": "m7g.large", "tagged": False}
    assert found(hosts(**plain), hosts(**plain, image=NEW)) == []
    two = [
        {**hosts(1, policy=ROLLING, image=image), **hosts(1, policy=ROLLING, image=image, name="Else")}
        for image in ("a", NEW)
    ]
    for side in two:
        side["Else1"]["Properties"]["Tags"] = [{"Key": "nexis:cluster", "Value": "other"}]
    assert [change.severity for change in found(two[0], two[1])] == ["error", "error"]


def test_without_a_tag_names_that_differ_in_a_number_are_one_cluster() -> None:
    untagged: Any = {"policy": ROLLING, "tagged": False}
    (change,) = found(hosts(**untagged), hosts(**untagged, image=NEW))
    assert change.severity == "fatal"


def test_a_type_that_cannot_be_known_counts_in_a_tagged_cluster() -> None:
    sections: Any = {"Parameters": {"Kind": {"Type": "String"}}}
    kind: Any = {"Ref": "Kind"}
    changes = compared(
        hosts(policy=ROLLING, kind=kind), hosts(policy=ROLLING, kind=kind, image=NEW), **sections
    ).changes
    assert [c.severity for c in changes if c.section == "hosts"] == ["fatal"]


def test_a_version_that_stands_still_replaces_nobody() -> None:
    sides = [hosts(policy=ROLLING), hosts(policy=ROLLING, image=NEW)]
    for side in sides:
        for n in (1, 2, 3):
            side[f"Host{n}"]["Properties"]["LaunchTemplate"]["Version"] = "1"
    assert found(sides[0], sides[1]) == []


def stacks(image: str) -> Assembly:
    return assembly(
        *(
            template({"Resources": hosts(1, policy=ROLLING, image=image, name=name)}, key=f"{name}.json", stack=name)
            for name in ("First", "Second")
        )
    )


def test_hosts_in_two_stacks_of_one_deployment_count_together() -> None:
    changes = compare([stacks("ami-00000000000000001")], [stacks(NEW)]).changes
    assert [(c.severity, c.direction) for c in changes if c.section == "hosts"] == [("fatal", "weaker")]


def test_new_hosts_beside_the_old_end_nobody() -> None:
    assert found(hosts(1), hosts(3)) == []
    assert found(hosts(), hosts()) == []


def configured(image: str) -> dict[str, Any]:
    """Groups with launch configurations, which cannot be changed: another image is another configuration."""
    made: dict[str, Any] = {}
    for n in (1, 2):
        made[f"Launch{n}"] = resource("AutoScaling::LaunchConfiguration", ImageId=image, InstanceType="i3.large")
        made[f"Host{n}"] = resource(
            "AutoScaling::AutoScalingGroup",
            MinSize="1",
            MaxSize="1",
            LaunchConfigurationName={"Ref": f"Launch{n}"},
            at_UpdatePolicy=ROLLING,
        )
    return made


def mixed(image: str) -> dict[str, Any]:
    """Groups whose launch template stands in a mixed instances policy."""
    made = hosts(2, policy=ROLLING, image=image, tagged=False)
    for n in (1, 2):
        group = made[f"Host{n}"]["Properties"]
        group["MixedInstancesPolicy"] = {"LaunchTemplate": {"LaunchTemplateSpecification": group.pop("LaunchTemplate")}}
    return made


@pytest.mark.parametrize("made", [configured, mixed])
def test_launch_configurations_and_mixed_instances_count_as_well(made: Any) -> None:
    (change,) = found(made("ami-00000000000000001"), made(NEW))
    assert change.severity == "fatal"
    assert found(made(NEW), made(NEW)) == []


def test_a_stack_that_moves_to_another_region_ends_its_hosts() -> None:
    def placed(region: str) -> Assembly:
        return assembly(template({"Resources": hosts(2)}, key="s.json", stack="s", region=region))

    changes = compare([placed("eu-central-1")], [placed("eu-west-1")]).changes
    assert [c.severity for c in changes if c.section == "hosts"] == ["fatal"]
