"""The pages of money that no register gives: files down, answers up, failed payments again."""

from __future__ import annotations

from gonghui.shared.funds import audit, views
from gonghui.web.urls import page

urlpatterns = [
    page("red-flags/", audit.red_flags, "red_flags", "what is odd among the payments of a year"),
    page(
        "receipts/<int:pk>/trace/",
        audit.trace_receipt,
        "trace_receipt",
        "a record of several registers: where money went",
    ),
    page(
        "lines/<int:pk>/trace/",
        audit.trace_line,
        "trace_line",
        "a record of several registers: where money came from",
    ),
    page(
        "samples/<int:pk>/look/",
        audit.look,
        "look",
        "what stands behind a payment of a sample; each look is noted",
    ),
    page("batches/<int:pk>/bank-file/", views.bank_file, "bank_file", "the file for the bank"),
    page("batches/<int:pk>/answer/", views.bank_answer, "bank_answer", "takes the bank's answer"),
    page("batches/<int:pk>/reissue/", views.reissue, "reissue", "pays again what failed"),
]
