#!/usr/bin/env bash
# Makes the tests in a real browser possible and prints the setting they need: eval "$(McpImageGen.Tests/Pages/Browser/install.sh)"
# A Chromium or Chrome that is there is used; else Debian's is installed (root and apt only).
# Where there is no way, it prints TEST_BROWSER="off: why".
set -euo pipefail

set_to() {
  printf 'export TEST_BROWSER=%q\n' "$1"
  exit 0
}
use_what_is_there() {
  local name path
  for name in google-chrome chromium chromium-browser; do
    if path=$(command -v "$name"); then set_to "$path"; fi
  done
}

if [ -n "${TEST_BROWSER:-}" ]; then exit 0; fi
use_what_is_there
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || set_to "off: Chromium is missing, and only root with apt may install it here."
echo "Installing Chromium ..." >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || true
use_what_is_there
set_to "off: Chromium could not be installed."
