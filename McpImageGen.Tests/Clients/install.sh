#!/usr/bin/env bash
# Installs the clients for the tests with real clients and prints the setting that the tests need: eval "$(McpImageGen.Tests/Clients/install.sh)"
# The clients are npm packages, pinned by package-lock.json and installed once into this user's cache. If npm is missing, it is installed
# (as root, with apt). If the clients cannot be installed, it prints TEST_CLIENTS="off: REASON".
set -euo pipefail
cd "$(dirname "$0")"

set_to() {
  printf 'export TEST_CLIENTS=%q\n' "$1"
  exit 0
}
off() { set_to "off: $*"; }

if [ -n "${TEST_CLIENTS:-}" ]; then exit 0; fi
if ! command -v npm >/dev/null || ! command -v curl >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || off "npm or curl is missing. Install it, or run this script as root on a system with apt."
  echo "Installing npm and curl ..." >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm curl; } >/dev/null \
    || off "npm and curl could not be installed."
fi

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mcp-image-gen
folder=$cache/clients-$(cat package.json package-lock.json .npmrc | sha256sum | cut -c 1-16)
mkdir -p "$cache"
# Concurrent runs on one machine install only once.
if command -v flock >/dev/null; then
  exec 9>"$cache/clients.lock"
  flock 9
fi
if [ ! -d "$folder" ]; then
  echo "Installing the clients into $folder ..." >&2
  new=$(mktemp -d "$cache/new.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  cp package.json package-lock.json .npmrc "$new"
  (cd "$new" && timeout 600 npm ci --no-progress --loglevel=error --fetch-retries=2 --fetch-timeout=60000 >&2) \
    || off "the clients could not be installed from npm."
  mv "$new" "$folder"
fi
set_to "$folder"
