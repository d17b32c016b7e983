"""Pages for what went wrong; they say what happened and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.web import logs
from gonghui.web.requests import open_to_all


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    context = {"title": title, "message": message, "request_number": ""}
    return render(request, "web/error.html", context, status=status)


@open_to_all
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same page for what does not exist and for what exists outside the caller's scope."""
    return _page(
        request,
        404,
        "没有找到",
        "您要看的内容不存在，或者不在您的工作范围内。请核对地址，或从菜单重新进入。",
    )


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A rule that was broken, in its own words."""
    if isinstance(error, NotAllowed):
        return _page(request, 403, "没有权限", error.message)
    if isinstance(error, Conflict):
        return _page(request, 409, "与他人的操作冲突", error.message)
    return _page(request, 400, "不能办理", error.message)


@open_to_all
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened too long ago, or comes from somewhere else."""
    return _page(
        request,
        403,
        "页面已过期",
        "页面打开时间过长，或登录状态已变化，本次提交未被接受。请返回上一页刷新后重新提交。",
    )


@open_to_all
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The browser sent something that no page of ours sends."""
    return _page(request, 400, "请求有误", "浏览器发来的内容无法识别。请返回上一页重试。")


@open_to_all
def broken(request: HttpRequest) -> HttpResponse:
    """A bug; the number finds its log lines. The page asks the database nothing."""
    context: dict[str, Any] = {
        "actor": None,
        "messages": [],
        "title": "系统出错",
        "message": "系统遇到意外错误，本次操作没有保存。请稍后重试；若反复出现，请把下面的编号告诉系统管理员。",
        "request_number": logs.request_id.get(),
    }
    return HttpResponse(render_to_string("web/error.html", context), status=500)
