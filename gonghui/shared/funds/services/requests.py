"""How a line of work asks for money: it opens a batch and adds payments; funds does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Employer, Household, Person
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, create_many
from gonghui.shared.funds.models import BatchForm, Fund, PayBatch, PayeeAccount, PayLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """One payment that a line of work asks for.

    `source` is the record that is paid, and is paid once (per `source_seq`); `ref` is the number
    that the programme's key needs, such as a school year. Amounts are yuan.
    """

    payee: Person | Employer
    amount: Decimal
    source: Any = None
    source_seq: int = 1
    beneficiary: Person | None = None
    household: Household | None = None
    account: PayeeAccount | None = None
    ref: str = ""
    goods: str = ""
    quantity: int | None = None
    identity_class: str = ""
    is_model_worker: bool = False
    is_migrant: bool = False
    remark: str = ""

    def values(self, batch: PayBatch) -> dict[str, Any]:
        """The columns of the line."""
        owner = "person" if isinstance(self.payee, Person) else "employer"
        return {
            "batch": batch,
            owner: self.payee,
            "amount": self.amount,
            "source_model": register_of(self.source).key if self.source is not None else "",
            "source_id": self.source.pk if self.source is not None else None,
            "source_seq": self.source_seq,
            "beneficiary": self.beneficiary,
            "household": self.household,
            "account": self.account,
            "ref": self.ref,
            "goods": self.goods,
            "quantity": self.quantity,
            "identity_class": self.identity_class,
            "is_model_worker": self.is_model_worker,
            "is_migrant": self.is_migrant,
            "remark": self.remark,
        }


def open_batch(
    *,
    org: Org,
    fund: Fund,
    programme: str,
    title: str,
    by: Actor,
    campaign: str = "",
    form: str = BatchForm.BANK,
) -> PayBatch:
    """A new batch in draft."""
    return create(
        PayBatch,
        by=by,
        org=org,
        fund=fund,
        programme_code=programme,
        campaign_code=campaign,
        title=title,
        form=form,
        opened_on=clock.today(),
    )


def batch_in_preparation(fund: Fund, programme: str, title: str, *, by: Actor) -> PayBatch:
    """The draft batch that the actor is preparing from a fund for a programme, or a new one."""
    rows = PayBatch.objects.filter(
        fund=fund,
        programme_code=programme,
        campaign_code="",
        state="draft",
        created_by=by.user_id,
        voided_at=None,
    )
    found: PayBatch | None = rows.order_by("-pk").first()
    if found is not None:
        return found
    return open_batch(org=fund.org, fund=fund, programme=programme, title=title, by=by)


def add_lines(batch: PayBatch, requests: Sequence[PaymentRequest], *, by: Actor) -> list[Outcome]:
    """Add payments to a draft batch; one outcome per request, in order."""
    return create_many(PayLine, [request.values(batch) for request in requests], by=by)
