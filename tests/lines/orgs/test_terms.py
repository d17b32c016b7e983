"""Terms, posts, certificates, and the nightly jobs over them."""

from datetime import date, timedelta

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.identity import make_uscc
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import change, create, perform
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.orgs import jobs
from gonghui.lines.orgs.models import LegalPersonCert, OfficeHolder, UnionTerm
from tests.lines.orgs.making import a_formation, a_person, a_term, an_employer, value

STARTED = date(2023, 6, 1)


@pytest.fixture
def term(town):
    """A three-year term from June 2023, looked at in 2026."""
    with clock.at(STARTED):
        return a_term(town.union, STARTED)


def reminded(register="orgs.union_term"):
    return sorted(Reminder._unscoped.filter(register=register).values_list("mark", flat=True))


def test_a_three_year_term_ends_the_day_before_three_years_are_over(term):
    assert (term.due_on, term.overdue_from) == (date(2026, 5, 31), date(2026, 6, 1))


def test_a_term_of_four_years_is_not_known_to_the_law(town):
    with pytest.raises(DomainError, match="任期为三年或者五年"):
        create(UnionTerm, by=SYSTEM, org=town.union, term_no=1, years=4, started_on=STARTED)


def test_an_overdue_term_is_in_the_countys_list_and_in_the_figure(town, term):
    assert value("orgs.term_overdue", town.county, date(2026, 5, 31)) == 0
    assert value("orgs.term_overdue", town.county, date(2026, 6, 1)) == 1
    assert value("orgs.term_due_90", town.county, date(2026, 3, 2)) == 0
    assert value("orgs.term_due_90", town.county, date(2026, 3, 3)) == 1
    assert value("orgs.term_due_90", town.county, date(2026, 5, 31)) == 1
    assert value("orgs.term_due_90", town.county, date(2026, 6, 1)) == 0
    with clock.at(date(2026, 5, 31)):
        assert jobs.mark_overdue_terms() == 0
    with clock.at(date(2026, 6, 1)):
        assert jobs.mark_overdue_terms() == 1
        assert jobs.mark_overdue_terms() == 0
    with acting(town.of_county):
        assert [t.pk for t in UnionTerm.objects.filter(state="overdue")] == [term.pk]
    with acting(town.of_neighbour):
        assert not UnionTerm.objects.filter(state="overdue").exists()
    assert reminded() == ["term-overdue"]
    with clock.at(date(2026, 7, 1)):
        jobs.mark_overdue_terms()
        jobs.mark_overdue_terms()
    assert reminded() == ["term-overdue", "term-supervision"]


def test_an_extension_of_six_months_is_accepted_and_a_day_more_is_not(town, term):
    with clock.at(date(2026, 5, 20)):
        values = {"extension_doc_no": "延1号", "extension_approved_on": date(2026, 5, 20)}
        with pytest.raises(DomainError) as error:
            perform(term, "extend", by=town.of_county, extended_to=date(2026, 12, 1), **values)
        assert error.value.message == (
            "本届2026-05-31届满，延期最长6个月，最晚至2026-11-30，所填2026-12-01超过期限。"
        )
        done = perform(term, "extend", by=town.of_county, extended_to=date(2026, 11, 30), **values)
    assert (done.extended_to, done.overdue_from) == (date(2026, 11, 30), date(2026, 12, 1))
    with clock.at(date(2026, 6, 1)):
        assert jobs.mark_overdue_terms() == 0
    with clock.at(date(2026, 12, 1)):
        assert jobs.mark_overdue_terms() == 1


def test_an_extension_is_approved_in_time_by_the_superior(town, term):
    late = {"extended_to": date(2026, 9, 1), "extension_doc_no": "1号"}
    with (
        clock.at(date(2026, 6, 2)),
        pytest.raises(DomainError, match="延期须在届满日期2026-05-31前批复"),
    ):
        perform(term, "extend", by=town.of_county, **late)
    a_term(town.county, date(2022, 6, 1), years=5)
    own = unscoped(UnionTerm).get(org=town.county)
    with pytest.raises(NotAllowed, match="不能批复本级"):
        perform(
            own,
            "extend",
            by=town.of_county,
            extended_to=date(2027, 9, 1),
            extension_doc_no="1号",
            extension_approved_on=date(2012, 3, 20),
        )


@pytest.mark.parametrize(
    "values",
    [
        {
            "extended_to": date(2026, 9, 1),
            "extension_doc_no": "1号",
            "extension_approved_on": date(2026, 5, 20),
        },
        {"extension_doc_no": "1号"},
        {"extension_approved_on": date(2026, 5, 20)},
    ],
)
def test_an_extension_is_never_written_by_a_plain_change(town, term, values):
    with clock.at(date(2026, 5, 20)):
        for by in (town.of_county, town.dept, SYSTEM):
            with pytest.raises(DomainError, match="延期须由上级工会用“批复延期”办理") as error:
                change(term, by=by, **values)
            assert error.value.field == next(iter(values))
        with pytest.raises(DomainError, match="延期须由上级工会用“批复延期”办理"):
            a_term(town.township, date(2023, 6, 1), **values)
    stored = unscoped(UnionTerm).get()
    assert (stored.extended_to, stored.extension_doc_no) == (None, "")
    assert stored.extension_approved_on is None
    assert stored.overdue_from == date(2026, 6, 1)


def test_an_approved_extension_is_neither_moved_nor_taken_back_by_a_plain_change(town, term):
    with clock.at(date(2026, 5, 20)):
        extended = perform(
            term, "extend", by=town.of_county, extended_to=date(2026, 8, 1), extension_doc_no="1号"
        )
        for day in (date(2026, 11, 30), None):
            with pytest.raises(DomainError, match="延期须由上级工会用“批复延期”办理"):
                change(extended, by=town.of_county, extended_to=day)
        seats = change(extended, by=town.of_county, committee_seats=5)
    assert (seats.committee_seats, seats.extended_to) == (5, date(2026, 8, 1))


def test_terms_follow_each_other_without_gap_or_overlap(town, term):
    with clock.at(date(2026, 5, 30)):
        with pytest.raises(DomainError, match="上一届是第1届，本届应为第2届"):
            a_term(town.union, date(2026, 5, 20), number=3)
        assert unscoped(UnionTerm).get().ended_on is None
        second = a_term(town.union, date(2026, 5, 20), number=2)
    first = unscoped(UnionTerm).get(term_no=1)
    assert (first.ended_on, first.state, second.state) == (date(2026, 5, 19), "ended", "current")
    with pytest.raises(DomainError, match="该工会现为第2届，新一届应为第3届"):
        a_term(town.union, date(2026, 5, 25), number=1)


def test_a_term_is_announced_six_three_and_one_months_before_its_end_and_once_each(town, term):
    for day, marks in (
        (date(2025, 11, 29), []),
        (date(2025, 11, 30), ["term-6-months"]),
        (date(2025, 12, 15), ["term-6-months"]),
        (date(2026, 2, 28), ["term-3-months", "term-6-months"]),
        (date(2026, 4, 30), ["term-1-months", "term-3-months", "term-6-months"]),
        (date(2026, 5, 31), ["term-1-months", "term-3-months", "term-6-months"]),
    ):
        with clock.at(day):
            jobs.remind_terms()
            assert jobs.remind_terms() == 0
        assert reminded() == marks, day
    one = Reminder._unscoped.get(mark="term-6-months")
    assert (one.org_id, one.roles) == (town.union.pk, ["basic", "station", "county", "industry"])
    assert one.message == ("“老厂工会”第1届2026-05-31届满，不足六个月，请在2026-04-01前请示换届。")
    with acting(town.of_station):
        assert Reminder.objects.count() == 3
    with acting(town.of_neighbour):
        assert Reminder.objects.count() == 0


def a_chair(term, name="赵主席", **more):
    return create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(term.org, name),
        post="chair",
        started_on=term.started_on,
        **more,
    )


def test_a_term_has_one_chair_at_a_time(term):
    with clock.at(STARTED):
        a_chair(term)
        with pytest.raises(DomainError, match="本届同期已有主席，请先办理离任"):
            a_chair(term, "钱主席")
    assert unscoped(OfficeHolder).count() == 1


def test_a_chair_is_moved_only_with_consent_and_the_vacancy_has_three_months(town, term):
    with clock.at(date(2026, 4, 1)):
        chair = a_chair(term)
        with pytest.raises(DomainError, match="须征得本级工会委员会和上一级工会同意"):
            perform(chair, "end", by=town.of_county, ended_on=date(2026, 4, 1), end_reason="moved")
        left = perform(
            chair,
            "end",
            by=town.of_county,
            ended_on=date(2026, 4, 1),
            end_reason="moved",
            consent_doc_no="同意2号",
        )
        assert left.vacancy_due_on == date(2026, 7, 1)
        assert jobs.remind_vacancies() == 1
        assert jobs.remind_vacancies() == 0
    with clock.at(date(2026, 7, 1)):
        assert jobs.remind_vacancies() == 0
    with clock.at(date(2026, 7, 2)):
        assert jobs.remind_vacancies() == 1
    assert reminded("orgs.office_holder") == ["chair-vacant", "chair-vacant-overdue"]


@pytest.mark.parametrize(
    ("fulltime", "protected"), [("part", date(2026, 5, 31)), ("full", date(2027, 12, 31))]
)
def test_the_labour_contract_is_protected_by_the_time_in_post(term, fulltime, protected):
    with clock.at(STARTED):
        chair = a_chair(term, fulltime=fulltime, contract_to=date(2024, 12, 31))
    assert chair.hire_protect_to == protected


def test_an_officer_belongs_to_the_union_or_is_seconded(town, term):
    with clock.at(STARTED):
        stranger = a_person(town.neighbour, "孙示例")
        values = {"term": term, "person": stranger, "post": "vice", "started_on": STARTED}
        with pytest.raises(DomainError, match="孙示例的会籍不在本工会"):
            create(OfficeHolder, by=town.of_county, **values)
        assert create(OfficeHolder, by=town.of_county, seconded=True, **values).state == "serving"


UNION_CODE = "81410400MC12345664"


@pytest.fixture
def certificate(town, term):
    """A certificate that lasts as long as the term."""
    with clock.at(STARTED):
        chair = a_chair(term)
        cert = create(LegalPersonCert, by=town.of_union, org=town.union)
        cert = perform(cert, "apply", by=town.of_union)
        return perform(
            cert,
            "issue",
            by=town.of_county,
            uscc=UNION_CODE,
            cert_no="豫工法1号",
            legal_rep=chair,
            valid_from=STARTED,
            valid_to=date(2026, 5, 31),
        )


def test_an_issued_certificate_counts_until_its_last_day(town, certificate):
    assert (certificate.state, certificate.rep_differs) == ("valid", False)
    assert certificate.registrar_id == town.county.pk
    assert unscoped(Org).get(pk=town.union.pk).uscc == UNION_CODE
    assert value("orgs.legal_persons", town.county, date(2026, 5, 31)) == 1
    assert value("orgs.legal_persons", town.county, date(2026, 6, 1)) == 0
    assert value("orgs.legal_rate", town.county, date(2026, 5, 31)) == 1


def test_a_union_has_one_live_certificate(town, certificate):
    with pytest.raises(DomainError, match="该工会已有有效的法人资格证书，请办理变更或换领"):
        create(LegalPersonCert, by=town.of_union, org=town.union)
    assert unscoped(LegalPersonCert).count() == 1


def test_a_certificate_ends_with_the_term_and_has_a_union_code(town, term):
    with clock.at(STARTED):
        chair = a_chair(term)
        cert = create(LegalPersonCert, by=town.of_union, org=town.union)
        cert = perform(cert, "apply", by=town.of_union)
        values = {"cert_no": "1", "legal_rep": chair, "valid_from": STARTED}
        with pytest.raises(DomainError, match="证书有效期止2026-06-01晚于本届届满日期2026-05-31"):
            perform(
                cert,
                "issue",
                by=town.of_county,
                uscc=UNION_CODE,
                valid_to=date(2026, 6, 1),
                **values,
            )
        with pytest.raises(DomainError, match="该代码不是工会法人代码"):
            perform(
                cert,
                "issue",
                by=town.of_county,
                uscc="91410402MA40ABC13B",
                valid_to=date(2026, 5, 31),
                **values,
            )
    assert unscoped(LegalPersonCert).get().state == "applied"


def test_a_new_certificate_takes_the_place_of_the_old_without_a_gap(town, certificate):
    with clock.at(date(2025, 3, 1)):
        fresh = create(LegalPersonCert, by=town.of_union, org=town.union, case="change")
        assert (fresh.replaces_id, fresh.uscc) == (certificate.pk, UNION_CODE)
        fresh = perform(fresh, "apply", by=town.of_union)
        assert unscoped(LegalPersonCert).get(pk=certificate.pk).state == "replacing"
        back = perform(fresh, "send_back", by=town.of_county, reason="缺材料")
        assert unscoped(LegalPersonCert).get(pk=certificate.pk).state == "valid"
        fresh = perform(back, "apply", by=town.of_union)
        perform(
            fresh,
            "issue",
            by=town.of_county,
            cert_no="豫工法2号",
            legal_rep=certificate.legal_rep,
            valid_from=date(2025, 3, 1),
            valid_to=date(2026, 5, 31),
        )
    old = unscoped(LegalPersonCert).get(pk=certificate.pk)
    assert (old.state, old.ended_on) == ("superseded", date(2025, 3, 1))
    for day in (date(2025, 2, 28), date(2025, 3, 1), date(2026, 5, 31)):
        assert value("orgs.legal_persons", town.city, day) == 1


def test_another_chair_than_the_representative_is_a_red_flag(town, certificate):
    with clock.at(date(2025, 3, 1)):
        chair = unscoped(OfficeHolder).get()
        perform(chair, "end", by=town.of_county, ended_on=date(2025, 3, 1), end_reason="retired")
    assert unscoped(LegalPersonCert).get().rep_differs is True


def test_a_certificate_is_announced_60_30_and_7_days_before_its_end(certificate):
    for days, marks in (
        (61, []),
        (60, ["cert-60-days"]),
        (30, ["cert-30-days", "cert-60-days"]),
        (7, ["cert-30-days", "cert-60-days", "cert-7-days"]),
        (0, ["cert-30-days", "cert-60-days", "cert-7-days"]),
    ):
        with clock.at(date(2026, 5, 31) - timedelta(days=days)):
            jobs.remind_certificates()
            assert jobs.remind_certificates() == 0
        assert reminded("orgs.legal_person_cert") == marks


def test_a_lead_without_a_request_comes_up_once_after_30_days(town):
    a_formation(town, an_employer(town.township), notified_on=date(2012, 3, 1))
    with clock.at(date(2012, 3, 30)):
        assert jobs.open_leads_due() == 0
    with clock.at(date(2012, 3, 31)):
        assert jobs.open_leads_due() == 1
        assert jobs.open_leads_due() == 0
    assert reminded("orgs.union_formation") == ["lead-due"]


def test_made_up_union_codes_are_well_formed():
    assert make_uscc("81", "410400", "MC123456") == UNION_CODE
