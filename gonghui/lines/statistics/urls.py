"""The pages of the line that no register gives."""

from __future__ import annotations

from gonghui.lines.statistics import views
from gonghui.web.urls import page

urlpatterns = [
    page("returns/<int:pk>/form.xlsx", views.form_file, "form_file", "a return as on paper"),
]
