# For the scripts beside it: a small Debian 13 in a folder, for a server that the system has no package of. Read by `source`.

say() { echo "$(basename "$0" .sh): $*" >&2; }
fail() { say "$*"; exit 1; }

# make_debian FOLDER [PACKAGES, with commas]: into an empty folder. What it says goes to FOLDER’s name without .new, with .log
make_debian() {
  local target=$1 log=${1%.new}.log
  command -v apt-get >/dev/null || fail "needs apt (Debian); elsewhere give the tests a server yourself"
  if ! command -v debootstrap >/dev/null; then
    say "installing debootstrap"
    apt-get install -y --no-install-recommends debootstrap >&2 || { apt-get update >&2 && apt-get install -y --no-install-recommends debootstrap >&2; }
  fi
  # the mirror apt takes Debian's main archive from; security archives and others are of no use here
  local mirror
  mirror=$(find_mirror)
  [ -n "$mirror" ] || { apt-get update >&2; mirror=$(find_mirror); }
  [ -n "$mirror" ] || fail "apt knows no Debian archive"
  local proxy='' # debootstrap does not read apt's own setting
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  export http_proxy=${http_proxy:-$proxy}
  say "making a Debian 13 in ${target%.new} (once)"
  rm -rf "$target"
  debootstrap --variant=minbase ${2:+--include="$2"} trixie "$target" "${mirror%/}" >"$log" 2>&1 ||
    { tail -20 "$log" >&2; rm -rf "$target"; fail "debootstrap failed (all of it in $log)"; }
}

find_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT) $(LABEL)' 'Created-By: Packages' |
    awk '$2 == "Debian" && $3 == "main" && $4 == "Debian" { print $1; exit }'
}
