"""The pages of the line that no register gives: employers without a union, the founding funnel."""

from __future__ import annotations

from gonghui.lines.orgs import views
from gonghui.web.urls import page

urlpatterns = [
    page("own/", views.own_union, "own_union", "leads to the page of the cadre's own union"),
    page(
        "without-union/",
        views.without_union,
        "without_union",
        "the census, of each enterprise its newest round, as far as no union covers it",
    ),
    page(
        "renewals/",
        views.renewals,
        "renewals",
        "the terms that are overdue or end soon, in parts by how near that is",
    ),
    page("funnel/", views.funnel, "funnel", "counts formations by state and org as of a day"),
    page(
        "funnel/records/",
        views.funnel_records,
        "funnel_records",
        "the formations behind a number of the funnel",
    ),
]
