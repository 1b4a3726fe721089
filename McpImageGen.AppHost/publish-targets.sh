#!/usr/bin/env bash
# If the packages of the AppHost's publishers cannot be restored, prints the setting that leaves them out: eval "$(McpImageGen.AppHost/publish-targets.sh)"
# The environment variable PublishTargets sets the MSBuild property of that name. If it is already set, nothing is checked.
set -euo pipefail
cd "$(dirname "$0")"

if [ -n "${PublishTargets:-}" ]; then exit 0; fi
if output=$(dotnet restore --nologo -v quiet 2>&1); then exit 0; fi

# Only missing packages of the publishers count; the build reports all other errors.
missing=$(sed -nE 's/.*error NU110[12]: Unable to find package ([A-Za-z.]+[A-Za-z]).*/\1/p' <<<"$output" | sort -u)
if [ -z "$missing" ] || grep -qvE '^Aspire\.Hosting\.(Azure\.AppContainers|Docker|Kubernetes)$' <<<"$missing"; then exit 0; fi
echo "Packages that cannot be restored: $(paste -sd ' ' <<<"$missing"). The AppHost is built without the Targets folders (-p:PublishTargets=false)." >&2
echo "export PublishTargets=false"
