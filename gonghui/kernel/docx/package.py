"""A docx file as its parts, opened only if nothing in it can do harm."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from gonghui.base.errors import DomainError

from .names import RELS, TYPES, Element, W, etree

MAX_FILE: Final = 20 * 1024 * 1024
MAX_UNPACKED: Final = 200 * 1024 * 1024
MAX_XML_PART: Final = 50 * 1024 * 1024
MAX_PARTS: Final = 3_000
MAX_RATIO: Final = 300  # real documents stay below 60; blank-filled XML reaches 1,000
RATIO_FROM: Final = 4 * 1024 * 1024

_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_MAIN_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ACTIVE: Final = ("vbaproject", "vbadata", "activex", "/embeddings/oleobject")


def parse_xml(data: bytes, name: str) -> Element:
    """The root of an XML part; document types and entities are refused."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        raise DomainError(
            f"文件已损坏：“{name}”无法读取。请用 Word 或 WPS 打开后另存为 .docx 再上传。",
            code="broken",
        ) from broken
    if root.getroottree().docinfo.doctype:
        raise _doctype(name)
    return root


def _doctype(name: str) -> DomainError:
    return DomainError(
        f"文件“{name}”中含有文档类型或实体声明（DOCTYPE/ENTITY），存在安全风险，已拒绝。"
        "请用 Word 或 WPS 新建文档、粘贴文字后再上传。",
        code="doctype",
    )


@dataclass(slots=True)
class Package:
    """The parts of one docx; `part` gives an XML part that `save` writes back."""

    files: dict[str, bytes]
    _open: dict[str, Element] = field(default_factory=dict)

    def part(self, name: str) -> Element:
        """The root element of an XML part, parsed once."""
        if name not in self._open:
            self._open[name] = parse_xml(self.files[name], name)
        return self._open[name]

    def replace(self, name: str, root: Element) -> None:
        """Put another root in place of a part, or add a part."""
        self._open[name] = root
        self.files.setdefault(name, b"")

    def rels_name(self, part: str) -> str:
        """The name of the part that holds a part's relations."""
        folder, base = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{base}.rels")

    def related(self, part: str, kind: str) -> list[str]:
        """The names of the parts that a part refers to by a kind such as `header`."""
        rels = self.rels_name(part)
        if rels not in self.files:
            return []
        found = []
        for relation in self.part(rels).iter(f"{{{RELS}}}Relationship"):
            target = _target(part, relation.get("Target", ""))
            if relation.get("Type") == _REL + kind and target in self.files:
                found.append(target)
        return found

    @property
    def main(self) -> str:
        """The name of the part with the body."""
        found = self.related("", "officeDocument")
        if not found:
            raise DomainError(
                "这不是 Word 文档：文件中没有正文。请上传 .docx 文件。", code="not_docx"
            )
        return found[0]

    def add_part(self, name: str, root: Element, kind: str, content_type: str) -> str:
        """Add a part that the body refers to; the id by which it does."""
        self.replace(name, root)
        types = self.part("[Content_Types].xml")
        etree.SubElement(
            types, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=content_type
        )
        rels_name = self.rels_name(self.main)
        if rels_name not in self.files:
            self.replace(rels_name, etree.Element(f"{{{RELS}}}Relationships", nsmap={None: RELS}))
        rels = self.part(rels_name)
        used = {relation.get("Id") for relation in rels}
        identity = next(i for i in (f"rId{n}" for n in range(1, len(used) + 2)) if i not in used)
        target = posixpath.relpath(name, posixpath.dirname(self.main))
        etree.SubElement(
            rels, f"{{{RELS}}}Relationship", Id=identity, Type=_REL + kind, Target=target
        )
        return identity

    def save(self) -> bytes:
        """The docx with every part as it stands now."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                root = self._open.get(name)
                archive.writestr(name, data if root is None else _serialised(root))
        return out.getvalue()


def _serialised(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _target(part: str, target: str) -> str:
    path = unquote(target)
    if path.startswith("/"):
        return path[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), path))


def open_docx(data: bytes) -> Package:
    """The parts of a docx; a file that is too big, broken, or could do harm is a DomainError."""
    if len(data) > MAX_FILE:
        raise DomainError(
            f"文件大小 {len(data) / 1048576:.1f} MB，超过 20 MB。请压缩其中的图片后再上传。",
            code="too_big",
        )
    if data.startswith(_OLE):
        raise DomainError(
            "这是旧版 .doc 文件或加了密码的文件。请去掉密码并另存为 .docx 后再上传。", code="ole"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            package = Package(dict(_unpacked(archive)))
    # Of an unknown compression or an encrypted part zipfile complains by a RuntimeError.
    except (zipfile.BadZipFile, EOFError, RuntimeError, ValueError) as broken:
        raise DomainError(
            "文件已损坏或不是 .docx 文件，无法打开。请重新保存后再上传。", code="broken"
        ) from broken
    _refuse_harm(package)
    return package


def _unpacked(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MAX_PARTS or len(names) != len(entries):
        raise DomainError(
            "文件内部结构异常（部件过多或重名），已拒绝。请另存为新文件后再上传。", code="bomb"
        )
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _bomb()
    for entry in entries:
        yield entry.filename, _content(archive, entry)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name:
        raise DomainError("文件内部路径异常，已拒绝。请另存为新文件后再上传。", code="bad_path")
    if entry.flag_bits & 1:
        raise DomainError("文件加了密码，无法读取。请去掉密码后再上传。", code="encrypted")
    is_xml = name.lower().endswith((".xml", ".rels"))
    swollen = entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * max(
        entry.compress_size, 1
    )
    if swollen or (is_xml and entry.file_size > MAX_XML_PART):
        raise _bomb()
    # zipfile never hands over more than the declared size and then checks the sum.
    return archive.read(entry)


def _bomb() -> DomainError:
    return DomainError(
        "文件解压后过大（超过 200 MB 或压缩比异常），已拒绝。请删去多余内容后再上传。", code="bomb"
    )


def _refuse_harm(package: Package) -> None:
    for name, data in package.files.items():
        if any(word in f"/{name.lower()}" for word in _ACTIVE):
            raise DomainError(
                "文件含有宏或嵌入的程序，已拒绝。请另存为不含宏的 .docx 后再上传。", code="macro"
            )
        if name.lower().endswith((".xml", ".rels")):
            _refuse_declarations(name, data)
    if "[Content_Types].xml" not in package.files or "_rels/.rels" not in package.files:
        raise DomainError("这不是 Word 文档。请上传 .docx 文件。", code="not_docx")
    _refuse_other_types(package)
    for name in list(package.files):
        if name.lower().endswith(".rels"):
            _refuse_external(package.part(name))
    if package.part(package.main).tag != f"{{{W}}}document":
        raise DomainError(
            "文档格式不受支持（可能是“严格 Open XML”）。请另存为普通的 .docx 后再上传。",
            code="not_docx",
        )


def _refuse_declarations(name: str, data: bytes) -> None:
    for word in ("<!DOCTYPE", "<!ENTITY"):
        if any(word.encode(code) in data for code in ("ascii", "utf-16-le", "utf-16-be")):
            raise _doctype(name)


def _refuse_other_types(package: Package) -> None:
    main = f"/{package.main}"
    for override in package.part("[Content_Types].xml"):
        kind = override.get("ContentType", "")
        if "macroenabled" in kind.lower() or "vbaproject" in kind.lower():
            raise DomainError("文件含有宏，已拒绝。请另存为不含宏的 .docx 后再上传。", code="macro")
        if override.get("PartName") == main and kind != _MAIN_TYPE:
            raise DomainError("这不是普通的 Word 文档。请另存为 .docx 后再上传。", code="not_docx")


def _refuse_external(rels: Element) -> None:
    for relation in rels.iter(f"{{{RELS}}}Relationship"):
        if (relation.get("TargetMode") or "").lower() == "external":
            raise DomainError(
                f"文件引用了外部内容“{relation.get('Target', '')[:80]}”，已拒绝。"
                "请取消超链接、断开链接的图片或模板后再上传。",
                code="external",
            )
