"""The bundle of the policy hook, as the CDK publishes it, and as Lambda unpacks it."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any

from nexis_constructs._hook_bundle import bundle_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def packed(waivers: Path | None = None) -> bytes:
    """The bundle as one archive, compressed as the CDK's CLI does it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in bundle_files(waivers).items():
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


@cache
def _packed_once() -> bytes:
    return packed()


def publish_bundle(client: Callable[[str], Any], template: Mapping[str, Any]) -> None:
    """Put the bundle where the functions of a template expect their code, as `cdk deploy` does before the stack."""
    s3 = client("s3")
    there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for resource in template["Resources"].values():
        code = resource.get("Properties", {}).get("Code", {}) if resource["Type"] == "AWS::Lambda::Function" else {}
        if "S3Key" in code:
            if code["S3Bucket"] not in there:
                s3.create_bucket(
                    Bucket=code["S3Bucket"], CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
                )
            s3.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=_packed_once())
