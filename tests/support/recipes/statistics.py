"""Recipes of the line statistics."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.seals import seal
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.statistics.models import StatCell
from tests.support.making import linked, recipe

_count = itertools.count()


@recipe("statistics.stat_period")
def period(org):
    day = date(2012, 1, 1) + timedelta(days=next(_count))
    return {"kind": "custom", "start_on": day, "end_on": day}


@recipe("statistics.submission_value")
def value(org):
    return {"submission": linked("statistics.data_submission", org), "indicator": "sample.visits"}


@recipe("statistics.sealed_set")
def sealed_set(org):
    period = linked("statistics.stat_period", org)
    made = seal(org, period.period, ["sample.visits"])
    return {"period": period, "version_no": 1, "seal": made}


@recipe("statistics.late_change")
def late_change(org):
    return {
        "sealed_set": linked("statistics.sealed_set", org),
        "indicator": "sample.visits",
        "register": "sample.visit",
        "record_id": 1,
        "last_entry": next(_count),
    }


@recipe("statistics.correction_request")
def correction_request(org):
    return {"sealed_set": linked("statistics.sealed_set", org)}


@recipe("statistics.check_rule")
def check_rule(org):
    return {"code": f"X{next(_count)}", "expression": "sample.good_visits ≤ sample.visits"}


@recipe("statistics.check_result")
def check_result(org):
    return {"period": linked("statistics.stat_period", org)}


@recipe("statistics.stat_form")
def stat_form(org):
    return {"code": f"示{next(_count)}表", "period_kind": "custom", "levels": [org.level]}


@recipe("statistics.stat_cell")
def stat_cell(org):
    number = next(_count)
    return {
        "form": linked("statistics.stat_form", org),
        "row_code": str(number),
        "column_code": "1",
        "source": "indicator",
        "expression": "sample.visits",
    }


@recipe("statistics.form_check")
def form_check(org):
    return {"form": linked("statistics.stat_form", org), "expression": f"[1,1] ≤ {next(_count)}"}


@recipe("statistics.form_return")
def form_return(org):
    return {
        "form": _form_in_force(org),
        "period": linked("statistics.stat_period", org),
    }


def _form_in_force(org):
    """A form with one cell that is filled by hand and one that is not."""
    form = linked("statistics.stat_form", org)
    of = {"form": form, "row_code": "01", "row_label": "走访", "column_label": "本期数"}
    with acting(SYSTEM):
        create(
            StatCell, by=SYSTEM, column_code="1", source="indicator", expression="sample.visits",
            **of,
        )  # fmt: skip
        create(StatCell, by=SYSTEM, column_code="2", source="manual", cause="没有台账", **of)
        return perform(form, "activate", by=SYSTEM)


@recipe("statistics.return_value")
def return_value(org):
    """A cell that came into being after its return was opened: the others have their values."""
    whole = linked("statistics.form_return", org)
    with acting(SYSTEM), by_rule():
        cell = create(
            StatCell, by=SYSTEM, form=whole.form, row_code="09", row_label="补充", column_code="1",
            column_label="本期数", source="manual", cause="没有台账",
        )  # fmt: skip
    return {"form_return": whole, "cell": cell, "value": 1, "basis": "会议记录"}


@recipe("statistics.indicator_version")
def indicator_version(org):
    day = date(2012, 1, 1) + timedelta(days=next(_count))
    return {"indicator": "sample.visits", "valid_from": day}


@recipe("statistics.historical_figure")
def historical_figure(org):
    """A figure of a day long before any system start that a test would set."""
    Parameter.objects.get_or_create(
        code="reports.system_start",
        defaults={
            "value": "2000-01-01", "valid_from": date(2000, 1, 1), "source": "示例",
            "set_at": clock.now(),
        },
    )  # fmt: skip
    day = date(1980, 1, 1) + timedelta(days=next(_count))
    return {"indicator": "sample.visits", "days": day.isoformat()}
