#!/usr/bin/env bash
# Sets up nginx and Caddy for the tests behind reverse proxies and prints the setting that the tests need: eval "$(McpImageGen.Tests/Proxies/install.sh)"
# Installed programs are used; otherwise Debian's packages are unpacked into this user's cache. They are not installed, so no service is started.
# If a program is not available, it prints TEST_PROXIES="off: REASON".
set -euo pipefail

set_to() {
  printf 'export TEST_PROXIES=%q\n' "$1"
  exit 0
}

if [ -n "${TEST_PROXIES:-}" ]; then exit 0; fi
. "$(dirname "$0")/../unpack.sh"
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mcp-image-gen
folder=$cache/proxies
mkdir -p "$cache"
# Concurrent runs on one machine unpack only once.
if command -v flock >/dev/null; then
  exec 9>"$cache/proxies.lock"
  flock 9
fi

find_program() { find "$folder/$1.package" -path '*/*bin/*' -name "$1" -type f; }
for name in nginx caddy; do
  if [ -x "$folder/$name" ]; then continue; fi
  mkdir -p "$folder"
  path=$(command -v "$name" || ls "/usr/sbin/$name" 2>/dev/null || { unpack "$name" "$folder/$name.package" && find_program "$name"; }) || set_to "off: $name is not installed and could not be downloaded with apt."
  ln -sfn "$path" "$folder/$name"
done
set_to "$folder"
