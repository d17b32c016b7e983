"""A record that hangs in public: its panel, objections, the list of what hangs, the sheet."""

from __future__ import annotations

import io

import pytest
from docx import Document

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.workflow.models import NoticeState, Objection, PublicNotice
from gonghui.kernel.workflow.services import check_notice_has_passed, hang
from gonghui.web.views import notices
from tests.support.people import client_for


@pytest.fixture
def hung(visit, clerk, city):
    made = visit(by=clerk)
    with acting(SYSTEM):
        notice = hang(
            "sample.visit", made.pk, city.basic, title="走访对象公示", body="张**，昆阳机械厂"
        )
    return made, notice


def base_of(made):
    return f"/r/sample.visit/{made.pk}/"


def test_the_panel_and_the_list_show_what_hangs(hung, clerk, neighbour):
    made, _ = hung
    shown = client_for(clerk).get(base_of(made)).content.decode()
    assert "走访对象公示" in shown
    assert "还有5个工作日" in shown
    listed = client_for(clerk).get("/notices/").content.decode()
    assert base_of(made) in listed
    assert "走访对象公示" not in client_for(neighbour).get("/notices/").content.decode()


def test_a_record_that_never_hung_has_no_panel(visit, clerk):
    assert "登记异议" not in client_for(clerk).get(base_of(visit(by=clerk))).content.decode()


def test_an_objection_is_taken_and_found_without_grounds(hung, clerk, county_clerk):
    made, notice = hung
    client = client_for(clerk)
    client.post(f"{base_of(made)}notices/{notice.pk}/object/", {"text": "", "contact": ""})
    assert Objection.objects.count() == 0
    sent = {"text": "该户不困难", "contact": "13800001234"}
    client.post(f"{base_of(made)}notices/{notice.pk}/object/", sent)
    objection = Objection.objects.get()
    assert (objection.text, objection.contact) == ("该户不困难", "13800001234")
    assert PublicNotice._unscoped.get().state == NoticeState.OBJECTED
    path = f"{base_of(made)}objections/{objection.pk}/"
    client.post(path, {"text": "已核实"})
    objection.refresh_from_db()
    assert objection.answered_at is None
    client.post(path, {"text": "已入户核实，情况属实", "upheld": "no"})
    objection.refresh_from_db()
    assert (objection.upheld, objection.answered_by) == (False, clerk.pk)
    assert PublicNotice._unscoped.get().state == NoticeState.HANGING
    shown = client_for(county_clerk).get(base_of(made)).content.decode()
    assert "不成立" in shown
    assert "张站长 处理于" in shown


def test_an_upheld_objection_blocks_the_next_step(hung, clerk):
    made, notice = hung
    client = client_for(clerk)
    client.post(f"{base_of(made)}notices/{notice.pk}/object/", {"text": "该户有房两套"})
    objection = Objection.objects.get()
    client.post(f"{base_of(made)}objections/{objection.pk}/", {"text": "属实", "upheld": "yes"})
    with pytest.raises(DomainError, match="异议"):
        check_notice_has_passed("sample.visit", made.pk)


def test_who_only_looks_neither_reads_nor_takes_nor_answers(hung, clerk, leader, neighbour):
    made, notice = hung
    take = f"{base_of(made)}notices/{notice.pk}/object/"
    client_for(clerk).post(take, {"text": "该户不困难", "contact": "13800001234"})
    objection = Objection.objects.get()
    settle = f"{base_of(made)}objections/{objection.pk}/"
    shown = client_for(leader).get(base_of(made)).content.decode()
    assert "异议（1）" in shown
    assert "13800001234" not in shown
    for user, status in ((leader, 403), (neighbour, 404)):
        assert client_for(user).post(take, {"text": "再提"}).status_code == status
        answer = client_for(user).post(settle, {"text": "驳回", "upheld": "no"})
        assert answer.status_code == status
    assert Objection.objects.filter(answered_at=None).count() == 1


def test_a_notice_of_another_record_is_not_found(hung, visit, clerk):
    _, notice = hung
    other = visit(by=clerk)
    path = f"{base_of(other)}notices/{notice.pk}/"
    assert client_for(clerk).post(f"{path}object/", {"text": "异议"}).status_code == 404
    assert client_for(clerk).get(f"{path}print/").status_code == 404


def test_the_sheet_says_what_when_and_where_to_object(hung, clerk):
    made, notice = hung
    answer = client_for(clerk).get(f"{base_of(made)}notices/{notice.pk}/print/")
    text = "".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert "张**，昆阳机械厂" in text
    assert f"向{notice.org.name}反映" in text


def test_a_notice_whose_time_is_over_takes_no_more(hung):
    _, notice = hung
    notice.hangs_from = notice.hangs_to = notice.hangs_from.replace(year=2011)
    line = notices.standing(notice)
    assert (line.state, line.is_open, line.left) == ("期满无异议", False, "")
