#!/usr/bin/env bash
# Runs real clients against the server and writes the results to docs/clients.md. Sets up missing prerequisites, like ./test.sh.
set -euo pipefail
cd "$(dirname "$0")"
CLIENTS_TABLE=$PWD/docs/clients.md exec ./test.sh --filter-class '*.RealClientTests'
