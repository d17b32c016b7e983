"""The pages of the line that no register gives: a whole class on one screen, and what became of it."""

from __future__ import annotations

from gonghui.lines.employment.views import oddities, outcomes, rooms
from gonghui.web.urls import page

urlpatterns = [
    page(
        "oddities/",
        oddities.oddities,
        "oddities",
        "what is odd among placements, intents, courses and loans together",
    ),
    page(
        "outcomes/",
        outcomes.outcomes,
        "outcomes",
        "the way from the list to the kept job, of sessions, learners and placements together",
    ),
    page(
        "sessions/<int:pk>/attendance/",
        rooms.attendance,
        "attendance",
        "notes who of a class came to a half-day, in many records at once",
    ),
    page(
        "sessions/<int:pk>/scores/",
        rooms.scores,
        "scores",
        "notes the scores of a class, in many records at once",
    ),
]
