#!/usr/bin/env bash
# Keeps the system busy with the calls of one owner, or of a client without a token, in each way of NeighbourTests, measures the response times of another
# owner, and writes them to docs/reliability.md. Installs missing prerequisites as ./test.sh does. Run it on an otherwise idle machine.
set -euo pipefail
cd "$(dirname "$0")"
NEIGHBOURS_TABLE=$PWD/docs/reliability.md exec ./test.sh --filter-class '*.NeighbourTests'
