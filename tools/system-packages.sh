#!/bin/sh
# Installs the Debian packages named as arguments, those that are missing; does nothing when all are there.
set -eu

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian; see to it that these are installed: $*" >&2
    exit 0
fi

missing=
for package in "$@"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "These Debian packages are missing:$missing" >&2
    echo "You are not root and there is no sudo. As root run: apt-get install$missing" >&2
    exit 2
fi

echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
