"""The pages of targets that no register gives: the board, the plan table, splitting a target."""

from __future__ import annotations

from gonghui.lines.goals import board, views
from gonghui.web.urls import page

urlpatterns = [
    page("board/", board.board, "board", "all targets of a year with their lights"),
    page("progress/", views.plan_table, "progress", "targets of all books with what was reached"),
    page("assessment/", views.own_assessment, "own_assessment", "how one's own unit is assessed"),
    page("targets/<int:pk>/split/", views.split, "split", "writes several targets at once"),
]
