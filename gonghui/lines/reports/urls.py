"""The pages of reports that no register gives: files down, files up."""

from __future__ import annotations

from gonghui.lines.reports import views
from gonghui.web.urls import page

urlpatterns = [
    page("versions/<int:pk>/file/", views.version_file, "version_file", "the bytes of a version"),
    page("versions/<int:pk>/speech/", views.speech_file, "speech_file", "a version in big type"),
    page("versions/<int:pk>/sources/", views.sources, "sources", "the list of sources"),
    page("versions/<int:pk>/sheet/", views.check_sheet, "check_sheet", "the check sheet"),
    page("edits/<int:pk>/restore/", views.restore, "restore", "the system's text comes back"),
    page("templates/<int:pk>/file/", views.template_file, "template_file", "a template's bytes"),
    page("templates/<int:pk>/upload/", views.upload, "upload", "takes a template's file"),
    page("tags/", views.tags, "tags", "what may be typed into a template"),
    page("tags/handbook/", views.handbook, "handbook", "the same as a document"),
    page("check/", views.check, "check", "judges a Word file of any origin, keeps nothing"),
    page("documents/<int:pk>/return/", views.give_back, "give_back", "takes an edited document"),
    page(
        "documents/<int:pk>/moved/", views.moved, "moved", "figures that moved, and swapping them"
    ),
    page(
        "documents/<int:pk>/signed/",
        views.check_signed,
        "check_signed",
        "compares a file with the signed one, keeps nothing",
    ),
]
