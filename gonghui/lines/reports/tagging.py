"""Help for whoever writes a template: every indicator with its tag and its value now."""

from __future__ import annotations

from dataclasses import dataclass

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.docx.handbook import handbook
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.web import figure_text
from gonghui.web.figure_text import Shown

LEAD = (
    "在Word或WPS里把标签写在要填数的地方，系统取数时换成数字。全角、半角的括号和空格都可以，词的先后不限。",
    "没有写期间的，取今年以来的数，期末时点的指标取当天的数。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An indicator that may stand in a report, and what its plain tag would print today."""

    indicator: Indicator
    tag: str
    definition: str
    owner: str
    figure: Shown

    @property
    def names(self) -> str:
        """Its name, with what else it is called."""
        aliases = "、".join(self.indicator.aliases)
        return f"{self.indicator.name}（{aliases}）" if aliases else self.indicator.name


def entries(org_id: int, text: str = "") -> list[Entry]:
    """The reportable indicators whose name, alias, code or definition has every word of a text."""
    found = _reportable(text)
    period = Period.year_to_date(clock.today())
    told = figures([one.code for one in found], [org_id], period)
    return [
        Entry(
            indicator=one,
            tag=f"{{{{数 {one.name}}}}}",
            definition=_behind(one).definition,
            owner=one.owner or _behind(one).owner,
            figure=figure_text.shown(told[one.code, org_id], one),
        )
        for one in found
    ]


def handbook_of(org_id: int) -> bytes:
    """The handbook of all of them."""
    rows = [
        (one.names, one.tag, one.indicator.unit, one.owner, one.definition)
        for one in entries(org_id)
    ]
    return handbook("指标标签手册", LEAD, rows)


def _reportable(text: str) -> list[Indicator]:
    found = [one for one in catalogue.matching(text) if one.reportable and " " not in one.name]
    return sorted(found, key=lambda one: (one.code.split(".")[0], one.name))


def _behind(one: Indicator) -> Indicator:
    return catalogue.behind_alias(one.code)
