"""The second factor: a six-digit code from the user's telephone (TOTP, RFC 6238)."""

from __future__ import annotations

from base64 import b32encode
from binascii import unhexlify
from typing import Any

import qrcode
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from gonghui.kernel.accounts.models import User
from gonghui.web import signs
from gonghui.web.requests import for_login, user_of
from gonghui.web.views.login import next_address

NAME = "手机动态口令"


class CodeForm(forms.Form):
    """The code that the telephone shows now."""

    code = forms.RegexField(
        r"^\s*[0-9]{6}\s*$",
        label="6位动态口令",
        error_messages={"required": "请填写动态口令。", "invalid": "动态口令是6位数字。"},
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "maxlength": 6,
            }
        ),
    )


@for_login
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Binds a telephone the first time, afterwards asks for its code."""
    user = user_of(request)
    device = _device(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"].strip()):
            return _passed(request, user, device)
        signs.note(request, "second_factor_failed", user)
        form.add_error(
            "code", "动态口令不对或已过期，请用手机上最新的6位数字；多次输错须稍等再试。"
        )
    context: dict[str, Any] = {
        "form": form,
        "next": next_address(request),
        "is_new": not device.confirmed,
    }
    if not device.confirmed:
        context["secret"] = b32encode(unhexlify(device.key)).decode()
        context["qr_path"], context["qr_size"] = _qr(device.config_url)
    return render(request, "web/second_factor.html", context)


def _device(user: User) -> TOTPDevice:
    """The telephone that is bound, otherwise the one being bound."""
    bound = TOTPDevice.objects.filter(user=user).order_by("-confirmed", "pk").first()
    return bound or TOTPDevice.objects.create(user=user, name=NAME, confirmed=False)


def _passed(request: HttpRequest, user: User, device: TOTPDevice) -> HttpResponse:
    if not device.confirmed:
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        signs.note(request, "second_factor_enrolled", user)
    otp_login(request, device)
    signs.note(request, "second_factor_passed", user)
    return redirect(next_address(request))


def _qr(text: str) -> tuple[str, int]:
    """The black squares of a QR code as the path of an SVG, and its width in squares."""
    code = qrcode.QRCode(border=2)
    code.add_data(text)
    matrix = code.get_matrix()
    squares = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, black in enumerate(row) if black
    ]
    return "".join(squares), len(matrix)
