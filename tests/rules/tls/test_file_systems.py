from __future__ import annotations

import json
from typing import Any

from tests.rules.tls._rows import cases_of
from tests.support.rule_cases import Case, RuleCases, bad, each_of, hold, not_applicable, resource, resources, unknown
from tests.support.rule_templates import OPEN, opened

TASK = "AWS::ECS::TaskDefinition"
AT = "Properties.Volumes.0.EFSVolumeConfiguration.TransitEncryption"
JOB_AT = "Volumes.0.EfsVolumeConfiguration.TransitEncryption"
DENY = {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def mounted(*values: Any) -> dict[str, Any]:
    return {
        "Volumes": [
            {"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": "fs-1", "TransitEncryption": value}}
            for value in values
        ]
    }


def policy(*statements: Any) -> dict[str, Any]:
    return {"FileSystemPolicy": {"Version": "2012-10-17", "Statement": list(statements)}}


def task(**configuration: Any) -> dict[str, Any]:
    volume = {"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": {"Ref": "It"}, **configuration}}
    return resource(TASK, Volumes=[volume])


FILES = resource("AWS::EFS::FileSystem", Encrypted=True)
BARE = {"Volumes": [{"Name": "data", "EFSVolumeConfiguration": {"FilesystemId": "fs-1"}}]}
LOWER = {"volumes": [{"efsVolumeConfiguration": {"TransitEncryption": "DISABLED"}}]}
JOB = {"Volumes": [{"EfsVolumeConfiguration": {"FileSystemId": "fs-1"}}]}

CASES = (
    cases_of(
        "tls.efs-mount",
        TASK,
        fine={
            "enabled": mounted("ENABLED"),
            "beside another volume": {"Volumes": [{"Name": "x"}, *mounted("ENABLED")["Volumes"]]},
        },
        wrong={
            "disabled": (mounted("DISABLED"), AT),
            "absent": (BARE, AT),
            "the second": (mounted("ENABLED", "DISABLED"), AT.replace("0", "1")),
            "in other letters": (LOWER, "Properties.volumes.0.efsVolumeConfiguration.TransitEncryption"),
        },
        weak=(mounted(OPEN), "DISABLED", AT),
        open_=(mounted(OPEN), AT),
        more=(
            bad(
                "a job",
                resources(It=resource("AWS::Batch::JobDefinition", ContainerProperties=JOB)),
                at=(f"Properties.ContainerProperties.{JOB_AT}",),
            ),
            bad(
                "a job over several nodes",
                resources(
                    It=resource(
                        "AWS::Batch::JobDefinition", NodeProperties={"NodeRangeProperties": [{"Container": JOB}]}
                    )
                ),
                at=(f"Properties.NodeProperties.NodeRangeProperties.0.Container.{JOB_AT}",),
            ),
            unknown(
                "the whole configuration is a parameter",
                opened(It=resource(TASK, Volumes=[{"EFSVolumeConfiguration": OPEN}])),
                at=(AT,),
            ),
            not_applicable("no volume", resources(It=resource(TASK))),
            not_applicable("no volume on EFS", resources(It=resource(TASK, Volumes=[{"Name": "x"}]))),
        ),
    ),
    cases_of(
        "tls.efs-policy",
        "AWS::EFS::FileSystem",
        fine={
            "refused": policy(DENY),
            "refused in JSON text": {"FileSystemPolicy": json.dumps({"Statement": [DENY]})},
        },
        wrong={
            "no policy": ({}, "Properties.FileSystemPolicy"),
            "nothing refused": (policy({**DENY, "Effect": "Allow"}), "Properties.FileSystemPolicy"),
        },
        open_=(policy({**DENY, "Effect": OPEN}), "Properties.FileSystemPolicy.Statement.0.Effect"),
        more=(
            not_applicable("mounted over TLS alone", resources(It=FILES, Task=task(TransitEncryption="ENABLED"))),
            bad(
                "mounted over TLS, with a policy that refuses nothing",
                resources(
                    It=resource("AWS::EFS::FileSystem", **policy({**DENY, "Effect": "Allow"})),
                    Task=task(TransitEncryption="ENABLED"),
                ),
                at=("Properties.FileSystemPolicy",),
            ),
            bad(
                "mounted over TLS and without",
                resources(It=FILES, Task=task(TransitEncryption="ENABLED"), Other=task()),
                at=("Properties.FileSystemPolicy",),
            ),
            not_applicable(
                "mounted by a function",
                resources(
                    It=FILES,
                    Point=resource("AWS::EFS::AccessPoint", FileSystemId={"Ref": "It"}),
                    Function=resource(
                        "AWS::Lambda::Function", FileSystemConfigs=[{"Arn": {"Fn::GetAtt": ["Point", "Arn"]}}]
                    ),
                ),
            ),
            bad(
                "an access point that nothing mounts",
                resources(It=FILES, Point=resource("AWS::EFS::AccessPoint", FileSystemId={"Ref": "It"})),
                at=("Properties.FileSystemPolicy",),
            ),
        ),
    ),
    cases_of(
        "tls.datasync-location",
        "AWS::DataSync::LocationEFS",
        fine={"TLS": {"InTransitEncryption": "TLS1_2"}},
        wrong={"none": ({"InTransitEncryption": "NONE"}, "Properties.InTransitEncryption")},
        weak=({"InTransitEncryption": OPEN}, "NONE", "Properties.InTransitEncryption"),
        open_=({"InTransitEncryption": OPEN}, "Properties.InTransitEncryption"),
        more=(
            bad(
                "object storage",
                resources(It=resource("AWS::DataSync::LocationObjectStorage", ServerProtocol="HTTP")),
                at=("Properties.ServerProtocol",),
            ),
        ),
    ),
)


@each_of(CASES)
def test_file_systems(cases: RuleCases, case: Case) -> None:
    hold(cases, case)
