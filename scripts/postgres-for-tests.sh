#!/usr/bin/env bash
# PostgreSQL 17 with pgvector for the tests, on a Debian that has no package of it: a small Debian 13 beside the system
# (debootstrap, once, under a minute), run in a chroot as an unprivileged user on a loopback port.
#   scripts/postgres-for-tests.sh start   makes it if needed, starts it, prints its URL (for FOTOTECA_TEST_POSTGRES)
#   scripts/postgres-for-tests.sh stop    stops it; the folder is kept for the next time
# The folder is $FOTOTECA_PG_DIR, else /var/tmp/fototeca-postgres. Needs root, apt and the mirror that apt uses.
set -euo pipefail

dir=${FOTOTECA_PG_DIR:-/var/tmp/fototeca-postgres}
bin=/usr/lib/postgresql/17/bin
cluster=/var/lib/postgresql/fototeca-tests # inside the chroot

source "$(dirname "$0")/debian-for-tests.sh"
inside() { chroot --userspec=postgres:postgres "$dir" /usr/bin/env -i PATH="$bin:/usr/bin:/bin" LC_ALL=C.UTF-8 HOME=/var/lib/postgresql "$@"; }

[ "$(id -u)" = 0 ] || fail "needs root (chroot, debootstrap); without it set FOTOTECA_TEST_POSTGRES to a server with pgvector yourself"

make_system() {
  make_debian "$dir.new" postgresql-17,postgresql-17-pgvector
  rm -rf "$dir.new/var/cache/apt/archives"/*.deb
  mv "$dir.new" "$dir"
}

is_running() { inside pg_ctl -D "$cluster" status >/dev/null 2>&1; }

start() {
  if [ -e "$dir" ]; then [ "$(stat -c %u "$dir")" = 0 ] || fail "$dir belongs to someone else; choose another with FOTOTECA_PG_DIR"; else make_system; fi
  if [ ! -e "$dir$cluster/PG_VERSION" ]; then
    head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$dir/password"
    install -d -o "$(stat -c %u "$dir/var/lib/postgresql")" -g "$(stat -c %g "$dir/var/lib/postgresql")" -m 700 "$dir$cluster"
    install -o "$(stat -c %u "$dir/var/lib/postgresql")" -m 600 "$dir/password" "$dir/tmp/password"
    chmod 600 "$dir/password"
    inside initdb -D "$cluster" --encoding=UTF8 --locale=C.UTF-8 --username=fototeca --auth=scram-sha-256 --pwfile=/tmp/password \
      --set dynamic_shared_memory_type=mmap >"$dir.log" 2>&1 || { tail -20 "$dir.log" >&2; rm -rf "$dir${cluster:?}"; fail "initdb failed"; }
    rm -f "$dir/tmp/password"
  fi
  if ! is_running; then
    # fsync off: these databases live as long as a test
    local port options log=/var/lib/postgresql/server.log
    for _ in 1 2 3 4 5; do
      port=$((20000 + RANDOM % 20000))
      options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=/tmp -c fsync=off -c max_connections=200"
      if inside pg_ctl -D "$cluster" -l "$log" -o "$options" -w -t 60 start >/dev/null 2>&1; then echo "$port" >"$dir/port"; break; fi
    done
    is_running || { tail -20 "$dir$log" >&2; fail "the server did not start"; }
  fi
  echo "postgres://fototeca:$(cat "$dir/password")@127.0.0.1:$(cat "$dir/port")/postgres"
}

stop() {
  [ -e "$dir$cluster/PG_VERSION" ] && is_running || { say "is not running"; return 0; }
  inside pg_ctl -D "$cluster" -m fast -w stop >/dev/null
  say "stopped"
}

mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9
case "${1:-}" in
  start) start 9>&- ;;
  stop) stop 9>&- ;;
  *) fail "say start or stop" ;;
esac
