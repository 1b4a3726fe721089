#!/usr/bin/env bash
# Provokes each failure of FailureTests with 200 jobs under way and writes what it came to into docs/reliability.md.
# Sets up what is missing, as ./test.sh does. Run it where nothing else runs: the table tells times.
set -euo pipefail
cd "$(dirname "$0")"
RELIABILITY_TABLE=$PWD/docs/reliability.md exec ./test.sh --filter-class '*.FailureTests'
