#!/usr/bin/env bash
# Removes the containers of one test run, named by its process id, and of all runs whose process has ended.
set -euo pipefail

command -v docker >/dev/null || exit 0
docker ps -a --filter label=mcpimagegen.test-run --format '{{.ID}} {{.Label "mcpimagegen.test-run"}}' 2>/dev/null |
  while read -r container run; do
    if [ "$run" = "${1:-}" ] || ! kill -0 "$run" 2>/dev/null; then docker rm -f -v "$container" >/dev/null; fi
  done
