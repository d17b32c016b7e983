"""Errors as problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed

TITLES = {
    400: "请求有误",
    401: "未登录",
    403: "没有权限",
    404: "没有找到",
    409: "有冲突",
    422: "不符合规则",
}


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """An answer that says what is wrong."""
    body = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        **more,
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json; charset=utf-8",
        json_dumps_params={"ensure_ascii": False},
    )


def of_domain_error(_: HttpRequest, error: Exception) -> HttpResponse:
    """The answer for a broken rule."""
    if not isinstance(error, DomainError):
        raise error
    status = 422
    if error.code == "not_found":
        status = 404
    elif isinstance(error, NotAllowed):
        status = 403
    elif isinstance(error, Conflict):
        status = 409
    more: dict[str, Any] = {"code": error.code}
    if error.field:
        more["field"] = error.field
    if isinstance(error, Invalid):
        more["errors"] = error.errors
    if isinstance(error, Conflict) and error.details:
        more["changed"] = {name: list(pair) for name, pair in error.details.items()}
    return problem(status, error.message, **more)
