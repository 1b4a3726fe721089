#!/usr/bin/env bash
# Runs real clients against the server and writes what each did into docs/clients.md. Sets up what is missing, as ./test.sh does.
set -euo pipefail
cd "$(dirname "$0")"
CLIENTS_TABLE=$PWD/docs/clients.md exec ./test.sh --filter-class '*.RealClientTests'
