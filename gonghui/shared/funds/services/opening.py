"""What a batch must say when it is opened."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.shared.campaigns.services import campaign_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayLine
from gonghui.shared.funds.models.template import Direction


def check(batch: Any) -> None:
    """A batch spends from a fund of its own office, for a programme and, if its key needs one, a campaign."""
    programme = programmes.programme_of(batch.programme_code)
    if batch.campaign_code:
        campaign_of(batch.campaign_code)
    elif "{campaign}" in programme.key:
        raise DomainError("该项目须选择专项活动。", field="campaign_code")
    if batch.fund.org_id != batch.org_id:
        raise DomainError(f"“{batch.fund}”不是{batch.org}的资金账，请先办理下拨。", field="fund")
    template = batch.bank_template
    if template is not None and template.direction != Direction.OUT:
        raise DomainError("请选择代发文件的模板。", field="bank_template")
    _check_kept(batch)


def _check_kept(batch: Any) -> None:
    """What the lines copied from their batch does not change under them."""
    if batch.pk is None:
        return
    lines = PayLine.objects.filter(batch=batch, voided_at=None)
    copied = lines.exclude(
        programme_code=batch.programme_code,
        campaign_code=batch.campaign_code,
        fund_id=batch.fund_id,
    )
    if copied.exists():
        raise Conflict("批次已有明细，不能再改项目、活动或资金账。")
