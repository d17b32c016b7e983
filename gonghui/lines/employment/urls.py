"""The pages of the line that no register gives: a whole class on one screen."""

from __future__ import annotations

from gonghui.lines.employment import views
from gonghui.web.urls import page

urlpatterns = [
    page(
        "sessions/<int:pk>/attendance/",
        views.attendance,
        "attendance",
        "notes who of a class came to a half-day, in many records at once",
    ),
    page(
        "sessions/<int:pk>/scores/",
        views.scores,
        "scores",
        "notes the scores of a class, in many records at once",
    ),
]
