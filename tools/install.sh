#!/bin/sh
# Makes .venv if need be and installs one lock into it, or with --carriers into a folder:
#     tools/install.sh requirements.lock
#     tools/install.sh assets.lock --carriers build/carriers
# Runs in the project's folder. Uses uv where there is one, otherwise pip; the hashes in the
# lock are checked either way. WHEELS=folder installs from a folder of wheels, without network.
set -eu
lock=$1
carriers=${3:-}
venv_python=.venv/bin/python

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13}; do
        if suits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "找不到 Python 3.11 或更新的版本。" \
        "请先安装（Debian 12）：sudo apt-get install python3 python3-venv" \
        "或指明解释器：make PYTHON=/path/to/python3.11 …"
}

has_pip() { "$1" -m pip --python "$1" --version >/dev/null 2>&1; }

make_venv() {
    rm -rf .venv
    python=$(find_python)
    if command -v uv >/dev/null; then
        uv venv -q --python "$python" .venv
    elif has_pip "$python"; then
        "$python" -m venv --without-pip .venv
    else
        "$python" -c 'import ensurepip, venv' 2>/dev/null || tools/debian.sh python3-venv
        "$python" -m venv .venv || fail "无法建立虚拟环境，请安装 python3-venv。"
    fi
}

add_project() {
    # Both ways of finding the project are relative, so the folder may be moved afterwards.
    site=$("$venv_python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo '../../../..' >"$site/gonghui.pth"
    cat >.venv/bin/gonghui <<'LAUNCHER'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -c '
import sys
from gonghui.config.command_line import main
sys.argv[0] = "gonghui"
sys.exit(main())' "$@"
LAUNCHER
    chmod 755 .venv/bin/gonghui
}

suits "$venv_python" || make_venv
[ -x .venv/bin/gonghui ] || add_project

set -- --no-deps --require-hashes -r "$lock"
[ -z "$carriers" ] || set -- --target "$carriers" "$@"
[ -z "${WHEELS:-}" ] || set -- --no-index --find-links "$WHEELS" "$@"
if command -v uv >/dev/null; then
    uv pip install -q --python "$venv_python" "$@"
    exit
fi
set -- install -qq --disable-pip-version-check --no-warn-script-location "$@"
[ -z "$carriers" ] || set -- "$@" --no-compile --upgrade
if "$venv_python" -m pip --version >/dev/null 2>&1; then
    "$venv_python" -m pip "$@"
else
    "$(find_python)" -m pip --python "$venv_python" "$@"
fi
