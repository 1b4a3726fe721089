#!/usr/bin/env bash
# Sets up Docker for container tests and prints the settings that the tests need: eval "$(test-images/docker.sh)"
# If Docker is missing, it is installed (as root, with apt) and started. A running Docker is used as it is and never stopped.
# The official images are used if images can be pulled; otherwise build.sh builds the images.
#   TEST_IMAGES=official|debian    uses these images without checking what can be pulled
#   TEST_IMAGES__POSTGRES, __PGBOUNCER, __RABBITMQ, __REDIS, __S3    names of other images; if all are set, nothing is checked or built
# If Docker cannot be set up, it prints TEST_CONTAINERS="off: REASON".
set -euo pipefail
cd "$(dirname "$0")"

log=/var/log/dockerd.log

off() {
  printf 'export TEST_CONTAINERS=%q\n' "off: $*"
  exit 0
}
set_to() { printf 'export %s=%q\n' "$1" "$2"; }
answers() { docker info >/dev/null 2>&1; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
  echo "Installing $* ..." >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null
}
await_docker() {
  for _ in {1..150}; do
    if answers; then return 0; fi
    sleep 0.2
  done
  return 1
}

start_docker() {
  if answers; then return; fi
  if [ -n "${DOCKER_HOST:-}" ]; then off "Docker does not respond at DOCKER_HOST."; fi
  if ! pidof dockerd >/dev/null 2>&1; then # a second daemon would delete the bridge of the first one
    if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null || ! command -v iptables >/dev/null; then
      may_install || off "Docker is not installed. Install it, or run this script as root on a system with apt."
      install docker.io iptables || off "Docker could not be installed."
    fi
    if [ "$(id -u)" != 0 ]; then off "Docker is not running. Start it, or run this script as root."; fi
  fi
  if ! pidof dockerd >/dev/null; then
    echo "Starting Docker (log: $log) ..." >&2
    if [ -d /run/systemd/system ]; then systemctl start docker >&2 || true
    else setsid dockerd >>"$log" 2>&1 </dev/null 9>&- & fi
  fi
  case $(docker info 2>&1) in *'permission denied'*) off "this user has no permission to use Docker." ;; esac
  await_docker || off "Docker does not respond. See its log: $log."
}

can_pull() { timeout 8 docker pull -q hello-world >/dev/null 2>&1; }
images_are_named() { [ -n "${TEST_IMAGES__POSTGRES:-}" ] && [ -n "${TEST_IMAGES__PGBOUNCER:-}" ] && [ -n "${TEST_IMAGES__RABBITMQ:-}" ] && [ -n "${TEST_IMAGES__REDIS:-}" ] && [ -n "${TEST_IMAGES__S3:-}" ]; }

choose_images() {
  if images_are_named || [ "${TEST_IMAGES:-}" = official ]; then return; fi
  if [ "${TEST_IMAGES:-}" != debian ] && can_pull; then return; fi

  may_install && (. /etc/os-release && [ "$ID" = debian ]) || off "images cannot be pulled, and building them requires root on Debian."
  command -v mmdebstrap >/dev/null || install mmdebstrap || off "mmdebstrap could not be installed."
  local built
  built=$(./build.sh) || off "images cannot be pulled, and build.sh failed."
  sed 's/^/export /' <<<"$built"
  # Ryuk's image is not available; remove-containers.sh removes the containers of killed runs.
  set_to TESTCONTAINERS_RYUK_DISABLED true
}

# Testcontainers requests API version 1.44 and does not negotiate.
speak_an_older_api() {
  local api
  api=$(docker version --format '{{.Server.APIVersion}}')
  if [ "$(printf '%s\n' "$api" 1.44 | sort -V | head -n 1)" != 1.44 ]; then set_to DOCKER_API_VERSION "$api"; fi
}

case ${TEST_CONTAINERS:-} in off*) exit 0 ;; esac
# Concurrent runs on one machine start Docker and build the images only once.
if command -v flock >/dev/null; then
  exec 9>"${TMPDIR:-/tmp}/mcpimagegen-test-images-$UID.lock"
  flock 9
fi
start_docker
choose_images
speak_an_older_api
if pidof dockerd >/dev/null 2>&1; then set_to TESTCONTAINERS_HOST_OVERRIDE 127.0.0.1; fi
