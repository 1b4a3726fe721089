# Read by install.sh scripts. Unpacks one of Debian's packages into a folder, without installing it, so no service is started.
unpack() { # package folder
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  echo "Unpacking $1 ..." >&2
  if [ "$(id -u)" = 0 ]; then apt-get update -qq >/dev/null || true; fi
  local download unpacked=0
  download=$(mktemp -d)
  (cd "$download" && apt-get download -qq "$1" >/dev/null && dpkg -x "$1"_*.deb "$2") || unpacked=1
  rm -rf "$download"
  return $unpacked
}
