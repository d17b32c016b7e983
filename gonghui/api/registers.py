"""The routes of one register: reading, and writing by the four verbs."""
# No postponed annotations here: the payload types are made from the models, inside functions.

from collections.abc import Callable
from typing import Any

from django.db import models
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from gonghui.api import schemas
from gonghui.api.callers import actor_of_call
from gonghui.api.repeats import once
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor, acting
from gonghui.kernel.records.labels import links_in_label
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import NOT_FOUND
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, require

PAGE = 100
WHOLE_PAGE = 500


class Do(Schema):
    """An action's fields, and a reason where it asks for one."""

    values: dict[str, Any] = Field(default_factory=dict, title="填写内容")
    reason: str = Field(default="", title="原因")
    version: int | None = Field(default=None, title="所见版本")


class Void(Schema):
    """Why a record is void."""

    reason: str = Field(title="原因")
    version: int | None = Field(default=None, title="所见版本")


def _rows(register: Register) -> models.QuerySet[Any]:
    """The records in scope with what their labels name."""
    links = links_in_label(register.model)
    rows: models.QuerySet[Any] = register.model.objects.all()
    return rows.select_related(*links) if links else rows


def _found(register: Register, pk: int) -> Any:
    record = _rows(register).filter(pk=pk).first()
    if record is None:
        raise DomainError(NOT_FOUND, code="not_found")
    return record


def _body(register: Register, actor: Actor, record: Any) -> dict[str, Any]:
    return schemas.shown(register, record, masked=masked_for(actor, register, record))


def _values(register: Register, payload: Schema) -> dict[str, Any]:
    """The values a caller gave; references come as keys and must lie within his scope."""
    given = payload.dict(exclude_unset=True)
    given.pop("version", None)
    for name, value in list(given.items()):
        field = register.model._meta.get_field(name)
        if field.is_relation and value is not None:
            manager = getattr(field.related_model, "objects")  # noqa: B009  # the model is not known here
            linked = manager.filter(pk=value).first()
            if linked is None:
                raise DomainError(f"{field.verbose_name}：{NOT_FOUND}", field=name)  # type: ignore[union-attr]  # a concrete field
            given[name] = linked
    return given


def add_reading(register: Register, router: Router) -> None:
    """List and single record."""
    path = f"/{register.key}/"
    shown = schemas.read(register)
    page = schemas.listed(register, shown)

    @router.get(
        path,
        response=page,
        operation_id=f"list {register.key}",
        summary=f"{register.title}：列表",
    )
    def listed(
        request: HttpRequest, after: int | None = None, limit: int = PAGE, state: str = ""
    ) -> dict[str, Any]:
        actor = actor_of_call(request)
        with acting(actor):
            require(actor, "view", register)
            rows = _rows(register).filter(voided_at=None).order_by("-pk")
            rows = rows.filter(pk__lt=after) if after else rows
            rows = rows.filter(state=state) if state else rows
            size = max(1, min(limit, WHOLE_PAGE))
            found = list(rows[: size + 1])
            more = found[size - 1].pk if len(found) > size else None
            return {"items": [_body(register, actor, r) for r in found[:size]], "next": more}

    @router.get(
        f"{path}{{int:pk}}/",
        response=shown,
        operation_id=f"read {register.key}",
        summary=f"{register.title}：一条记录",
    )
    def one(request: HttpRequest, pk: int) -> dict[str, Any]:
        actor = actor_of_call(request)
        with acting(actor):
            require(actor, "view", register)
            return _body(register, actor, _found(register, pk))


def add_writing(register: Register, router: Router) -> None:
    """The four verbs."""
    path = f"/{register.key}/"
    shown = schemas.read(register)
    new, changed = (schemas.written(register, partial=p) for p in (False, True))
    answer = {200: shown, 201: shown}

    def writes(request: HttpRequest, status: int, act: Callable[[Actor], Any]) -> Any:
        actor = actor_of_call(request)
        with acting(actor):
            code, body = once(
                request,
                int(actor.user_id or 0),
                lambda: (status, _body(register, actor, act(actor))),
            )
            return Status(code, body)

    @router.post(
        path,
        response=answer,
        operation_id=f"create {register.key}",
        summary=f"{register.title}：登记",
    )
    def create(request: HttpRequest, payload: new) -> Any:  # type: ignore[valid-type]  # made from the model
        return writes(
            request,
            201,
            lambda actor: write.create(register.model, by=actor, **_values(register, payload)),
        )

    @router.patch(
        f"{path}{{int:pk}}/",
        response=answer,
        operation_id=f"change {register.key}",
        summary=f"{register.title}：修改",
    )
    def change(request: HttpRequest, pk: int, payload: changed) -> Any:  # type: ignore[valid-type]  # made from the model
        return writes(
            request,
            200,
            lambda actor: write.change(
                _found(register, pk),
                by=actor,
                version=getattr(payload, "version", None),
                **_values(register, payload),
            ),
        )

    @router.post(
        f"{path}{{int:pk}}/void/",
        response=answer,
        operation_id=f"void {register.key}",
        summary=f"{register.title}：作废",
    )
    def void(request: HttpRequest, pk: int, payload: Void) -> Any:
        return writes(
            request,
            200,
            lambda actor: write.void(
                _found(register, pk), by=actor, reason=payload.reason, version=payload.version
            ),
        )

    if register.workflow is None:
        return

    @router.post(
        f"{path}{{int:pk}}/actions/{{str:action}}/",
        response=answer,
        operation_id=f"act on {register.key}",
        summary=f"{register.title}：办理",
    )
    def do(request: HttpRequest, pk: int, action: str, payload: Do) -> Any:
        return writes(
            request,
            200,
            lambda actor: write.perform(
                _found(register, pk),
                action,
                by=actor,
                reason=payload.reason,
                version=payload.version,
                **payload.values,
            ),
        )
