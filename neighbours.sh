#!/usr/bin/env bash
# Lets one owner, or a stranger without a token, keep the system busy in each way of NeighbourTests, measures what another owner notices, and
# writes it into docs/reliability.md. Sets up what is missing, as ./test.sh does. Run it where nothing else runs: the table tells times.
set -euo pipefail
cd "$(dirname "$0")"
NEIGHBOURS_TABLE=$PWD/docs/reliability.md exec ./test.sh --filter-class '*.NeighbourTests'
