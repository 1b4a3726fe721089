#!/usr/bin/env bash
# Prints the setting that leaves out the AppHost's publishers where their packages cannot be restored: eval "$(McpImageGen.AppHost/publish-targets.sh)"
# The environment variable PublishTargets is the MSBuild property of that name. Where it is set, nothing is tried.
set -euo pipefail
cd "$(dirname "$0")"

if [ -n "${PublishTargets:-}" ]; then exit 0; fi
if output=$(dotnet restore --nologo -v quiet 2>&1); then exit 0; fi

# Missing packages, and no others than these; whatever else is wrong, the build tells.
missing=$(sed -nE 's/.*error NU110[12]: Unable to find package ([A-Za-z.]+[A-Za-z]).*/\1/p' <<<"$output" | sort -u)
if [ -z "$missing" ] || grep -qvE '^Aspire\.Hosting\.(Azure\.AppContainers|Docker|Kubernetes)$' <<<"$missing"; then exit 0; fi
echo "Not restorable here: $(paste -sd ' ' <<<"$missing"). The AppHost is built without the Targets folders (-p:PublishTargets=false)." >&2
echo "export PublishTargets=false"
