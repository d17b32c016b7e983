"""What valid records of the reports need beyond their fields."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.orgs.models import Org
from gonghui.lines.reports.filling import store
from tests.support.making import recipe


@recipe("reports.version")
def version(org: Org) -> dict[str, Any]:
    return {"file": store(b"docx", SYSTEM)}
