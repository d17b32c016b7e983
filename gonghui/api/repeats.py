"""Idempotency: the same key and the same call have effect once, also in parallel and after a crash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest

from gonghui.api.models import KeptAnswer
from gonghui.base import clock
from gonghui.base.errors import Conflict

Answer = tuple[int, Any]


def once(request: HttpRequest, user_id: int, act: Callable[[], Answer]) -> Answer:
    """Do a write, or give the answer that was given when it was done under this key before.

    The answer is kept in the transaction of the write; a rival with the same key waits for it.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        with transaction.atomic():
            return act()
    call = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    with transaction.atomic():
        kept, is_new = KeptAnswer.objects.get_or_create(
            user_id=user_id, key=key[:100], defaults={"call": call, "made_at": clock.now()}
        )
        if not is_new:
            if kept.call != call:
                raise Conflict(
                    "这个Idempotency-Key已用于另一个请求，请为每个请求换一个新的。",
                    code="key_reused",
                )
            return int(kept.status or 200), kept.body
        status, body = act()
        kept.status = status
        kept.body = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
        kept.save(update_fields=["status", "body"])
        return status, body
