#!/bin/sh
# Sees to it that Debian packages are installed: installs the missing ones as root or through
# a sudo that asks for no password, otherwise says what to install and fails.
set -eu
missing=
for package in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=none
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null; then
    echo "缺少系统软件包：$missing" >&2
    echo "请先安装（Debian）：sudo apt-get install$missing" >&2
    exit 1
fi

echo "正在安装系统软件包：$missing" >&2
install() {
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends $missing >&2
}
# A machine that never ran `update` knows no packages, one that did long ago knows vanished ones.
install || { $as_root apt-get update -qq >&2 && install; }
