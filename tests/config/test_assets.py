from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "build/static/v"


def inside_package(package: str, path: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / path


@pytest.mark.parametrize(
    ("path", "version"),
    [
        (STATIC / "tabler/tabler.min.css", "Tabler v1.4.0"),
        (STATIC / "tabler/tabler.min.js", "Tabler v1.4.0"),
        (STATIC / "icons/css/all.min.css", "Font Awesome Free 6.5.2"),
        (
            inside_package("django_htmx", "static/django_htmx/htmx-2.min.js"),
            'version:"2.0.10"',
        ),
        (inside_package("axe_playwright_python", "axe.min.js"), "axe v4.12.1"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_an_asset_has_the_version_we_know(path: Path, version: str) -> None:
    assert version in path.read_text("utf-8")


def test_echarts_is_a_module_that_exports_echarts_and_has_what_it_imports() -> None:
    entry = (STATIC / "echarts/index.js").read_text("utf-8")
    assert re.search(r"export\{\w+ as echarts\b", entry)
    siblings = re.findall(r'from"\./([\w.-]+)"', entry)
    assert len(siblings) == 1
    assert '"6.1.0"' in (STATIC / "echarts" / siblings[0]).read_text("utf-8")


def test_the_icons_style_sheet_names_only_fonts_that_exist() -> None:
    sheet = STATIC / "icons/css/all.min.css"
    fonts = set(re.findall(r"url\(([^)]+)\)", sheet.read_text("utf-8")))
    assert {Path(font).name for font in fonts} == {
        "fa-brands-400.woff2",
        "fa-regular-400.woff2",
        "fa-solid-900.woff2",
        "fa-v4compatibility.woff2",
    }
    assert [font for font in fonts if not (sheet.parent / font).is_file()] == []


def test_no_asset_names_a_source_map() -> None:
    texts = [path for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}]
    assert len(texts) == 5
    assert [path.name for path in texts if b"sourceMappingURL" in path.read_bytes()] == []
