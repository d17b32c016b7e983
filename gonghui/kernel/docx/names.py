"""The XML names of WordprocessingML that this package uses."""

from __future__ import annotations

from typing import Final, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element

__all__ = [
    "MC",
    "RELS",
    "TYPES",
    "W15",
    "XML_SPACE",
    "Element",
    "W",
    "etree",
    "new",
    "w",
    "with_prefix",
]

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W15: Final = "http://schemas.microsoft.com/office/word/2012/wordml"
MC: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def w(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def new(name: str, *children: Element, **attributes: str) -> Element:
    """A fresh WordprocessingML element; attribute names are given without their namespace."""
    element = etree.Element(w(name), nsmap={"w": W})
    for key, value in attributes.items():
        element.set(w(key), value)
    element.extend(children)
    return element


def with_prefix(root: Element, prefix: str, uri: str) -> Element:
    """The same root with a namespace declared and marked as ignorable by older programs.

    The old root is emptied; use what is returned.
    """
    known = root.nsmap
    ignorable = (root.get(f"{{{MC}}}Ignorable") or "").split()
    if known.get(prefix) == uri and prefix in ignorable:
        return root
    wanted = {**known, "mc": MC, prefix: uri}
    fresh = etree.Element(root.tag, attrib=dict(root.attrib), nsmap=wanted)
    fresh.text = root.text
    fresh.extend(list(root))
    fresh.set(f"{{{MC}}}Ignorable", " ".join(dict.fromkeys([*ignorable, prefix])))
    return fresh
