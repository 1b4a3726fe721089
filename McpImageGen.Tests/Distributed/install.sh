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
folder=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mcp-image-gen/faketime
find_library() { find /usr/lib "$folder" -path '*/faketime/libfaketime.so.1' -type f -print -quit 2>/dev/null || true; }
if [ -z "$(find_library)" ]; then
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || set_to "off: libfaketime is not installed, and there is no apt."
  echo "Unpacking libfaketime ..." >&2
  mkdir -p "$folder"
  if [ "$(id -u)" = 0 ]; then apt-get update -qq >/dev/null || true; fi
  (cd "$folder" && apt-get download -qq libfaketime >/dev/null && dpkg -x libfaketime_*.deb .) || set_to "off: libfaketime could not be downloaded with apt."
fi
set_to "$(find_library)"
