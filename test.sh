#!/usr/bin/env bash
# Sets up missing prerequisites and runs the tests. On a fresh clone on a new machine: ./test.sh
# Prerequisites, installed if possible: Docker for container tests (test-images/docker.sh), npm packages for tests with real clients
# (McpImageGen.Tests/Clients/install.sh), Chromium for browser tests (McpImageGen.Tests/Pages/Browser/install.sh), nginx and Caddy for
# tests behind reverse proxies (McpImageGen.Tests/Proxies/install.sh).
# ./test.sh fast: only the tests that need nothing of that and do not wait for seconds (not marked with [Slow]).
# Arguments are passed to the test runner, for example: ./test.sh --filter-class '*CrashTests'
# The last line is "N passed, N failed, N skipped", counted from the runner's report.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v dotnet >/dev/null; then
  echo "The .NET SDK 10 is missing. Install it from https://dotnet.microsoft.com/download, then run this script again." >&2
  exit 1
fi

results=artifacts/test-results
rm -rf "$results"

settings=$(McpImageGen.AppHost/publish-targets.sh)
eval "$settings"
if [ "${1:-}" = fast ]; then
  shift
  set -- --filter-not-trait Speed=slow "$@"
else
  # Measurements and failure tests take longer: ./reliability.sh and ./neighbours.sh run them
  [ $# -gt 0 ] || set -- --filter-not-class '*.FailureTests' --filter-not-class '*.NeighbourTests'
  for install in test-images/docker.sh McpImageGen.Tests/{Clients,Pages/Browser,Proxies}/install.sh; do
    settings=$("$install")
    eval "$settings"
  done
  export TEST_RUN=${HOSTNAME%%.*}-$$ # label of this run's containers
  trap 'test-images/remove-containers.sh "$TEST_RUN" || true' EXIT
fi
export DOTNET_hostBuilder__reloadConfigOnChange=false # otherwise each program watches its files, and a user has only 128 inotify instances
trap 'exit 130' INT TERM

status=0
dotnet build McpImageGen.sln --nologo -v quiet
dotnet test --solution McpImageGen.sln --no-build --results-directory "$PWD/$results" \
  --report-xunit-trx --report-xunit-trx-filename tests.trx --timeout 30m \
  --hangdump --hangdump-type None --hangdump-timeout 5m "$@" || status=$?

report=$results/tests.trx
if [ ! -s "$report" ]; then
  echo "The test runner wrote no report (exit code $status)." >&2
  tail -n +1 "$results"/*_hang.log >&2 2>/dev/null || true # tests that hung, if the runner was aborted because of them
  exit 1
fi
count() { sed -nE "s/.*<Counters [^>]*\b$1=\"([0-9]+)\".*/\1/p" "$report" | head -n 1; }
case ${TEST_CONTAINERS:-} in off*) echo "Container tests were not run: ${TEST_CONTAINERS#off: }" >&2 ;; esac
case ${TEST_CLIENTS:-} in off*) echo "Tests with real clients were not run: ${TEST_CLIENTS#off: }" >&2 ;; esac
case ${TEST_BROWSER:-} in off*) echo "Browser tests were not run: ${TEST_BROWSER#off: }" >&2 ;; esac
case ${TEST_PROXIES:-} in off*) echo "Tests behind reverse proxies were not run: ${TEST_PROXIES#off: }" >&2 ;; esac
total=$(count total) executed=$(count executed) passed=$(count passed)
echo "$passed passed, $((executed - passed)) failed, $((total - executed)) skipped"
[ "$passed" -gt 0 ] || status=1
exit "$status"
