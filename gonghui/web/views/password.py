"""Changing one's own password, also because it was given by an administrator."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import password_validation, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gonghui.kernel.accounts.models import User
from gonghui.web import signs
from gonghui.web.requests import for_login, user_of


def _secret(label: str, autocomplete: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        help_text=hint,
        error_messages={"required": f"请填写{label}。"},
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": autocomplete}),
    )


class PasswordForm(forms.Form):
    """The old password once, the new one twice."""

    old = _secret("原口令", "current-password")
    new = _secret(
        "新口令", "new-password", "至少10位，不能全是数字，不要用姓名、手机号或常见口令。"
    )
    again = _secret("再输一次新口令", "new-password")

    def __init__(self, user: User, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.user = user

    def clean_old(self) -> str:
        """The old password must be right."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError("原口令不正确。")
        return old

    def clean_new(self) -> str:
        """The new one must be strong."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new

    def clean(self) -> None:
        """It must be new and typed alike twice."""
        new = self.cleaned_data.get("new")
        if new and new == self.cleaned_data.get("old"):
            self.add_error("new", "新口令不能与原口令相同。")
        if new and "again" in self.cleaned_data and new != self.cleaned_data["again"]:
            self.add_error("again", "两次输入的新口令不一致。")


@for_login
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The user's own password."""
    user = user_of(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["new"])
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        update_session_auth_hash(request, user)
        signs.note(request, "password_changed", user)
        messages.success(request, "口令已修改。")
        return redirect("web:home")
    context = {"form": form, "is_forced": user.must_change_password}
    return render(request, "web/password.html", context)
