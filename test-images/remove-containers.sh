#!/usr/bin/env bash
# Removes the containers of one test run, named MACHINE-PROCESS, and of all runs on this machine whose process has ended.
set -euo pipefail

command -v docker >/dev/null || exit 0
docker ps -a --filter label=mcpimagegen.test-run --format '{{.ID}} {{.Label "mcpimagegen.test-run"}}' 2>/dev/null |
  while read -r container run; do
    ended=false
    if [ "${run%-*}" = "${HOSTNAME%%.*}" ] && ! kill -0 "${run##*-}" 2>/dev/null; then ended=true; fi
    if [ "$run" = "${1:-}" ] || $ended; then docker rm -f -v "$container" >/dev/null; fi
  done
