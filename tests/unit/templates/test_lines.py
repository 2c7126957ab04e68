"""The line of a property in its template, in every way in which a template can be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import filterfalse
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nexis.templates.lines import JsonText, Lines, read_lines

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
DOCUMENTS = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=25
)


def lines_of(text: str, file: str = "t.json") -> Lines:
    found = read_lines(text.encode(), file=file)
    assert found is not None
    return found


def written(value: Any, indent: int) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A document as `json.dumps(indent=…)` writes it, by hand, with the line of each path as it is written."""
    lines: list[str] = [""]
    places: dict[tuple[str | int, ...], int] = {}

    def write(part: Any, path: tuple[str | int, ...], depth: int) -> None:
        if isinstance(part, (dict, list)) and part:
            lines[-1] += "{" if isinstance(part, dict) else "["
            for number, item in enumerate(part):
                lines.append(" " * indent * (depth + 1))
                step, inner = (item, part[item]) if isinstance(part, dict) else (number, item)
                places[(*path, step)] = len(lines)
                lines[-1] += f"{json.dumps(item)}: " if isinstance(part, dict) else ""
                write(inner, (*path, step), depth + 1)
                lines[-1] += "," if number < len(part) - 1 else ""
            lines.append(" " * indent * depth + ("}" if isinstance(part, dict) else "]"))
        else:
            lines[-1] += json.dumps(part)

    write(value, (), 0)
    return "\n".join(lines), places


@given(document=DOCUMENTS, indent=st.integers(min_value=0, max_value=3))
def test_the_line_of_every_path_is_where_json_puts_it(document: Any, indent: int) -> None:
    text, places = written(document, indent)
    assert text == json.dumps(document, indent=indent)
    lines = Lines(JsonText(text))
    assert {path: lines.at(path) for path in places} == places


@given(document=DOCUMENTS, indent=st.none() | st.integers(min_value=0, max_value=3))
def test_json_and_yaml_read_the_same_lines(document: Any, indent: int | None) -> None:
    """JSON is YAML too, so the two readers must agree wherever YAML can read the text."""
    text = json.dumps({"Resources": document}, indent=indent, ensure_ascii=False)
    places = written({"Resources": document}, indent or 0)[1]
    assume(not any(mark in text for mark in ("\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "<<")))
    assume(text.isprintable() or set(filterfalse(str.isprintable, text)) <= {"\n"})
    as_json, as_yaml = lines_of(text), lines_of(f"# YAML\n{text}", "t.yaml")
    for path in places:
        assert as_yaml.at(path) == (as_json.at(path) or 0) + 1, path


RESOURCES = st.dictionaries(
    st.sampled_from(["A", "B", "Fn::ForEach::X", "Fn::Transform", "A${X}"]),
    st.dictionaries(st.sampled_from(["Type", "Properties", "Metadata"]), DOCUMENTS) | DOCUMENTS,
)
ANYWHERE = st.recursive(
    PLAIN, lambda inner: st.dictionaries(st.sampled_from(["A", "Ab", "Type", "Resources", 'x"A']), inner), max_leaves=9
)
TEMPLATES = st.dictionaries(st.sampled_from(["Parameters", "Outputs", "Metadata", "A"]), ANYWHERE) | st.dictionaries(
    st.just("Resources"), st.dictionaries(st.sampled_from(["A", "Ab"]), ANYWHERE.map(lambda r: {"P": r}))
)


@given(template=st.lists(TEMPLATES, max_size=3), indent=st.none() | st.just(1))
def test_the_short_way_to_a_resource_leads_to_the_same_line(template: list[dict[str, Any]], indent: int | None) -> None:
    document = {name: section for part in template for name, section in part.items()}
    for resource in document.get("Resources", {}).values():
        resource["Type"] = "T"
    lines = lines_of(json.dumps(document, indent=indent))
    for name in document.get("Resources", {}):
        assert lines.of(name, "Properties") == lines.at(["Resources", name])


PATHS = st.lists(st.sampled_from(["Properties", "Type", "A", "0", "1", "Fn::If", "", "x.y"])).map(".".join)


@given(
    resources=RESOURCES | DOCUMENTS, resource=st.sampled_from(["A", "B", "AX", "(stack)", "(Transform.0)"]), path=PATHS
)
def test_whatever_the_document_a_line_is_in_it_or_none(resources: Any, resource: str, path: str) -> None:
    text = json.dumps({"Resources": resources}, indent=1)
    found = lines_of(text).of(resource, path)
    assert found is None or 1 <= found <= text.count("\n") + 1
    if isinstance(resources, dict) and resource in resources:
        assert found is not None


@given(data=st.binary() | st.text().map(str.encode), file=st.sampled_from(["t.json", "t.yaml", "t"]))
def test_odd_files_never_crash(data: bytes, file: str) -> None:
    lines = read_lines(data, file=file)
    if lines is not None:
        assert lines.of("A", "Properties.B") is None or lines.at(["Resources", "A"]) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"Resources": {"A": ',
        b'{"Resources": {"A": {}},}',
        b'{"Resources": {"A" 1}}',
        b'{"Resources": {} } x',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"Resources":' * 50_000,
        b"a: [" * 50_000,
        b"Resources: &a\n  A: *a\n",
        b"--- {}\n--- {}",
        b"Resources: !",
        b"? [a]\n: b",
        b"Resources: &a {<<: *a, A: {<<: [*a, *a]}}",
    ],
)
@pytest.mark.parametrize("file", ["t.json", "t.yaml"])
def test_odd_files_have_no_lines(data: bytes, file: str) -> None:
    lines = read_lines(data, file=file)
    assert lines is None or lines.of("B", "Properties.C") is None


def test_branches_that_share_each_other_are_not_followed_for_ever() -> None:
    shared = "".join(f"v{n}: &v{n} !If [c, *v{n - 1}, *v{n - 1}]\n" for n in range(1, 60))
    text = f"v0: &v0 {{x: 1}}\n{shared}Resources:\n  A:\n    Properties:\n      P: *v59\n"
    begun = time.monotonic()
    assert lines_of(text, "t.yaml").of("A", "Properties.P.y") is not None
    assert time.monotonic() - begun < 5


JSON = """{
  "Transform": ["AWS::Serverless-2016-10-31",
    "Other"],
  "Outputs": {
    "Password": {
      "Value": 1 }
  },
  "Resources": {
    "Settings": {
      "Type": "AWS::RDS::DBParameterGroup",
      "Properties": {
        "Parameters": {
          "rds.force_ssl": "0",
          "rds": {"other": 1}
        }
      }
    },
    "Template": {
      "Type": "AWS::EC2::LaunchTemplate",
      "Properties": {
        "LaunchTemplateData": {
          "BlockDeviceMappings": [
            {"DeviceName": "/dev/xvda"},
            {
              "Ebs": {
                "Encrypted": false
              }
            }
          ],
          "Chosen": {
            "Fn::If": [
              "Condition",
              {"Here": 1},
              {
                "There": 2,
                "Both": {
                  "Deep": 1 }
              }
            ]
          },
          "Elsewhere": {
            "Fn::FindInMap": ["A", "B", "C"]
          },
          "Same": {
            "Fn::If": ["C",
              {"X": 1},
              {"X": 2}]
          }
        }
      },
      "DeletionPolicy": "Delete"
    },
    "Bare": {"Type": "AWS::S3::Bucket"}
  }
}
"""


@pytest.mark.parametrize(
    ("resource", "path", "line", "why"),
    [
        ("Settings", "Properties.Parameters.rds.force_ssl", 13, "a key with a dot"),
        ("Settings", "Properties.Parameters.rds.other", 14, "a map whose name begins as that key does"),
        ("Settings", "Properties.Parameters.rds.absent", 14, "the deepest map that is there"),
        ("Settings", "Properties.Parameters.absent", 12, "a parameter that is absent, in parameters that are there"),
        ("Settings", "Properties.Absent", 9, "a property that is absent: the resource"),
        ("Settings", "Properties.Absent.Deep.0", 9, "and whatever would be in it"),
        ("Settings", "Properties", 9, "the resource as a whole"),
        ("Settings", "Type", 10, "an attribute of the resource"),
        ("Settings", "UpdatePolicy.AutoScalingRollingUpdate", 9, "an attribute that is absent"),
        ("Settings", "Outputs.Password.Value", 6, "another section of the template"),
        ("Settings", "Outputs.Absent.Value", 4, "an entry that is absent there"),
        ("Template", "Properties.LaunchTemplateData.BlockDeviceMappings.1.Ebs.Encrypted", 26, "within a list"),
        ("Template", "Properties.LaunchTemplateData.BlockDeviceMappings.0.Ebs.Encrypted", 23, "the item without it"),
        ("Template", "Properties.LaunchTemplateData.BlockDeviceMappings.7.Ebs.Encrypted", 22, "no such item"),
        ("Template", "Properties.LaunchTemplateData.Chosen", 30, "a value that is chosen"),
        ("Template", "Properties.LaunchTemplateData.Chosen.There", 35, "in the only branch that has it"),
        ("Template", "Properties.LaunchTemplateData.Chosen.Both.Deep", 37, "deeper in that branch"),
        ("Template", "Properties.LaunchTemplateData.Chosen.Absent", 31, "in no branch: the function"),
        ("Template", "Properties.LaunchTemplateData.Same.X", 45, "in both branches: the function"),
        ("Template", "Properties.LaunchTemplateData.Elsewhere.Key", 42, "what a function looks up: the function"),
        ("Template", "DeletionPolicy", 51, "an attribute after the properties"),
        ("Bare", "Properties.BucketEncryption", 53, "a resource without properties"),
        ("(Transform.1)", "Properties.Name", 3, "a macro of several"),
        ("(stack)", "Properties.Region", None, "the stack, which is not in its template"),
        ("Absent", "Properties", None, "a resource that is not there"),
    ],
)
def test_json(resource: str, path: str, line: int | None, why: str) -> None:
    assert lines_of(JSON).of(resource, path) == line, why
    for form in (JSON.replace("\n", "\r\n"), "\ufeff" + JSON):
        assert lines_of(form).of(resource, path) == line, why


def test_a_single_macro() -> None:
    assert lines_of('{\n"Resources": {},\n"Transform": "X"}').of("(Transform)", "Properties.Name") == 3
    assert lines_of("# one\nTransform: X\n", "t.yaml").of("(Transform)", "Properties.Name") == 2


YAML = """\
Transform:
  - AWS::LanguageExtensions
Conditions: {C: !Equals [a, b]}
Shared:
  Volume: &volume
    VolumeSize: 8
    Encrypted: false
  Tags: &tags
    - Key: a
      Value: b
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      StorageEncrypted: !If [C, true, false]
      MasterUserPassword: !Sub "${A}-b"
      Tags: *tags
      MonitoringInterval: !If
        - C
        - Inner: 1
        - Other: 2
      Flow: {A: 1, B: {
        C: 2}, D: [1,
        2, {E: 3}]}
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      <<: *volume
      VolumeSize: 9
      "quoted": 'text
        over two lines'
      Block: |
        Encrypted: no
      After: 1
  Fn::ForEach::Buckets:
    - Name
    - [One, Two]
    - Bucket${Name}:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Ref Name
      Fn::ForEach::Inner:
        - It
        - [X]
        - "Topic${Name}And&{It}":
            Type: AWS::SNS::Topic
  Fn::ForEach::Twins:
    - Name
    - [A]
    - Twin${Name}: {Type: A}
      Twin${Name}B: {Type: B}
"""


@pytest.mark.parametrize(
    ("resource", "path", "line", "why"),
    [
        ("Database", "Properties.StorageEncrypted", 15, "a function in its short form"),
        ("Database", "Properties.MasterUserPassword", 16, "a text with references"),
        ("Database", "Properties.Tags.0.Value", 10, "an alias: where its anchor says it"),
        ("Database", "Properties.Tags.3.Value", 17, "what the anchor does not say: the alias"),
        ("Database", "Properties.MonitoringInterval.Other", 21, "the branch of a short form"),
        ("Database", "Properties.MonitoringInterval.Absent", 18, "no branch: the short form"),
        ("Database", "Properties.Flow.B.C", 23, "flow style"),
        ("Database", "Properties.Flow.D.2.E", 24, "flow style within a list"),
        ("Disk", "Properties.Encrypted", 7, "merged: where the anchor says it"),
        ("Disk", "Properties.VolumeSize", 29, "a key of its own wins over one that is merged"),
        ("Disk", "Properties.quoted", 30, "a key in quotes"),
        ("Disk", "Properties.After", 34, "after texts of several lines"),
        ("Disk", "Properties.Block.Encrypted", 32, "a text is no map"),
        ("BucketOne", "Properties.BucketName", 41, "the body of a loop"),
        ("BucketOne", "Properties.Absent", 38, "a property that the body lacks: its name"),
        ("Bucket${Name}", "Properties.BucketName", 41, "the example of a loop over what is not known"),
        ("TopicOneAndX", "Properties.KmsMasterKeyId", 45, "the body of a loop in a loop"),
        ("TwinAB", "Properties.X", 47, "either of two may have made it: the loop"),
        ("Elsewhere", "Properties", None, "what no loop makes"),
        ("(Transform.0)", "Properties.Name", 2, "a macro of a list"),
    ],
)
def test_yaml(resource: str, path: str, line: int | None, why: str) -> None:
    assert lines_of(YAML, "t.yaml").of(resource, path) == line, why


def test_json_that_only_yaml_can_read() -> None:
    text = "{Resources: {A: {Type: x,\n Properties: {B: 1,\n C: 2}}}}"
    assert lines_of(text, "t.template").of("A", "Properties.C") == 3
    assert lines_of(text, "t.json").of("A", "Properties.C") is None  # which nobody judges either


BODY = {"Type": "x", "Properties": {"Tags": [{"Key": "a", "Value": "b"}] * 5, "Rules": [{"Cidr": "0.0.0.0/0"}]}}
LINES_OF_ONE = len(json.dumps(BODY, indent=1).splitlines())


def seconds(resources: int) -> float:
    """How long it takes to find two properties of each of so many resources."""
    text = json.dumps({"Resources": {f"R{n}": BODY for n in range(resources)}}, indent=1).encode()
    best = float("inf")
    for _ in range(3):
        begun = time.process_time()
        lines = read_lines(text, file="t.json")
        assert lines is not None
        for n in reversed(range(resources)):
            first = lines.of(f"R{n}", "Properties.Absent")
            assert first == 2 + 1 + n * LINES_OF_ONE
            assert lines.of(f"R{n}", "Properties.Rules.0.Cidr") == first + LINES_OF_ONE - 5
        best = min(best, time.process_time() - begun)
    return best


def test_time_grows_with_the_template_and_not_with_its_square() -> None:
    assert seconds(4_000) < 8 * seconds(1_000) + 0.2


def test_a_list_of_many_items_is_read_once() -> None:
    text = json.dumps({"Resources": {"A": {"Properties": {"Rules": [{"P": n} for n in range(20_000)]}}}}, indent=0)
    lines = lines_of(text)
    begun = time.process_time()
    assert [lines.of("A", f"Properties.Rules.{n}.P") for n in (0, 1, 19_999)] == [7, 10, 60_004]
    for n in range(20_000):
        lines.of("A", f"Properties.Rules.{n}.P")
    assert time.process_time() - begun < 5


def test_yaml_is_not_imported_for_json() -> None:
    code = "import sys; from nexis.templates.lines import read_lines; read_lines(b'{}', file='a.json')"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('yaml' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert done.stdout == "False\n"
