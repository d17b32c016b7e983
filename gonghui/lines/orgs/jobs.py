"""What the line does every night; each job may run any number of times.

A reminder is given once per record and mark. A job that was down for a while gives only the
reminder that fits the day, not all it missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from gonghui.base import clock
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, NIGHTLY, periodic
from gonghui.kernel.orgs.models import OrgState
from gonghui.kernel.parameters.values import number_of, value_of
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.kernel.workflow.models import Reminder
from gonghui.kernel.workflow.services import remind
from gonghui.lines.orgs.models import (
    CensusUnit,
    LegalPersonCert,
    OfficeHolder,
    UnionFormation,
    UnionTerm,
)
from gonghui.lines.orgs.models.term import Post
from gonghui.lines.orgs.services import divisions, duplicates

ABOVE = (Role.STATION, Role.COUNTY, Role.INDUSTRY)
_BEFORE = ((1, "一个月"), (3, "三个月"), (6, "六个月"))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """A reminder to give, unless it was given."""

    record: Any
    mark: str
    roles: Sequence[Role]
    message: str


@periodic("orgs.remind_terms", DAILY)
def remind_terms() -> int:
    """Tell the union, its township and its county 6, 3 and 1 months before the term ends."""
    today = clock.today()
    with acting(SYSTEM):
        terms = UnionTerm.objects.filter(
            state="current",
            voided_at=None,
            overdue_from__gt=today,
            overdue_from__lte=today + timedelta(days=190),
        ).select_related("org")
        notes = (_term_note(term, today) for term in terms)
        return _give("orgs.union_term", (note for note in notes if note is not None))


def _term_note(term: Any, today: date) -> _Note | None:
    last = term.overdue_from - _DAY
    step = next((step for step in _BEFORE if today >= add_months(last, -step[0])), None)
    if step is None:
        return None
    months, words = step
    return _Note(
        record=term,
        mark=f"term-{months}-months",
        roles=(Role.BASIC, *ABOVE),
        message=f"“{term.org.name}”第{term.term_no}届{last.isoformat()}届满，不足{words}，"
        f"请在{(last - timedelta(days=number_of('orgs.term_request_days'))).isoformat()}前请示换届。",
    )


@periodic("orgs.mark_overdue_terms", DAILY)
def mark_overdue_terms() -> int:
    """Terms past their last day are overdue; their superiors are asked to order a date."""
    today = clock.today()
    with acting(SYSTEM):
        late = UnionTerm.objects.filter(
            state="current", ended_on=None, voided_at=None, overdue_from__lte=today
        ).select_related("org")
        marked = must(write.perform_many(list(late), "mark_overdue", by=SYSTEM))
        overdue = list(
            UnionTerm.objects.filter(state="overdue", voided_at=None).select_related("org")
        )
        _give("orgs.union_term", (_overdue_note(term) for term in overdue))
        limit = today - timedelta(days=number_of("orgs.term_supervision_days"))
        very_late = [term for term in overdue if term.overdue_from <= limit]
        _give("orgs.union_term", (_supervision_note(term) for term in very_late))
    return len(marked)


def _overdue_note(term: Any) -> _Note:
    return _Note(
        record=term,
        mark="term-overdue",
        roles=(Role.BASIC, *ABOVE),
        message=f"“{term.org.name}”第{term.term_no}届自{term.overdue_from.isoformat()}起超期，"
        "请上级工会签发限期换届通知书。",
    )


def _supervision_note(term: Any) -> _Note:
    return _Note(
        record=term,
        mark="term-supervision",
        roles=(Role.COUNTY, Role.INDUSTRY, Role.DEPT),
        message=f"“{term.org.name}”第{term.term_no}届自{term.overdue_from.isoformat()}起超期，"
        "仍未换届，请列入督办。",
    )


@periodic("orgs.remind_certificates", DAILY)
def remind_certificates() -> int:
    """Tell the union and its registrar 60, 30 and 7 days before a certificate ends."""
    today = clock.today()
    steps = sorted(int(days) for days in value_of("orgs.cert_remind_days"))
    with acting(SYSTEM):
        certs = LegalPersonCert.objects.filter(
            state__in=("valid", "replacing"),
            voided_at=None,
            valid_to__gte=today,
            valid_to__lte=today + timedelta(days=steps[-1]),
        ).select_related("org")
        return _give("orgs.legal_person_cert", (_cert_note(c, today, steps) for c in certs))


def _cert_note(cert: Any, today: date, steps: list[int]) -> _Note:
    left = (cert.valid_to - today).days
    step = next(days for days in steps if left <= days)
    return _Note(
        record=cert,
        mark=f"cert-{step}-days",
        roles=(Role.BASIC, Role.COUNTY, Role.INDUSTRY),
        message=f"“{cert.org.name}”法人资格证书{cert.valid_to.isoformat()}到期，还有{left}天，请办理换领。",
    )


@periodic("orgs.open_leads_due", DAILY)
def open_leads_due() -> int:
    """Leads without a request in time, and employers whose union is due, come up once."""
    today = clock.today()
    with acting(SYSTEM):
        limit = today - timedelta(days=number_of("orgs.lead_days"))
        leads = [
            formation
            for formation in UnionFormation.objects.filter(state="lead", voided_at=None)
            if (formation.notified_on or formation.created_at.astimezone(clock.ZONE).date())
            <= limit
        ]
        given = _give("orgs.union_formation", (_lead_note(lead) for lead in leads))
        units = CensusUnit.objects.filter(
            state__in=("uncontacted", "mobilising"),
            voided_at=None,
            delisted_on=None,
            due_on__lt=today,
        ).select_related("employer")
        return given + _give("orgs.census_unit", (_unit_note(unit) for unit in units.iterator()))


def _lead_note(lead: Any) -> _Note:
    return _Note(
        record=lead,
        mark="lead-due",
        roles=ABOVE,
        message=f"建会事项“{lead.proposed_name}”已告知"
        f"{number_of('orgs.lead_days')}天仍未提交筹建请示，请跟进。",
    )


def _unit_note(unit: Any) -> _Note:
    return _Note(
        record=unit,
        mark="founding-due",
        roles=ABOVE,
        message=f"“{unit.employer.name}”应在{unit.due_on.isoformat()}前建会，现已超期，请跟进。",
    )


@periodic("orgs.remind_vacancies", DAILY)
def remind_vacancies() -> int:
    """A vacant chair must be filled in time: once when it falls vacant, once when time is up."""
    today = clock.today()
    with acting(SYSTEM):
        left = OfficeHolder.objects.filter(
            post=Post.CHAIR, vacancy_due_on__isnull=False, voided_at=None
        ).exclude(term__org__state=OrgState.DISSOLVED)
        filled = set(
            OfficeHolder.objects.filter(post=Post.CHAIR, ended_on=None, voided_at=None).values_list(
                "org_id", flat=True
            )
        )
        vacant = [h for h in left.select_related("org") if h.org_id not in filled]
        given = _give("orgs.office_holder", (_vacancy_note(holder) for holder in vacant))
        late = [holder for holder in vacant if holder.vacancy_due_on < today]
        return given + _give("orgs.office_holder", (_late_note(holder) for holder in late))


def _vacancy_note(holder: Any) -> _Note:
    return _Note(
        record=holder,
        mark="chair-vacant",
        roles=(Role.BASIC, *ABOVE),
        message=f"“{holder.org.name}”主席自{holder.ended_on.isoformat()}起空缺，"
        f"请在{holder.vacancy_due_on.isoformat()}前补选。",
    )


def _late_note(holder: Any) -> _Note:
    return _Note(
        record=holder,
        mark="chair-vacant-overdue",
        roles=ABOVE,
        message=f"“{holder.org.name}”主席空缺已超过补选期限{holder.vacancy_due_on.isoformat()}。",
    )


@periodic("orgs.mirror_divisions", DAILY)
def mirror_divisions() -> int:
    """Keep the counted divisions in step with the administrative divisions."""
    return divisions.mirror_divisions()


@periodic("orgs.look_for_duplicate_employers", NIGHTLY)
def look_for_duplicate_employers() -> int:
    """Put employers that look alike on the list for checking; how many pairs are new."""
    return duplicates.find_duplicates()


def _give(register: str, notes: Iterable[_Note]) -> int:
    """Write the reminders that were not given yet; how many."""
    wanted = {(note.record.pk, note.mark): note for note in notes}
    given = set(
        Reminder.objects.filter(
            register=register, record_id__in={pk for pk, _ in wanted}
        ).values_list("record_id", "mark")
    )
    return sum(
        remind(register, pk, mark, note.record.org_id, list(note.roles), note.message)
        for (pk, mark), note in wanted.items()
        if (pk, mark) not in given
    )
