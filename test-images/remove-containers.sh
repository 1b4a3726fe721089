#!/usr/bin/env bash
# Removes the containers and volumes of a test run (argument: MACHINE-PROCESS) and of all runs on this machine whose process has ended, and the
# networks that Aspire's orchestrator created for an AppHost and did not remove because it was killed.
set -euo pipefail

command -v docker >/dev/null || exit 0
label=mcpimagegen.test-run
this_run=${1:-}

is_over() { [ "$1" = "$this_run" ] || { [ "${1%-*}" = "${HOSTNAME%%.*}" ] && ! kill -0 "${1##*-}" 2>/dev/null; }; }

docker ps -a --filter label=$label --format "{{.ID}} {{.Label \"$label\"}}" 2>/dev/null |
  while read -r container run; do
    if is_over "$run"; then docker rm -f -v "$container" >/dev/null; fi
  done

docker volume ls --filter label=$label --format "{{.Name}} {{.Label \"$label\"}}" 2>/dev/null |
  while read -r volume run; do
    if is_over "$run"; then docker volume rm -f "$volume" >/dev/null; fi
  done

# Aspire labels its networks with the orchestrator's process id. A network that is still in use is not removed.
creator=com.microsoft.developer.usvc-dev.creatorProcessId
docker network ls --filter label=$creator --format "{{.Name}} {{.Label \"$creator\"}}" 2>/dev/null |
  while read -r network process; do
    case $network in aspire-session-network-*-McpImageGen*) ;; *) continue ;; esac
    if ! kill -0 "$process" 2>/dev/null; then docker network rm "$network" >/dev/null || true; fi
  done
