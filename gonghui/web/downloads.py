"""Answers that are files to keep, not pages of ours."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header


def download(content: bytes | IO[bytes], name: str, kind: str) -> HttpResponseBase:
    """The file under a name, its ending included; no cache keeps it. An open file is closed when sent."""
    response: HttpResponseBase
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=kind)
    else:
        content.seek(0)
        response = FileResponse(content, content_type=kind)
    safe = name.replace("/", "-").replace("\\", "-")
    response["Content-Disposition"] = content_disposition_header(True, safe) or "attachment"
    response["Cache-Control"] = "no-store"
    return response
