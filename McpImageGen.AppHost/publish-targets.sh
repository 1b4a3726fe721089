#!/usr/bin/env bash
# Prints a setting that excludes the AppHost's publishers if their packages cannot be restored: eval "$(McpImageGen.AppHost/publish-targets.sh)"
# The environment variable PublishTargets sets the MSBuild property of that name. If it is already set, the script does nothing.
set -euo pipefail
cd "$(dirname "$0")"

if [ -n "${PublishTargets:-}" ]; then exit 0; fi
if output=$(dotnet restore --nologo -v quiet 2>&1); then exit 0; fi

# Only if no other packages than these are missing; any other error is left to the build.
missing=$(sed -nE 's/.*error NU110[12]: Unable to find package ([A-Za-z.]+[A-Za-z]).*/\1/p' <<<"$output" | sort -u)
if [ -z "$missing" ] || grep -qvE '^Aspire\.Hosting\.(Azure\.AppContainers|Docker|Kubernetes)$' <<<"$missing"; then exit 0; fi
echo "Cannot restore $(paste -sd ' ' <<<"$missing"). The AppHost is built without the Targets folders (-p:PublishTargets=false)." >&2
echo "export PublishTargets=false"
