#!/usr/bin/env bash
# Runs FailureTests, which cause each failure with 200 jobs in progress, and writes the results to docs/reliability.md.
# RELIABILITY_CLOCKS=all combines every fault with every wrong clock (about 2 hours).
# Sets up missing prerequisites, like ./test.sh. Run it on an otherwise idle machine, because the results contain times.
set -euo pipefail
cd "$(dirname "$0")"
settings=$(McpImageGen.Tests/Distributed/install.sh)
eval "$settings"
RELIABILITY_TABLE=$PWD/docs/reliability.md exec ./test.sh --filter-class '*.FailureTests'
