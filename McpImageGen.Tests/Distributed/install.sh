#!/usr/bin/env bash
# Sets up libfaketime for FailureTests, which run services with wrong clocks, and prints the setting that they need:
# eval "$(McpImageGen.Tests/Distributed/install.sh)"
# An installed library is used; otherwise Debian's package is unpacked into this user's cache.
# If it is not available, it prints TEST_FAKETIME="off: REASON".
set -euo pipefail

set_to() {
  printf 'export TEST_FAKETIME=%q\n' "$1"
  exit 0
}

if [ -n "${TEST_FAKETIME:-}" ]; then exit 0; fi
. "$(dirname "$0")/../unpack.sh"
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mcp-image-gen
folder=$cache/faketime
mkdir -p "$cache"
# Concurrent runs on one machine unpack only once.
if command -v flock >/dev/null; then
  exec 9>"$cache/faketime.lock"
  flock 9
fi

find_library() { find /usr/lib "$folder" -path '*/faketime/libfaketime.so.1' -type f -print -quit 2>/dev/null || true; }
if [ -z "$(find_library)" ]; then
  unpack libfaketime "$folder" || set_to "off: libfaketime is not installed and could not be downloaded with apt."
fi
set_to "$(find_library)"
