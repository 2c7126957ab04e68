"""Resources with data that a deployment would replace or delete."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nexis.facts.stateful_types import CHANGED_IN_PLACE, HOST_TYPES, STATEFUL, replacing, table_source
from tests.support.changes import resource, told

ROOT = Path(__file__).resolve().parents[3]


def database(**more: Any) -> dict[str, Any]:
    fields = {"Engine": "postgres", "StorageEncrypted": True, "DBSubnetGroupName": {"Ref": "Nets"}}
    attributes = {name: more.pop(name) for name in list(more) if name.startswith("at_")}
    return resource("RDS::DBInstance", **{**fields, **more}, **attributes)


def lost(before: Any, after: Any, **more: Any) -> list[str]:
    nets = {"Nets": resource("RDS::DBSubnetGroup", SubnetIds=["subnet-1"])}
    return told({**nets, **before}, {**nets, **after}, "data", **more)


def test_a_property_that_can_be_set_only_once() -> None:
    assert lost({"Db": database()}, {"Db": database(StorageEncrypted=False)}) == [
        "Db, which holds a database, would be replaced: StorageEncrypted changed; its data is lost"
    ]
    assert lost({"Db": database()}, {"Db": database(AllocatedStorage=100, BackupRetentionPeriod=3)}) == []
    assert lost({"Db": database(StorageEncrypted="true")}, {"Db": database()}) == []


def test_a_renamed_resource_is_another_one_even_with_equal_properties() -> None:
    (said,) = lost({"Old": database()}, {"New": database()})
    assert said == (
        "New, which holds a database, would be deleted: its logical id changed from Old to New: another resource to "
        "CloudFormation; a last snapshot is taken, and the data is gone from where it is used"
    )


def test_what_refers_to_another_one_is_another_one_too() -> None:
    def keyed(name: str) -> dict[str, Any]:
        return {name: resource("KMS::Key"), "Db": database(KmsKeyId={"Fn::GetAtt": [name, "Arn"]})}

    found = lost(keyed("Key"), keyed("Other"))
    assert [message.partition(",")[0] for message in found] == ["Db", "Other"]
    assert "Db, which holds a database, would be replaced: KmsKeyId changed" in found[0]


@pytest.mark.parametrize(
    ("attributes", "ending"),
    [
        ({"at_DeletionPolicy": "Retain"}, "the old one stays behind, with its data and unmanaged (Retain)"),
        ({"at_DeletionPolicy": "Delete"}, "its data is lost"),
        ({}, "a last snapshot is taken, and the data is gone from where it is used"),
        ({"DBClusterIdentifier": "c"}, "the data stays in its cluster"),
    ],
)
def test_what_becomes_of_the_data_of_what_is_deleted(attributes: dict[str, Any], ending: str) -> None:
    (said,) = lost({"Db": database(**attributes)}, {})
    assert said == f"Db, which holds a database, would be deleted: it is in the templates no more; {ending}"


def test_a_replacement_asks_for_its_own_policy_on_both_sides() -> None:
    kept = {"at_UpdateReplacePolicy": "Retain", "at_DeletionPolicy": "Retain"}
    (said,) = lost({"Db": database(**kept)}, {"Db": database(DBName="x", **kept)})
    assert said.endswith("the old one stays behind, with its data and unmanaged (Retain)")
    (said,) = lost({"Db": database(at_DeletionPolicy="Retain")}, {"Db": database(DBName="x", **kept)})
    assert said.endswith("its data is lost")


def test_another_type_is_another_resource() -> None:
    (said,) = lost({"T": resource("DynamoDB::Table")}, {"T": resource("DynamoDB::GlobalTable")})
    assert said == "T, which holds a table, would be deleted: it is in the templates no more; its data is lost"


def test_a_condition_that_no_longer_holds_deletes() -> None:
    never: Any = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
    bucket = resource("S3::Bucket")
    (said,) = lost({"B": bucket}, {"B": {**bucket, "Condition": "Never"}}, **never)
    assert said == "B, which holds objects, would be deleted: its condition no longer holds; its data is lost"


def test_what_may_be_replaced_and_what_cannot_be_known() -> None:
    (said,) = lost({"Db": database(DBSnapshotIdentifier="a")}, {"Db": database()})
    assert said.startswith("Db, which holds a database, may be replaced: DBSnapshotIdentifier changed")
    opened: Any = {"Parameters": {"Name": {"Type": "String"}}}
    (said,) = lost({"Db": database(DBName="a")}, {"Db": database(DBName={"Ref": "Name"})}, **opened)
    assert said.startswith("Db, which holds a database, may be replaced: DBName changed")


def test_the_table_covers_every_type_and_says_where_it_is_from() -> None:
    for kind in (*STATEFUL, *HOST_TYPES):
        always, sometimes = replacing(kind)
        assert not set(always) & set(sometimes)
        assert all(path and not path.startswith("/") for path in (*always, *sometimes))
    for kind, paths in CHANGED_IN_PLACE.items():
        assert not paths & {*replacing(kind)[0], *replacing(kind)[1]}
    assert "KmsKeyId" in replacing("AWS::RDS::DBInstance")[0]
    date, source = table_source()
    assert date >= "2026-11-23"
    assert "schemas" in source


def test_the_script_reads_schemas_and_refuses_a_folder_that_lacks_some(tmp_path: Path) -> None:
    schema = {"typeName": "AWS::S3::Bucket", "createOnlyProperties": ["/properties/BucketName"]}
    (tmp_path / "one.json").write_text(json.dumps(schema), encoding="utf-8")
    command = [sys.executable, "scripts/write_replacements.py", str(tmp_path), "--date", "2026-11-23"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "holds no schema of AWS::ACMPCA::CertificateAuthority" in done.stderr
