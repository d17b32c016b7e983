"""The pages of reports that no register gives: files down, files up."""

from __future__ import annotations

from gonghui.lines.reports import views
from gonghui.web.urls import page

urlpatterns = [
    page("versions/<int:pk>/file/", views.version_file, "version_file", "the bytes of a version"),
    page("templates/<int:pk>/file/", views.template_file, "template_file", "a template's bytes"),
    page("templates/<int:pk>/upload/", views.upload, "upload", "takes a template's file"),
    page("check/", views.check, "check", "judges a Word file of any origin, keeps nothing"),
    page("documents/<int:pk>/return/", views.give_back, "give_back", "takes an edited document"),
]
