"""Files, folders and cloud assemblies; odd files, and that none of them stops the others."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nexis.templates.load import Loaded, cloud_assembly, construct_paths, environment, load
from nexis.templates.model import TemplateError
from nexis.templates.parse import LARGEST_BYTES, LARGEST_YAML, parse
from nexis.templates.resolver import ParameterSource

GOOD: dict[str, Any] = {"Resources": {"It": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}}}


def keys(loaded: Loaded) -> list[list[str]]:
    return [[key.rpartition("/")[2] for key in assembly.templates] for assembly in loaded.assemblies]


def errors(loaded: Loaded) -> dict[str, str]:
    return {error.file.rpartition("/")[2]: error.reason for error in loaded.errors}


def write(folder: Path, **files: Any) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


ODD: dict[str, tuple[bytes, str]] = {
    "empty.json": (b"", "is empty"),
    "blank.yaml": (b" \n", "is empty"),
    "binary.json": (b"\x89PNG\r\n\x1a\n\x00", "is not UTF-8"),
    "latin.yaml": ("Resources: {} # ü".encode("latin-1"), "is not UTF-8"),
    "utf16.json": ("{}".encode("utf-16"), "is not UTF-8"),
    "broken.json": (b'{"Resources": ', "line 1, column 15"),
    "list.json": (b"[]", "found a list, expected a template"),
    "text.yaml": (b"just text", "found a text"),
    "package.json": (b'{"name": "x"}', "found no `Resources`"),
    "resources.json": (b'{"Resources": []}', "`Resources` is a list"),
    "twice.json": (b'{"Resources": {"A": {"Type": "x"}, "A": {"Type": "y"}}}', "the key 'A' twice"),
    "twice.yaml": (b"Resources:\n  A: {Type: x}\n  A: {Type: y}\n", "line 3, column 3: found the key 'A' twice"),
    "type.json": (b'{"Resources": {"A": {"Type": ["AWS::S3::Bucket"]}}}', "`Resources.A`.Type is list"),
    "untyped.json": (b'{"Resources": {"A": {}}}', "`Resources.A`.Type is nothing"),
    "entry.json": (b'{"Resources": {"A": "AWS::S3::Bucket"}}', "`Resources.A` is a text"),
    "props.json": (b'{"Resources": {"A": {"Type": "x", "Properties": []}}}', "Properties is a list"),
    "condition.json": (b'{"Resources": {"A": {"Type": "x", "Condition": {}}}}', "Condition is a map"),
    "section.json": (b'{"Resources": {}, "Parameters": []}', "`Parameters` is a list"),
    "function.json": (b'{"Resources": {"Fn::If": {}}}', "`Resources.Fn::If` is a function that makes no resources"),
    "loop.yaml": (b"Resources:\n  Fn::ForEach::X: [A, [b]]\n", "`Fn::ForEach::X` is no loop"),
    "nul.yaml": (b"Resources: {A: {Type: 'x\x00'}}", "characters are not allowed"),
    "nul.json": (b'{"Resources": {}}\x00', "is not valid JSON"),
    "deep.json": (b'{"Resources": ' + b"[" * 100_000, "nested too deeply"),
    "deep.yaml": (b"Resources: " + b"[" * 100_000, "nested deeper"),
    "levels.yaml": (b"Resources: {A: {Type: " + b"[" * 900 + b"]" * 900 + b"}}", "nested too deeply"),
    "number.json": (b'{"Resources": ' + b"1" * 5000 + b"}", "holds a whole number of thousands of digits"),
    "number.yaml": (b"Resources: " + b"1" * 5000, "line 1, column 12: found a number of 5,000 characters"),
    "hex.yaml": (b"Resources:\n  A: 0x" + b"f" * 5000, "line 2, column 6: found a number of 5,002 characters"),
    "octal.yaml": (b"Resources: 0" + b"7" * 6000, "found a number of 6,001 characters"),
    "binary.yaml": (b"Resources: -0b" + b"1" * 20_000, "found a number of 20,003 characters"),
    "sixty.yaml": (b"Resources: 1" + b":30" * 300_000, "found a number of 900,001 characters"),
    "sixty-point.yaml": (b"Resources: 1" + b":30" * 4000 + b".5", "found a number of 12,003 characters"),
    "power.yaml": (b"Resources: 1" + b"0" * 5000 + b"e3", "found a number of 5,003 characters"),
    "nan.yaml": (b"Resources: {A: {Type: x, Properties: {N: .nan}}}", "column 42: found .nan, expected a number"),
    "nan.json": (b'{"Resources": {"A": {"Type": "x", "Properties": {"N": NaN}}}}', "found NaN, expected a number"),
    "alias.yaml": (b"Resources: &a\n  A: *a\n", "recursive"),
    "laughs.yaml": (
        b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 30)),
        "aliases stand for more than",
    ),
    "bool.yaml": (b"Resources: !!bool maybe", "KeyError"),
    "python.yaml": (b"Resources: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
    "bytes.yaml": (b"Resources: !!binary aGk=", "could not determine a constructor"),
    "tab.yaml": (b"Resources:\n\t A: 1", "line 2"),
    "key.yaml": (b"Resources: {[a]: b}", "found a key that is no text"),
    "two.yaml": (b"--- {}\n--- {}", "another document"),
}


@pytest.fixture
def ordinary_recursion_limit() -> Iterator[None]:
    """What a run of `nexis` has; other tests may have raised it in this process."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("ordinary_recursion_limit")
def test_every_other_file_is_still_read(tmp_path: Path) -> None:
    for name, (content, _) in ODD.items():
        (tmp_path / name).write_bytes(content)
    write(tmp_path, good__json=GOOD)
    loaded = load([tmp_path])
    assert keys(loaded) == [["good.json"]]
    found = errors(loaded)
    assert sorted(found) == sorted(ODD)
    assert {name: reason for name, (_, reason) in ODD.items() if reason not in found[name]} == {}, found


def test_a_file_too_large_is_not_parsed() -> None:
    with pytest.raises(TemplateError, match="expected at most"):
        parse(b" " * (LARGEST_BYTES + 1), file="t.json")
    with pytest.raises(TemplateError, match="characters of YAML, expected at most"):
        parse(b"a: " + b"x" * LARGEST_YAML, file="t.yaml")


YAML = b"""\xef\xbb\xbfAWSTemplateFormatVersion: 2010-09-09
Parameters:
  On: {Type: String, Default: yes}
Mappings:
  Accounts:
    012345678901: {size: s}
Resources:
  It:
    Type: AWS::S3::Bucket
    Condition: C
    Properties:
      BucketName: !Sub "${AWS::Region}-x"
      A: !GetAtt It.Website.URL
      B: !If [C, !Ref On, !Ref AWS::NoValue]
      D: !Join ["", [a, !Select [0, !Split [",", "a,b"]]]]
      E: !FindInMap [Accounts, !Ref AWS::AccountId, size]
      F: {"Fn::Base64": !Sub [a, {b: c}]}
Conditions:
  C: !And [!Condition D, !Not [!Equals [a, b]]]
  D: !Equals [a, a]
"""


def test_yaml_with_short_forms(tmp_path: Path) -> None:
    (tmp_path / "t.template").write_bytes(YAML)
    ((template,),) = ([*a.templates.values()] for a in load([tmp_path]).assemblies)
    assert template.resources["It"].condition == "C"
    assert template.resources["It"].properties == {
        "BucketName": {"Fn::Sub": "${AWS::Region}-x"},
        "A": {"Fn::GetAtt": ["It", "Website.URL"]},
        "B": {"Fn::If": ["C", {"Ref": "On"}, {"Ref": "AWS::NoValue"}]},
        "D": {"Fn::Join": ["", ["a", {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]}]]},
        "E": {"Fn::FindInMap": ["Accounts", {"Ref": "AWS::AccountId"}, "size"]},
        "F": {"Fn::Base64": {"Fn::Sub": ["a", {"b": "c"}]}},
    }
    assert template.conditions["C"] == {"Fn::And": [{"Condition": "D"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]}
    assert template.mappings == {"Accounts": {"012345678901": {"size": "s"}}}


def test_yaml_merges_and_json_in_yaml_files() -> None:
    assert parse(b"a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}", file="t.yaml") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 3, "y": 2},
    }
    assert parse(b"{a: 1}", file="t.yaml") == {"a": 1}
    assert parse(b'{"a": 1}', file="t.yaml") == {"a": 1}


def test_folders_are_searched_and_what_is_no_template_is_left_alone(tmp_path: Path) -> None:
    for name in ("inner", "node_modules", ".hidden", "empty"):
        (tmp_path / name).mkdir()
        if name != "empty":
            write(tmp_path / name, deep__json=GOOD)
    write(tmp_path, readme__md=b"text")
    (tmp_path / "inner" / "loop").symlink_to(tmp_path)
    loaded = load([tmp_path])
    assert (keys(loaded), loaded.errors) == ([["deep.json"]], [])


def test_what_is_not_there_is_an_error_each(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    loaded = load([tmp_path / "absent.json", tmp_path / "empty", write(tmp_path, good__json=GOOD) / "good.json"])
    assert keys(loaded) == [["good.json"]]
    assert errors(loaded) == {
        "absent.json": "does not exist; name a template, a folder or a cdk.out",
        "empty": "holds no template (.json, .yaml, .yml, .template)",
    }


def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, good__json=GOOD, secret__json=GOOD)
    read = type(tmp_path).read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "secret.json":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(type(tmp_path), "read_bytes", refuse)
    loaded = load([tmp_path])
    assert keys(loaded) == [["good.json"]]
    assert errors(loaded) == {"secret.json": "cannot be read: Permission denied"}


# ---- cloud assemblies ----


def stack(file: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://111111111111/{more.pop('region', 'eu-central-1')}",
        "properties": {"templateFile": file, **more.pop("properties", {})},
        **more,
    }


def manifest(**artifacts: Any) -> dict[str, Any]:
    return {"version": "1", "artifacts": artifacts}


def nested(asset: Any) -> dict[str, Any]:
    return {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": asset, "aws:cdk:path": "One/In"}}


def test_an_assembly_with_a_stage_and_nested_stacks_is_one(tmp_path: Path) -> None:
    (tmp_path / "assembly-Later").mkdir()
    write(
        tmp_path,
        manifest__json=manifest(
            One=stack("one.json", properties={"stackName": "one-stack"}, displayName="One"),
            Agnostic=stack("two.json", environment="aws://unknown-account/unknown-region"),
            Later={"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Later"}},
            Tree={"type": "cdk:tree", "properties": {"file": "tree.json"}},
        ),
        one__json={"Resources": {"In": nested("in.json"), "Again": nested("in.json")}},
        two__json={"Parameters": {}},
        in__json={"Resources": {"Deep": nested("deep.json")}},
        deep__json=GOOD,
    )
    write(tmp_path / "assembly-Later", manifest__json=manifest(S=stack("s.json", displayName="Later/S")), s__json=GOOD)
    loaded = load([tmp_path])
    assert loaded.errors == []
    (assembly,) = loaded.assemblies
    by_key = {key.removeprefix(f"{tmp_path}/"): template for key, template in assembly.templates.items()}
    assert sorted(by_key) == [
        "assembly-Later/s.json",
        "one.json",
        "one.json#Again",
        "one.json#Again#Deep",
        "one.json#In",
        "one.json#In#Deep",
        "two.json",
    ]
    assert assembly.nested[f"{tmp_path}/one.json", "In"] == f"{tmp_path}/one.json#In"
    assert by_key["one.json#In#Deep"].nested_in == (f"{tmp_path}/one.json#In", "Deep")
    assert by_key["one.json#In#Deep"].region == "eu-central-1"
    places = {k: t.resources["(stack)"] for k, t in by_key.items() if "(stack)" in t.resources}
    assert {k: (r.construct, dict(r.properties)) for k, r in places.items()} == {
        "one.json": ("One", {"Region": "eu-central-1", "Account": "111111111111"}),
        "two.json": ("Agnostic", {}),
        "assembly-Later/s.json": ("Later/S", {"Region": "eu-central-1", "Account": "111111111111"}),
    }
    assert (by_key["one.json"].stack, by_key["one.json#In"].stack) == ("one-stack", None)


def test_construct_paths_come_from_the_template_or_else_from_the_metadata(tmp_path: Path) -> None:
    resources = {
        "A": {"Type": "x", "Metadata": {"aws:cdk:path": "One/A/Resource"}},
        "B": {"Type": "x"},
        "C": {"Type": "x"},
    }
    metadata = {
        "/One/B": [{"type": "aws:cdk:logicalId", "data": "B"}, {"type": "other", "data": "A"}],
        "/One/C": [{"type": "aws:cdk:logicalId", "data": "C"}],
        "/One/In/C": [{"type": "aws:cdk:logicalId", "data": "C"}],
    }
    write(
        tmp_path,
        manifest__json=manifest(One=stack("one.json", additionalMetadataFile="more.json", metadata={})),
        one__json={"Resources": resources},
        more__json=metadata,
    )
    (assembly,) = load([tmp_path]).assemblies
    ((template),) = assembly.templates.values()
    assert {name: r.construct for name, r in template.resources.items() if r.type == "x"} == {
        "A": "One/A/Resource",
        "B": "One/B",
        "C": None,  # the nested stack has a C of its own, and the metadata does not say which is which
    }
    assert construct_paths({}) == {}


def test_an_unreadable_template_of_an_assembly_leaves_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        manifest__json=manifest(A=stack("a.json"), B=stack("b.json"), C=stack("absent.json")),
        a__json=b"{",
        b__json={"Resources": {"In": nested("gone.json"), "Self": nested("b.json"), "Odd": nested(5)}},
    )
    loaded = load([tmp_path])
    assert keys(loaded) == [["b.json"]]
    found = errors(loaded)
    assert sorted(found) == ["a.json", "absent.json", "b.json", "gone.json"]
    assert "No such file" in found["absent.json"]
    assert "read twice" in found["b.json"]
    assert loaded.assemblies[0].nested == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"artifacts": []}',
        b'{"artifacts": {"A": "x"}}',
        b'{"artifacts": {"A": {}}}',
        manifest(A={"type": "aws:cloudformation:stack"}),
        manifest(A=stack("a.json", environment="nowhere")),
        manifest(A={**stack("a.json"), "properties": {}}),
        manifest(A=stack("a.json", metadata="x")),
        manifest(A=stack("a.json", additionalMetadataFile="absent.json")),
        manifest(A={"type": "cdk:cloud-assembly", "properties": {}}),
        manifest(A={"type": "cdk:cloud-assembly", "properties": {"directoryName": "absent"}}),
        manifest(A={"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}),
        manifest(),
    ],
)
def test_a_manifest_that_is_none_is_an_error_and_the_next_path_is_read(tmp_path: Path, content: Any) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "next").mkdir()
    write(tmp_path / "out", manifest__json=content)
    loaded = load([tmp_path / "out", write(tmp_path / "next", good__json=GOOD)])
    assert keys(loaded) == [["good.json"]]
    assert list(errors(loaded)) == ["manifest.json"]


def test_environment() -> None:
    assert environment("aws://1/eu-west-1") == ("1", "eu-west-1")
    assert environment("aws://unknown-account/unknown-region") == (None, None)
    for wrong in ("aws://1", "gcp://1/a", ""):
        with pytest.raises(ValueError, match="expected aws://"):
            environment(wrong)


def test_cloud_assembly_gives_stacks_with_their_metadata(tmp_path: Path) -> None:
    entries = {"/One": [{"type": "a", "data": 1}]}
    write(
        tmp_path,
        manifest__json=manifest(One=stack("one.json", metadata=entries, additionalMetadataFile="more.json")),
        more__json={"/One": [{"type": "b"}], "/One/A": []},
    )
    (found,) = cloud_assembly(tmp_path)
    assert found.metadata == {"/One": [{"type": "a", "data": 1}, {"type": "b"}], "/One/A": []}


# ---- YAML 1.1 ----


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("y", "y"),
        ("~", None),
        ("022", 18),
        ("0o22", "0o22"),
        ("0x1F", 31),
        ("0b11", 3),
        ("1_000", 1000),
        ("22:22", 1342),
        ("1e3", 1000),
        ("12e2", 1200),
        ("1.5e3", 1500),
        ("1.5e+3", 1500.0),
        ("1e400", float("inf")),
        (".inf", float("inf")),
        ("8.0", 8.0),
        ("08", "08"),
        ("012345670123", 1402433619),
        ("2012-10-17", "2012-10-17"),
        ("2012-10-17 12:00:00Z", "2012-10-17 12:00:00Z"),
        ("=", "="),
        ("'022'", "022"),
        ("!!str 022", "022"),
        ("!Ref 022", {"Ref": "022"}),
        ("!Sub 1e3", {"Fn::Sub": "1e3"}),
        ("!GetAtt a.b.c", {"Fn::GetAtt": ["a", "b.c"]}),
        ("!GetAtt [a, b]", {"Fn::GetAtt": ["a", "b"]}),
        ("!GetAtt [a, !Ref b]", {"Fn::GetAtt": ["a", {"Ref": "b"}]}),
        ("!Sub ['${a}', {a: !Ref b}]", {"Fn::Sub": ["${a}", {"a": {"Ref": "b"}}]}),
        ("!Condition c", {"Condition": "c"}),
        ("!Equals [yes, 'yes']", {"Fn::Equals": [True, "yes"]}),
        ("!Transform {Name: n}", {"Fn::Transform": {"Name": "n"}}),
        ("!Cidr [a, 1, 2]", {"Fn::Cidr": ["a", 1, 2]}),
        ("!ToJsonString {a: !Ref b}", {"Fn::ToJsonString": {"a": {"Ref": "b"}}}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!GetAZs", {"Fn::GetAZs": ""}),
        ("{1: a, yes: b, 010: c, 1.0: d}", {"1": "a", "yes": "b", "010": "c", "1.0": "d"}),
        ("[&a {b: 1}, *a]", [{"b": 1}, {"b": 1}]),
    ],
)
def test_yaml_is_read_as_cloudformation_reads_it(text: str, value: Any) -> None:
    found = parse(f"It: {text}".encode(), file="t.yaml")["It"]
    assert (found, type(found)) == (value, type(value))


def test_json_with_tabs_or_without_its_ending_is_read_all_the_same(tmp_path: Path) -> None:
    assert parse(b'{\t"a": 1}', file="t.template") == {"a": 1}
    assert parse(b"{a: 1}", file="t.template") == {"a": 1}
    with pytest.raises(TemplateError, match="not valid JSON"):
        parse(b"{a: 1}", file="t.json")


# ---- what is no ordinary file ----


def test_nothing_that_might_never_end_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle.json").symlink_to(tmp_path / "circle.json")
    (tmp_path / "folder.json").mkdir()
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(50_000_000)
    write(tmp_path, good__json=GOOD)
    loaded = load([tmp_path])
    assert keys(loaded) == [["good.json"]]
    said = {
        "pipe.json": "is no ordinary file",
        "device.yaml": "is no ordinary file",
        "gone.json": "No such file",
        "circle.json": "Too many levels of symbolic links",
        "large.json": "has 50,000,000 bytes",
    }
    found = errors(loaded)
    assert sorted(found) == sorted(said)
    assert {name for name, reason in said.items() if reason not in found[name]} == set()
    named = load([tmp_path / name for name in said])
    assert sorted(errors(named)) == sorted(said)


def test_a_folder_whose_manifest_is_none_of_the_cdk_is_still_judged(tmp_path: Path) -> None:
    write(tmp_path, manifest__json={"name": "a web application"}, good__json=GOOD)
    loaded = load([tmp_path])
    assert keys(loaded) == [["good.json"]]
    assert list(errors(loaded)) == ["manifest.json"]


def test_a_manifest_or_a_stack_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, manifest__json=manifest(A=stack("pipe"), B=stack("b.json")), b__json=GOOD)
    os.mkfifo(tmp_path / "pipe")
    loaded = load([tmp_path])
    assert keys(loaded) == [["b.json"]]
    assert errors(loaded) == {"pipe": "is no ordinary file; expected a JSON or YAML template"}


def test_loops_take_the_values_that_are_given(tmp_path: Path) -> None:
    loop = ["Id", {"Ref": "P"}, {"Bucket${Id}": {"Type": "AWS::S3::Bucket"}}]
    document = {"Parameters": {"P": {"Type": "CommaDelimitedList"}}, "Resources": {"Fn::ForEach::L": loop}}
    write(tmp_path, manifest__json=manifest(A=stack("a.json")), a__json=document)
    write(tmp_path, b__template=document)
    given = ParameterSource(given={"P": "X,Y"})
    for path in (tmp_path, tmp_path / "b.template"):
        ((template,),) = ([*a.templates.values()] for a in load([path], given).assemblies)
        assert [name for name in template.resources if name.startswith("Bucket")] == ["BucketX", "BucketY"]


def test_a_template_that_another_nests_from_its_folder_is_judged_with_it_and_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    inner = {"Parameters": {"P": {"Type": "String"}}, **GOOD, "Outputs": {"O": {"Value": {"Ref": "P"}}}}
    local = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./in/a.json"}}
    write(tmp_path / "in", a__json=inner)
    write(tmp_path, b__json={"Resources": {"In": local}})
    both = [["b.json", "b.json#In"]]
    assert keys(load([tmp_path])) == both
    assert keys(load([tmp_path / "in" / "a.json", tmp_path / "b.json", tmp_path, tmp_path / "b.json"])) == both
    (assembly,) = load([tmp_path]).assemblies
    nested_template = assembly.templates[assembly.nested[str(tmp_path / "b.json"), "In"]]
    assert nested_template.file == str(tmp_path / "in" / "a.json")
    assert keys(load([tmp_path / "in"])) == [["a.json"]]


@pytest.mark.parametrize(
    "url",
    ["../out.json", "https://s3.amazonaws.com/b/a.json", "gone.json", "/etc/a.json", ".", "a\0.json", {"Ref": "P"}, 5],
)
def test_nothing_outside_its_folder_is_nested(tmp_path: Path, url: Any) -> None:
    (tmp_path / "in").mkdir()
    write(tmp_path, out__json=GOOD)
    local = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}
    write(tmp_path / "in", b__json={"Resources": {"In": local}})
    loaded = load([tmp_path / "in"])
    assert keys(loaded) == [["b.json"]]
    assert not loaded.errors


def test_templates_that_nest_each_other_are_judged_and_an_error(tmp_path: Path) -> None:
    def to(url: str) -> dict[str, Any]:
        return {"Resources": {"In": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}}}

    write(tmp_path, a__json=to("b.json"), b__json=to("a.json"), self__json=to("./self.json"))
    loaded = load([tmp_path])
    assert keys(loaded) == [["b.json", "b.json#In"], ["self.json"]]
    assert sorted(errors(loaded)) == ["a.json", "b.json", "self.json"]
    assert set(errors(loaded).values()) > {
        f"is read twice in one assembly, as {tmp_path}/self.json#In; expected each template once"
    }


def test_templates_nested_many_times_over_come_to_an_end(tmp_path: Path) -> None:
    for n in range(20):
        inner = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": f"t{n + 1}.json"}}
        (tmp_path / f"t{n}.json").write_text(json.dumps({"Resources": {"A": inner, "B": inner}}))
    (tmp_path / "t20.json").write_text(json.dumps(GOOD))
    loaded = load([tmp_path / "t0.json"])
    assert "beside more than" in " ".join(errors(loaded).values())
    assert len(loaded.assemblies[0].templates) <= 1_001


def a(value: Any = None, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": value}, **more}


IF = {"Fn::If": ["C", {"Ref": "B"}, "b"]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"Conditions": {"C": {"Condition": "C"}}, "Resources": {"A": a()}}, "the conditions C -> C"),
        (
            {
                "Conditions": {"C": {"Fn::Not": [{"Condition": "D"}]}, "D": {"Fn::Or": [{"Condition": "C"}] * 2}},
                "Resources": {"A": a()},
            },
            "the conditions C -> D -> C",
        ),
        ({"Resources": {"A": a({"Ref": "A"})}}, "the resources A -> A"),
        ({"Resources": {"A": a({"Fn::GetAtt": ["B", "x"]}), "B": a({"Fn::Sub": "${A.Arn}"})}}, "the resources A -> B"),
        ({"Resources": {"A": a({"Fn::GetAtt": "B.x"}), "B": a(DependsOn=["A"])}}, "the resources A -> B -> A"),
        ({"Resources": {"A": a(DependsOn="B"), "B": a({"Fn::Sub": ["${X}", {"X": {"Ref": "A"}}]})}}, "A -> B -> A"),
        ({"Resources": {"1": a()}}, "`Resources` has the key 1, a number"),
        ({"Resources": {"A": a()}, "Parameters": {"2": {"Type": "String"}}}, "`Parameters` has the key 2, a number"),
        ({"Resources": {"A": a()}, "3": {}}, "it has the key 3, a number"),
    ],
)
def test_what_cloudformation_refuses_is_an_error_and_judged_all_the_same(
    tmp_path: Path, document: dict[str, Any], said: str
) -> None:
    write(tmp_path, a__json=document)
    loaded = load([tmp_path])
    assert said in errors(loaded)["a.json"]
    assert keys(loaded) == [["a.json"]]


@pytest.mark.parametrize(
    "document",
    [
        {"Resources": {"A": a({"Ref": "B"}), "B": a({"Ref": "AWS::Region"}, DependsOn=["Nobody"])}},
        {"Resources": {"A": a(IF), "B": a({"Ref": "A"})}},
        {"Resources": {"A": a({"Ref": "B"}, Condition="C"), "B": a({"Ref": "A"})}},
        {"Resources": {"A": a({"Fn::Sub": "${!A} ${B}"}), "B": a({"Fn::Sub": ["${A}", {"A": "x"}]})}},
        {"Resources": {"A": a({"Fn::GetAtt": []}), "B": a({"Fn::GetAtt": [{}, "x"]}, DependsOn={"A": 1})}},
        {"Transform": "Own", "Resources": {"A": a({"Ref": "B"}), "B": a({"Ref": "A"})}},
        {"Conditions": {"C": {"Fn::Equals": ["C", "D"]}, "D": {"Condition": "C"}}, "Resources": {"A": a()}},
        {"Mappings": {"1": {"443": {"5": "6"}}}, "Resources": {"A1": a({"7": "8"})}},
    ],
)
def test_what_may_be_no_circle_is_none(tmp_path: Path, document: dict[str, Any]) -> None:
    write(tmp_path, a__json=document)
    assert load([tmp_path]).errors == []


def test_maps_that_merge_maps_do_not_multiply(tmp_path: Path) -> None:
    text = "x0: &x0 {k: 0}\n"
    for n in range(1, 30):
        text += f"x{n}: &x{n} {{<<: [{', '.join([f'*x{n - 1}'] * 9)}], k{n}: {n}}}\n"
    made = parse((text + "Resources: {A: {<<: *x29, Type: t, k: 5}}").encode(), file="a.yaml")
    assert made["Resources"]["A"] == {**{f"k{n}": n for n in range(1, 30)}, "Type": "t", "k": 5}
    wide = "b: &b {" + ", ".join(f"k{n}: 1" for n in range(2_000)) + "}\n"
    wide += "".join(f"m{n}: {{<<: *b}}\n" for n in range(1_100))
    with pytest.raises(TemplateError, match="its merged maps hold more than"):
        parse(wide.encode(), file="a.yaml")
