"""Products and versions: a product has a fund of its own, a published version stays as it is."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.lines.mutual.models import GroupPolicy, MutualProduct, ProductVersion
from gonghui.shared.funds.models import FundKind

KIND = "互助保障（专户）"


def check_fund(product: MutualProduct) -> None:
    """The money of mutual protection is kept apart, in an account of its own."""
    if product.fund.kind != FundKind.MUTUAL:
        raise DomainError(f"“{product.fund}”不是{KIND}资金账，不能用于互助产品。", field="fund")


def check_unused(version: ProductVersion) -> None:
    """A version that somebody joined stays as it is; new rules are a new version."""
    if GroupPolicy.objects.filter(product_version=version, voided_at=None).exists():
        raise Conflict("已有单位按本版本参保，规则不能再改；请停用本版本，另行发布新版本。")


def check_no_policies(product: Any) -> None:
    """A product with policies is not voided."""
    if GroupPolicy.objects.filter(product=product, voided_at=None).exists():
        raise Conflict("已有单位参加本产品，不能作废；请停用其版本。")


def wrong_parts(rows: list[Any]) -> dict[int, DomainError]:
    """Illnesses and clauses are written while their version is a draft; by position."""
    versions = ProductVersion.objects.in_bulk({row.product_version_id for row in rows})
    told = Conflict(
        "版本已发布，病种和给付规则不能再改；请另行发布新版本。", field="product_version"
    )
    return {
        at: told for at, row in enumerate(rows) if versions[row.product_version_id].state != "draft"
    }


def check_part_is_open(row: Any) -> None:
    """Clauses of a published version stay."""
    if row.product_version.state != "draft":
        raise Conflict("版本已发布，病种和给付规则不能作废。")
