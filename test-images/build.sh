#!/usr/bin/env bash
# Builds the images of the test servers from Debian packages, for machines that cannot pull images, and prints
# their names as settings. Needs root, Debian, mmdebstrap and a running Docker.
# A base image contains all servers; thin images are built on it. The tag of each image is a hash of its
# sources, so only images whose sources have changed are built again.
set -euo pipefail
cd "$(dirname "$0")"

suite=trixie
packages=postgresql,pgbouncer,redis-server,rabbitmq-server,ceph-mon,ceph-osd,radosgw
export DOCKER_BUILDKIT=0 # Debian's Docker package has no buildx

hash_of() { LC_ALL=C cat "$@" | sha256sum | cut -c 1-12; }
present() { docker image inspect "$1" >/dev/null 2>&1; }

# The mirror that this machine's apt uses; it is unknown before the first apt-get update.
mirror() {
  local own
  own=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | sed -n "s#^\(.*\) $own\$#\1#p" | sort -u | head -n 1
}

build_base() {
  local mirror
  mirror=$(mirror)
  if [ -z "$mirror" ]; then
    apt-get update -qq >&2
    mirror=$(mirror)
  fi
  [ -n "$mirror" ] || { echo "apt has no mirror for this Debian release." >&2; return 1; }

  # Unpacking in memory saves a third of the time, if there is enough space.
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
  if [ "${free:-0}" -gt 3000000 ]; then export TMPDIR=/dev/shm; fi

  mmdebstrap --quiet --variant=minbase \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --setup-hook='mkdir -p "$1/etc/postgresql-common"' \
    --setup-hook='echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.conf"' \
    --include="$packages" "$suite" - "$mirror" | docker import -c 'ENV LANG=C.UTF-8' - "$1" >/dev/null
}

base=mcpimagegen-test/base:$(hash_of build.sh)
for server in postgres pgbouncer rabbitmq redis s3; do
  image=mcpimagegen-test/$server:$(hash_of build.sh "$server"/*)
  if ! present "$image"; then
    if ! present "$base"; then
      echo "Building the base image of the test servers from Debian packages (about a minute) ..." >&2
      build_base "$base"
    fi
    echo "Building the image of $server ..." >&2
    output=$(docker build --build-arg BASE="$base" -t "$image" "$server" 2>&1) || { echo "$output" >&2; exit 1; }
  fi
  echo "TEST_IMAGES__${server^^}=$image"
done
