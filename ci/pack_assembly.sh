#!/usr/bin/env bash
# Pack a cloud assembly, so that the same files give the same digest, and tell the digest to the next job.
#
#   pack_assembly.sh FOLDER FILE
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "pack_assembly.sh: got $# arguments, expected FOLDER FILE" >&2
  exit 2
fi
folder=$1 file=$2
if [ ! -f "$folder/manifest.json" ] || [ ! -f "$folder/nexis-report.json" ]; then
  echo "pack_assembly.sh: $folder is no cloud assembly that was synthesized under the policies; run \`make synth\`" >&2
  exit 2
fi
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode='u+rwX,go=rX' -cf "$file" -C "$folder" .
digest=$(sha256sum "$file" | cut -d ' ' -f 1)
echo "digest=$digest" >> "${GITHUB_OUTPUT:-/dev/null}"
echo "assembly $digest" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
