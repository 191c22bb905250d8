#!/usr/bin/env bash
# A maintained S3 server for the tests: OpenStack Swift with s3api, in a small Debian 13 beside the system (debootstrap and apt, once, two
# minutes), its four servers on loopback ports.
#   scripts/s3-for-tests.sh start   makes it if needed, starts it, prints its URL with the keys (for FOTOTECA_TEST_S3)
#   scripts/s3-for-tests.sh stop    stops it, and forgets what was put there; the folder is kept for the next time
# The folder is $FOTOTECA_S3_DIR, else /var/tmp/fototeca-s3. Needs root, apt and the mirror that apt uses.
set -euo pipefail

dir=${FOTOTECA_S3_DIR:-/var/tmp/fototeca-s3}
work=/srv/fototeca # inside the chroot
kinds=(account container object proxy)

source "$(dirname "$0")/debian-for-tests.sh"
[ "$(id -u)" = 0 ] || fail "needs root (chroot, debootstrap); without it set FOTOTECA_TEST_S3 to a server yourself (http://key:secret@host)"

# apt does what debootstrap cannot: it chooses among packages
make_swift() {
  make_debian "$dir.new"
  cp /etc/resolv.conf "$dir.new/etc/resolv.conf"
  say "installing Swift"
  chroot "$dir.new" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
    apt-get install -y --no-install-recommends swift-proxy swift-account swift-container swift-object >>"$dir.log" 2>&1 ||
    { tail -20 "$dir.log" >&2; rm -rf "$dir.new"; fail "apt failed (all of it in $dir.log)"; }
  rm -rf "$dir.new/var/cache/apt/archives"/*.deb
  mv "$dir.new" "$dir"
}

pids() { for kind in "${kinds[@]}"; do [ -e "$dir$work/$kind.pid" ] && cat "$dir$work/$kind.pid"; done; true; }
# an id may be another program’s by now
is_ours() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -q "swift-.* $work/"; }

configure() {
  local first=$1 i=0 kind
  printf '[swift-hash]\nswift_hash_path_suffix = fototeca\n[storage-policy:0]\nname = one\ndefault = yes\n' >"$dir/etc/swift/swift.conf"
  for kind in account container object; do
    i=$((i + 1))
    cat >"$dir$work/$kind.conf" <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $((first + i))
swift_dir = $work
devices = $work/node
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
workers = 0
[pipeline:main]
pipeline = $kind-server
[app:$kind-server]
use = egg:swift#$kind
X
    chroot "$dir" sh -c "cd $work && rm -f $kind.builder $kind.ring.gz && swift-ring-builder $kind.builder create 4 1 0 &&
      swift-ring-builder $kind.builder add r1z1-127.0.0.1:$((first + i))/disk 1 && swift-ring-builder $kind.builder rebalance" >>"$dir.log" 2>&1 || true # it warns by its exit code
  done
  # one try at a time may fail where other tests have all cores: no server is left out for that
  cat >"$dir$work/proxy.conf" <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $first
swift_dir = $work
workers = 0
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_limit = 100000
node_timeout = 60
conn_timeout = 10
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:healthcheck]
use = egg:swift#healthcheck
[filter:cache]
use = egg:swift#memcache
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = $(cat "$dir/secret") .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
X
}

all_run() { local pid; for pid in $(pids); do is_ours "$pid" || return 1; done; }
answers() { curl -sf -o /dev/null "http://127.0.0.1:$1/healthcheck"; }

start() {
  if [ -e "$dir" ]; then [ "$(stat -c %u "$dir")" = 0 ] || fail "$dir belongs to someone else; choose another with FOTOTECA_S3_DIR"; else make_swift; fi
  if ! { [ -e "$dir/port" ] && answers "$(cat "$dir/port")"; }; then
    stop >/dev/null 2>&1
    mkdir -p "$dir$work/node/disk"
    [ -e "$dir/secret" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=' >"$dir/secret"
    chmod 600 "$dir/secret"
    # the object server links files by their names in /proc
    mountpoint -q "$dir/proc" || mount -t proc proc "$dir/proc" || fail "cannot mount /proc in $dir; set FOTOTECA_TEST_S3 to a server yourself"
    mkdir -p "$dir/dev/shm" && chmod 1777 "$dir/dev/shm" # for its semaphores
    local port=$((20000 + RANDOM % 20000)) kind
    configure "$port"
    chroot "$dir" chown -R swift:swift "$work"
    for kind in "${kinds[@]}"; do
      setsid chroot --userspec=swift:swift "$dir" "/usr/bin/swift-$kind-server" "$work/$kind.conf" </dev/null >"$dir.$kind.log" 2>&1 &
      echo $! >"$dir$work/$kind.pid"
    done
    for _ in $(seq 120); do answers "$port" && break; sleep 0.5; done
    all_run && answers "$port" || { cat "$dir".*.log | tail -20 >&2; stop; fail "the server did not start"; }
    echo "$port" >"$dir/port"
  fi
  echo "http://test%3Atester:$(cat "$dir/secret")@127.0.0.1:$(cat "$dir/port")"
}

stop() {
  local pid
  for pid in $(pids); do if is_ours "$pid"; then kill "$pid" 2>/dev/null || true; fi; done
  for pid in $(pids); do while is_ours "$pid"; do sleep 0.1; done; done
  mountpoint -q "$dir/proc" && umount "$dir/proc"
  rm -rf "$dir$work" "$dir/port"
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
