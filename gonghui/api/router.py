"""The REST interface: made from the registers, described by OpenAPI at `/api/v1/openapi.json`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query, Router, Schema
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field

from gonghui.api.callers import Session, Token, actor_of_call
from gonghui.api.problems import of_domain_error, problem
from gonghui.api.registers import add_reading, add_writing
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import acting
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.drill import records_of
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import NOT_FOUND
from gonghui.kernel.registers.registry import all_registers


class FigureOut(Schema):
    """A number with all that says what it is; `value` is exact, ratios as fractions."""

    code: str
    name: str
    unit: str
    org: int
    period_from: date
    period_to: date
    as_of: date | None
    value: str | None
    note: str


class RecordsOut(Schema):
    """The records that make a figure; `hidden` are those the caller may not see."""

    register_key: str = Field(alias="register")
    total: int
    hidden: int
    items: list[int]


class Asked(Schema):
    """Which figure: an org's key, a period, and the day as of which it was known."""

    org: int
    period_from: date = Field(alias="from")
    period_to: date = Field(alias="to")
    as_of: date | None = None


def _figures(router: Router) -> None:
    def window(asked: Asked) -> tuple[Org, Period]:
        org = Org.objects.filter(pk=asked.org).first()
        if org is None:
            raise DomainError(NOT_FOUND, code="not_found")
        if asked.period_from > asked.period_to:
            raise DomainError("起始日期不能晚于截止日期。", field="from")
        return org, Period(asked.period_from, asked.period_to)

    @router.get("/figures/{code}/", response=FigureOut, operation_id="figure", summary="一个数字")
    def one(request: HttpRequest, code: str, asked: Query[Asked]) -> dict[str, Any]:
        with acting(actor_of_call(request)):
            org, period = window(asked)
            indicator = catalogue.indicator(code)
            found = figure(code, org, period, asked.as_of)
            return {
                "code": code,
                "name": indicator.name,
                "unit": indicator.unit,
                "org": org.pk,
                "period_from": period.start,
                "period_to": period.end,
                "as_of": asked.as_of,
                "value": None if found.value is None else str(found.value),
                "note": found.note,
            }

    @router.get(
        "/figures/{code}/records/",
        response=RecordsOut,
        by_alias=True,
        operation_id="records of a figure",
        summary="构成一个数字的记录",
    )
    def records(request: HttpRequest, code: str, asked: Query[Asked]) -> dict[str, Any]:
        with acting(actor_of_call(request)):
            org, period = window(asked)
            made = records_of(code, org, period, asked.as_of)
            seen = made.visible().order_by("pk")
            return {
                "register": made.register_key,
                "total": made.count(),
                "hidden": made.hidden_count(),
                "items": list(seen.values_list("pk", flat=True)[:10_000]),
            }


def build() -> NinjaAPI:
    """The interface of all registers declared so far."""
    api = NinjaAPI(
        title="工会业务接口",
        version="1",
        auth=[Token(), Session()],
        docs_url=None,
        urls_namespace="api",
    )
    api.add_exception_handler(DomainError, of_domain_error)  # type: ignore[arg-type]  # its stub asks for the very class
    api.add_exception_handler(
        AuthenticationError,
        lambda *_: problem(401, "请在Authorization头中给出有效的接口密钥，或先登录。"),
    )
    api.add_exception_handler(ValidationError, _of_validation)
    router = Router()
    for register in all_registers():
        if "read" in register.api:
            add_reading(register, router)
        if "write" in register.api:
            add_writing(register, router)
    _figures(router)
    api.add_router("", router)
    return api


def _of_validation(_: HttpRequest, error: Any) -> HttpResponse:
    wrong = {
        ".".join(str(part) for part in e["loc"][2:]) or "body": [e["msg"]] for e in error.errors
    }
    return problem(422, "请求内容的格式不对，见errors。", errors=wrong)
