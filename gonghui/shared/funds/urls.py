"""The pages of money that no register gives: files down, answers up, failed payments again."""

from __future__ import annotations

from gonghui.shared.funds import views
from gonghui.web.urls import page

urlpatterns = [
    page("batches/<int:pk>/bank-file/", views.bank_file, "bank_file", "the file for the bank"),
    page("batches/<int:pk>/answer/", views.bank_answer, "bank_answer", "takes the bank's answer"),
    page("batches/<int:pk>/reissue/", views.reissue, "reissue", "pays again what failed"),
]
