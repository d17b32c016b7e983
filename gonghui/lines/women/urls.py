"""The pages of the line that no register gives."""

from __future__ import annotations

from gonghui.lines.women import views
from gonghui.web.urls import page

urlpatterns = [
    page("", views.board, "board", "figures of many lines' registers that concern women"),
    page("leave/", views.leave, "leave", "counts days of leave and keeps nothing"),
]
