"""System checks of the declared indicators, so that a slip shows before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks

from gonghui.kernel.ledger import catalogue, contribution
from gonghui.kernel.ledger.declare import Indicator, Kind

_SOURCES = {
    Kind.RATIO: 2,
    Kind.PLAN: 1,
    Kind.YOY: 1,
    Kind.ALIAS: 1,
    Kind.AVERAGE: 2,
    Kind.COVERAGE: 2,
}


@checks.register("gonghui")
def indicators_are_sound(
    app_configs: Sequence[Any] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Every indicator compiles to SQL on its register's own columns, or names known indicators."""
    found = [_problem(declared) for declared in catalogue.all_indicators()]
    return [message for message in found if message is not None]


def _problem(declared: Indicator) -> checks.Error | None:
    if declared.is_posted:
        bad = contribution.problem(declared, catalogue.source_of(declared.code)[1])
        return _error(declared, str(bad), bad.number) if bad else _left_out(declared)
    known = {other.code for other in catalogue.all_indicators()}
    needed = _SOURCES.get(declared.kind, max(2, len(declared.over)))
    if len(declared.over) != needed:
        return _error(declared, f"{declared.kind} needs {needed} source(s)", "E205")
    missing = [code for code in declared.over if code not in known]
    if missing:
        return _error(declared, f"unknown source {', '.join(missing)}", "E205")
    if declared.kind is Kind.COVERAGE and not _counts_one_kind_of_subject(declared):
        return _error(declared, "both sets must be distinct counts of the same subjects", "E206")
    return None


def _left_out(declared: Indicator) -> checks.Error | None:
    """What is left out is counted by an indicator of its own, whose column says why."""
    if not declared.leaves_out:
        return None
    code = declared.leaves_out
    if not catalogue.is_declared(code) or not catalogue.indicator(code).is_posted:
        return _error(declared, f"leaves out {code}, which is not posted", "E207")
    other = catalogue.indicator(code)
    columns = {f.name for f in catalogue.source_of(other.code)[1]._meta.concrete_fields}
    if other.told_by not in columns:
        return _error(declared, f"{other.code} has no column that says why", "E207")
    return None


def _counts_one_kind_of_subject(declared: Indicator) -> bool:
    of = [contribution.subject_model(catalogue.behind_alias(code).code) for code in declared.over]
    return of[0] is not None and of[0] is of[1]


def _error(declared: Indicator, message: str, number: str) -> checks.Error:
    return checks.Error(f"indicator {declared.code}: {message}", id=f"gonghui.{number}")
