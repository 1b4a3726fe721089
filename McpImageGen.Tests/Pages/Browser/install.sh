#!/usr/bin/env bash
# Sets up Chromium for the browser tests and prints the setting that the tests need: eval "$(McpImageGen.Tests/Pages/Browser/install.sh)"
# An installed Chromium or Chrome is used; otherwise Debian's Chromium is installed (as root, with apt).
# If no browser is available, it prints TEST_BROWSER="off: REASON".
set -euo pipefail

set_to() {
  printf 'export TEST_BROWSER=%q\n' "$1"
  exit 0
}
use_installed() {
  local name path
  for name in google-chrome chromium chromium-browser; do
    if path=$(command -v "$name"); then set_to "$path"; fi
  done
}

if [ -n "${TEST_BROWSER:-}" ]; then exit 0; fi
use_installed
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || set_to "off: Chromium is not installed. Install it, or run this script as root on a system with apt."
echo "Installing Chromium ..." >&2
{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || true
use_installed
set_to "off: Chromium could not be installed."
