#!/usr/bin/env bash
# Deploy the cloud assembly that was approved, with an hour's credentials of the environment's deployment role.
#
#   deploy_assembly.sh FILE DIGEST ENVIRONMENT
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "deploy_assembly.sh: got $# arguments, expected FILE DIGEST ENVIRONMENT" >&2
  exit 2
fi
file=$1 digest=$2 environment=$3
found=$(sha256sum "$file" | cut -d ' ' -f 1)
if [ "$found" != "$digest" ]; then
  echo "deploy_assembly.sh: $file has the digest $found, and ${digest:-none} was approved; nothing is deployed" >&2
  exit 2
fi
cd "$(dirname "$0")/.."
case $file in /*) ;; *) file=$OLDPWD/$file ;; esac

make --no-print-directory setup-aws
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/assembly"
tar -xf "$file" -C "$folder/assembly"

# The approval was for this assembly; that it keeps the policies is looked at once more, by the code that deploys.
.venv/bin/nexis check "$folder/assembly" --strict-parameters --scope baseline --waivers waivers.toml

# The SDKs ask for credentials when they need them: no key is ever written down or put into the environment.
export AWS_CONFIG_FILE="$folder/aws-config" AWS_SHARED_CREDENTIALS_FILE=/dev/null
region=$(.venv/bin/nexis config --environment "$environment" region)
printf '[default]\nregion = %s\ncredential_process = "%s" github-credentials --environment %s\n' \
  "$region" "$PWD/.venv/bin/nexis" "$environment" > "$AWS_CONFIG_FILE"
unset AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
# Asked once before the CLI is: whatever is refused is said in words, and a configuration that is an example still is.
.venv/bin/nexis github-credentials --environment "$environment" > /dev/null
export CDK_DISABLE_VERSION_CHECK=1 CDK_DISABLE_CLI_TELEMETRY=true
node_modules/.bin/cdk --no-notices deploy --all --app "$folder/assembly" --require-approval never --progress events \
  --concurrency 4
