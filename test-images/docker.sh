#!/usr/bin/env bash
# Makes container tests possible and prints the settings they need: eval "$(test-images/docker.sh)"
# Docker is installed (root and apt only) and started where it is missing; one that runs is used as it is, and
# none is ever stopped. The official images are used where images can be pulled; elsewhere build.sh builds its own.
#   TEST_IMAGES=official|debian    takes these images without trying what can be pulled
#   TEST_IMAGES__POSTGRES, __PGBOUNCER, __RABBITMQ, __REDIS, __S3    names of other images; with all set nothing is tried or built
# Where there is no way, it prints TEST_CONTAINERS="off: why".
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
  if [ -n "${DOCKER_HOST:-}" ]; then off "nothing answers at DOCKER_HOST."; fi
  if ! pidof dockerd >/dev/null 2>&1; then # a second daemon would delete the first one's bridge
    if ! command -v dockerd >/dev/null || ! command -v docker >/dev/null || ! command -v iptables >/dev/null; then
      may_install || off "Docker is missing, and only root with apt may install it here."
      install docker.io iptables || off "Docker could not be installed."
    fi
    if [ "$(id -u)" != 0 ]; then off "Docker does not run, and only root may start it."; fi
  fi
  if ! pidof dockerd >/dev/null; then
    echo "Starting Docker, which logs to $log ..." >&2
    if [ -d /run/systemd/system ]; then systemctl start docker >&2 || true
    else setsid dockerd >>"$log" 2>&1 </dev/null 9>&- & fi
  fi
  case $(docker info 2>&1) in *'permission denied'*) off "this user may not use Docker." ;; esac
  await_docker || off "Docker does not answer; its log is $log."
}

can_pull() { timeout 8 docker pull -q hello-world >/dev/null 2>&1; }
images_are_named() { [ -n "${TEST_IMAGES__POSTGRES:-}" ] && [ -n "${TEST_IMAGES__PGBOUNCER:-}" ] && [ -n "${TEST_IMAGES__RABBITMQ:-}" ] && [ -n "${TEST_IMAGES__REDIS:-}" ] && [ -n "${TEST_IMAGES__S3:-}" ]; }

choose_images() {
  if images_are_named || [ "${TEST_IMAGES:-}" = official ]; then return; fi
  if [ "${TEST_IMAGES:-}" != debian ] && can_pull; then return; fi

  may_install && (. /etc/os-release && [ "$ID" = debian ]) || off "no image can be pulled, and only root on Debian can build them."
  command -v mmdebstrap >/dev/null || install mmdebstrap || off "mmdebstrap could not be installed."
  local built
  built=$(./build.sh) || off "no image can be pulled, and build.sh failed."
  sed 's/^/export /' <<<"$built"
  # Without Ryuk's image nothing removes what a killed run leaves: remove-containers.sh does.
  set_to TESTCONTAINERS_RYUK_DISABLED true
}

# Testcontainers asks for API 1.44 and does not negotiate.
speak_an_older_api() {
  local api
  api=$(docker version --format '{{.Server.APIVersion}}')
  if [ "$(printf '%s\n' "$api" 1.44 | sort -V | head -n 1)" != 1.44 ]; then set_to DOCKER_API_VERSION "$api"; fi
}

case ${TEST_CONTAINERS:-} in off*) exit 0 ;; esac
# Runs side by side on one machine start Docker and build the images once.
if command -v flock >/dev/null; then
  exec 9>"${TMPDIR:-/tmp}/mcpimagegen-test-images-$UID.lock"
  flock 9
fi
start_docker
choose_images
speak_an_older_api
if pidof dockerd >/dev/null 2>&1; then set_to TESTCONTAINERS_HOST_OVERRIDE 127.0.0.1; fi
