#!/usr/bin/env bash
# Sets up what is missing and runs the tests. From a fresh clone on a fresh machine: ./test.sh
# Container tests run on Docker, which is installed and started where that may be done (test-images/docker.sh), tests with real
# clients on packages from npm (McpImageGen.Tests/Clients/install.sh), tests of the pages in Chromium (McpImageGen.Tests/Pages/Browser/install.sh),
# tests behind real proxies on nginx and Caddy (McpImageGen.Tests/Proxies/install.sh).
# Arguments go to the test runner, for instance: ./test.sh --filter-class '*CrashTests'
# Ends with "N passed, N failed, N skipped", counted from the runner's report.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK 10 is missing. Install it from https://dotnet.microsoft.com/download and run this again." >&2
  exit 1
fi

results=artifacts/test-results
rm -rf "$results"

settings=$(McpImageGen.AppHost/publish-targets.sh)
eval "$settings"
settings=$(test-images/docker.sh)
eval "$settings"
settings=$(McpImageGen.Tests/Clients/install.sh)
eval "$settings"
settings=$(McpImageGen.Tests/Pages/Browser/install.sh)
eval "$settings"
settings=$(McpImageGen.Tests/Proxies/install.sh)
eval "$settings"
export DOTNET_hostBuilder__reloadConfigOnChange=false # each program would watch its files, and a user has only 128 such watches
export TEST_RUN=${HOSTNAME%%.*}-$$ # the label of this run's containers
trap 'test-images/remove-containers.sh "$TEST_RUN" || true' EXIT
trap 'exit 130' INT TERM

# Those take a quarter of an hour, and measure times: ./reliability.sh and ./neighbours.sh
[ $# -gt 0 ] || set -- --filter-not-class '*.FailureTests' --filter-not-class '*.NeighbourTests'

status=0
dotnet build McpImageGen.sln --nologo -v quiet
dotnet test --solution McpImageGen.sln --no-build --results-directory "$PWD/$results" \
  --report-xunit-trx --report-xunit-trx-filename tests.trx --timeout 30m \
  --hangdump --hangdump-type None --hangdump-timeout 5m "$@" || status=$?

report=$results/tests.trx
if [ ! -s "$report" ]; then
  echo "The test runner left no report (exit code $status)." >&2
  tail -n +1 "$results"/*_hang.log >&2 2>/dev/null || true # the tests that hung, where it ended because of them
  exit 1
fi
count() { sed -nE "s/.*<Counters [^>]*\b$1=\"([0-9]+)\".*/\1/p" "$report" | head -n 1; }
case ${TEST_CONTAINERS:-} in off*) echo "Container tests were not run: ${TEST_CONTAINERS#off: }" >&2 ;; esac
case ${TEST_CLIENTS:-} in off*) echo "Tests with real clients were not run: ${TEST_CLIENTS#off: }" >&2 ;; esac
case ${TEST_BROWSER:-} in off*) echo "Tests in the browser were not run: ${TEST_BROWSER#off: }" >&2 ;; esac
case ${TEST_PROXIES:-} in off*) echo "Tests behind real proxies were not run: ${TEST_PROXIES#off: }" >&2 ;; esac
total=$(count total) executed=$(count executed) passed=$(count passed)
echo "$passed passed, $((executed - passed)) failed, $((total - executed)) skipped"
[ "$passed" -gt 0 ] || status=1
exit "$status"
