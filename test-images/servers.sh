#!/usr/bin/env bash
# Starts empty Postgres, RabbitMQ, Redis and S3 servers in containers, for trials and measurements of the distributed system, and prints the
# connection settings: eval "$(test-images/servers.sh)"
# To remove the servers: test-images/remove-containers.sh "$TEST_RUN"
set -euo pipefail
cd "$(dirname "$0")"

settings=$(./docker.sh)
eval "$settings"
case ${TEST_CONTAINERS:-} in off*) echo "Containers cannot be started: ${TEST_CONTAINERS#off: }" >&2; exit 1 ;; esac
run=${TEST_RUN:-${HOSTNAME%%.*}-$PPID}

# start PORT ARGUMENTS…: starts a container and prints the address of its port. This is the container's own address if Docker's network
# is on this machine, because Docker's proxy takes as much time as a query.
start() {
  local container
  container=$(docker run --detach --label "mcpimagegen.test-run=$run" --publish "127.0.0.1::$1" "${@:2}")
  if [ -d /sys/class/net/docker0 ]; then echo "$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' "$container"):$1"
  else docker port "$container" "$1/tcp" | head -n 1; fi
}

postgres=$(start 5432 -e POSTGRES_USER=jobs -e POSTGRES_PASSWORD=secret "${TEST_IMAGES__POSTGRES:-postgres:18}")
rabbitmq=$(start 5672 -e RABBITMQ_DEFAULT_USER=jobs -e RABBITMQ_DEFAULT_PASS=secret "${TEST_IMAGES__RABBITMQ:-rabbitmq:4.3}")
redis=$(start 6379 "${TEST_IMAGES__REDIS:-redis:8}")
s3=$(start 9000 -e MINIO_ROOT_USER=minioadmin -e MINIO_ROOT_PASSWORD=minioadmin \
  "${TEST_IMAGES__S3:-quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z}" server /data)

cat <<SETTINGS
export TEST_RUN=$run
export ConnectionStrings__jobs='Host=${postgres%:*};Port=${postgres#*:};Username=jobs;Password=secret;Database=jobs'
export ConnectionStrings__messaging='amqp://jobs:secret@$rabbitmq'
export ConnectionStrings__redis='$redis'
export ConnectionStrings__images='Endpoint=http://$s3;AccessKey=minioadmin;SecretKey=minioadmin;Bucket=images'
SETTINGS
