"""Puts the browser's files, taken out of their carrier packages, below build/static/v.

Usage: assets.py CARRIERS STATIC, both folders. The names below `v/` are ours and stay the same
whatever the packages call their files. Source maps are not carried along, so the comments that
name them go: a static files storage that follows references would look for them in vain.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

VENDOR = "jazzy_tabler/static/vendor"
ECHARTS = "nicegui/elements/echart/dist"
FILES = {
    f"{VENDOR}/tabler/css/tabler.min.css": "tabler/tabler.min.css",
    f"{VENDOR}/tabler/js/tabler.min.js": "tabler/tabler.min.js",
    f"{VENDOR}/fontawesome-free/css/all.min.css": "icons/css/all.min.css",
    f"{VENDOR}/fontawesome-free/webfonts/fa-solid-900.woff2": "icons/webfonts/fa-solid-900.woff2",
    f"{VENDOR}/fontawesome-free/webfonts/fa-regular-400.woff2": (
        "icons/webfonts/fa-regular-400.woff2"
    ),
    f"{VENDOR}/fontawesome-free/webfonts/fa-brands-400.woff2": "icons/webfonts/fa-brands-400.woff2",
    f"{VENDOR}/fontawesome-free/webfonts/fa-v4compatibility.woff2": (
        "icons/webfonts/fa-v4compatibility.woff2"
    ),
    f"{ECHARTS}/index.js": "echarts/index.js",
}
SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*\Z")
TRUETYPE = re.compile(rb',url\([^)]+\.ttf\) format\("truetype"\)')
SIBLING = re.compile(r'from"\./([\w.-]+\.js)"')


def publish(source: Path, target: Path) -> None:
    """Copy one file, without references to files that are not copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if source.suffix in {".css", ".js"}:
        content = TRUETYPE.sub(b"", SOURCE_MAP.sub(b"\n", content))
    target.write_bytes(content)


def main(carriers: Path, static: Path) -> None:
    """Publish every file afresh, and the module that ECharts' entry imports."""
    shutil.rmtree(static / "v", ignore_errors=True)
    for source, target in FILES.items():
        publish(carriers / source, static / "v" / target)
    entry = (carriers / ECHARTS / "index.js").read_text("utf-8")
    for sibling in SIBLING.findall(entry):
        publish(carriers / ECHARTS / sibling, static / "v/echarts" / sibling)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
