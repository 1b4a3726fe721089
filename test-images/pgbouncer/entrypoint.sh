#!/bin/sh
# The test brings /etc/pgbouncer/pgbouncer.ini, as to other images of pgbouncer.
set -eu
exec setpriv --reuid=postgres --regid=postgres --init-groups pgbouncer /etc/pgbouncer/pgbouncer.ini
