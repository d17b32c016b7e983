"""The pages of the line that no register gives."""

from __future__ import annotations

from gonghui.lines.aid import views
from gonghui.web.urls import page

urlpatterns = [
    page(
        "cross-checks/<int:pk>/list/",
        views.cross_check_list,
        "cross_check_list",
        "the list that another office gets",
    ),
]
