"""What a file is, told from its content and not from its name."""

from __future__ import annotations

import io
import zipfile

from PIL import Image, ImageOps, UnidentifiedImageError

from gonghui.base.errors import DomainError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 60_000_000
LONGEST_SIDE = 2400
ACCEPTED = "可上传PDF、JPG、PNG图片，Word、Excel、WPS文档和纯文本，每个不超过20MB。"

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLE = "application/x-ole-storage"
TEXT = "text/plain"


def media_type_of(data: bytes) -> str:
    """The media type of a file's content; what is not accepted is refused with a reason."""
    if not data:
        raise DomainError("文件是空的，请重新选择。", field="file")
    if len(data) > MAX_BYTES:
        raise DomainError(
            f"文件有{len(data) / 1048576:.1f}MB，超过20MB，请压缩或分开上传。", field="file"
        )
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLE
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    return _text_kind(data)


def _office_kind(data: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except zipfile.BadZipFile:
        raise DomainError("文件已损坏，打不开，请重新保存后上传。", field="file") from None
    if any(name.endswith("vbaProject.bin") for name in names):
        raise DomainError("文件带有宏，不能上传；请另存为不带宏的文档。", field="file")
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise DomainError(f"不接受压缩包，请上传里面的文件。{ACCEPTED}", field="file")


def _text_kind(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(letter) < 32 and letter not in "\t\r\n\f" for letter in text[:4000]):
            return TEXT
    raise DomainError(f"不接受这种文件。{ACCEPTED}", field="file")


def smaller_picture(data: bytes, media_type: str) -> bytes:
    """The picture turned upright, at most 2,400 pixels long, without position or camera data."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise DomainError("图片像素过大，请缩小后上传。", field="file")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            plain = upright.convert("RGB" if media_type == JPEG else "RGBA")
            out = io.BytesIO()
            plain.save(out, "JPEG" if media_type == JPEG else "PNG", quality=85, optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        raise DomainError("图片已损坏，打不开，请重新拍摄或保存后上传。", field="file") from None
