"""The pages of the line that no register gives."""

from __future__ import annotations

from gonghui.lines.members import views
from gonghui.web.urls import page

urlpatterns = [
    page(
        "payroll/template/",
        views.payroll_template,
        "payroll_template",
        "an empty workbook with no record in it",
    ),
    page(
        "payroll/<int:pk>/",
        views.payroll,
        "payroll",
        "holds the members of a roster check's union against a payroll that is not kept",
    ),
]
