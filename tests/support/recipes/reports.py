"""Recipes of the line reports."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.lines.reports.models import StoredDocx
from tests.support.making import recipe


@recipe("reports.version")
def version(org):
    content = b"docx"
    stored = StoredDocx.objects.create(
        content=content, sha256="0" * 64, size=len(content), stored_at=clock.now()
    )
    return {"file": stored}
