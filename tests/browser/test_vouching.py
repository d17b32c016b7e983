"""A report goes round the departments, is signed and issued; the next one may not contradict it."""

from __future__ import annotations

from playwright.sync_api import expect

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.registers.write import perform
from gonghui.lines.reports.models import DocType, PublishedFigure, ReportDoc
from gonghui.lines.reports.services import (
    generate,
    latest_version,
    take_back,
    upload_template,
)
from tests.browser.driving import (
    DESK,
    PHONE,
    act,
    check_accessible,
    check_not_sideways,
    fill,
    follow,
    shot,
)
from tests.browser.scene import SPRING, SUMMER, found_union, fresh
from tests.lines.reports.test_documents import edited
from tests.support.people import user_with

JUMP = "each => each.scrollIntoView({behavior: 'instant'})"
TEXT = (
    Paragraph(Level.ONE, "一、关于今年以来的主要工作"),
    Paragraph(
        Level.BODY, "上半年新建工会{{数 新建工会数 上半年}}家，发展会员{{数 发展会员数 上半年}}人。"
    ),
)


def worker(role: Role, city, name: str, department: str) -> User:
    user = user_with(role, city.city, name)
    user.department = department
    user.save()
    return user


def report_of(city, user: User, title: str, as_of) -> ReportDoc:
    """A filled report on the first half of the year."""
    by = actor_of(user)
    with acting(SYSTEM):
        template = upload_template(
            build_report([title], "", "", "", TEXT),
            title=title,
            doc_type=DocType.WORK_REPORT,
            org=city.city,
            by=by,
        )
        ready = perform(template, "enable", by=by)
        return generate(ready, as_of, city.city, by=by, title=title)


def test_a_report_goes_round_and_the_next_one_may_not_contradict_it(city, visitor):
    found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    office = worker(Role.DEPT, city, "刘主任", "办公室")
    head = worker(Role.DEPT, city, "周主任", "办公室")
    organisers = worker(Role.DEPT, city, "陈部长", "组织部")
    leader = worker(Role.LEADER, city, "王主席", "")
    document = report_of(city, office, "半年工作报告", SPRING)

    page = visitor(office)
    page.goto(f"/r/reports.document/{document.pk}/")
    act(page, "送部室认数")
    expect(page.locator("main")).to_contain_text("还有2个没有认可")
    shot(page, "vouching-document")

    for size in (PHONE, DESK):
        own = visitor(organisers, size)
        own.goto("/")
        shot(own, "vouching-todo")
        own.locator("main").get_by_role("link", name="组织部：半年工作报告").first.click()
        expect(own.get_by_role("heading", name="本部室的数")).to_be_visible()
        check_not_sideways(own)
        check_accessible(own)
        shot(own, "vouching-sheet")
        own.get_by_role("heading", name="本部室的数").evaluate(JUMP)
        shot(own, "vouching-figures")
    follow(own, "提出异议")
    expect(own.locator("main form").get_by_role("button", name="提出异议")).to_be_visible()
    shot(own, "vouching-objection")
    own.go_back()
    act(own, "全部认可")
    expect(own.locator("main")).to_contain_text("陈部长")

    page.reload()
    expect(page.locator("main")).to_contain_text("2个数都已认可")
    page.get_by_text("逐个数的认数情况").click()
    shot(page, "vouching-done")
    act(page, "送核")
    for size in (PHONE, DESK):
        own = visitor(head, size)
        own.goto(f"/r/reports.document/{document.pk}/")
        expect(own.locator("main")).to_contain_text("没有错误")
        check_not_sideways(own)
        check_accessible(own)
        own.get_by_role("heading", name="终核检查").evaluate(JUMP)
        shot(own, "final-check")
    act(own, "终核")
    signer = visitor(leader)
    signer.goto(f"/r/reports.document/{document.pk}/")
    act(signer, "签发")
    expect(signer.locator("main")).to_contain_text("签发稿校验码")
    page.reload()
    act(page, "印发", doc_no="平工〔2012〕50号")
    with acting(SYSTEM):
        published = PublishedFigure.objects.order_by("id").first()
    assert published.printed == "1"

    found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SPRING, number=3)
    second = report_of(city, office, "情况通报", SUMMER)
    for size in (DESK, PHONE):
        own = visitor(office, size)
        own.goto(f"/r/reports.document/{second.pk}/")
        expect(own.locator("main")).to_contain_text("与已印发文件矛盾的数")
        check_not_sideways(own)
        check_accessible(own)
        own.get_by_role("heading", name="与已印发文件矛盾的数").evaluate(JUMP)
        shot(own, "contradiction")
        own.goto(f"/r/reports.published_figure/{published.pk}/")
        check_not_sideways(own)
        check_accessible(own)
        own.get_by_role("heading", name="现时数和历次发布").evaluate(JUMP)
        shot(own, "published-figure")
    page.goto(f"/r/reports.document/{document.pk}/")
    page.get_by_role("heading", name="发言版").evaluate(JUMP)
    page.get_by_text("各部分时间").click()
    shot(page, "speech")
    with page.expect_download() as download:
        follow(page, "下载发言版")
    assert download.value.suggested_filename == "半年工作报告_第1稿_发言版.docx"
    assert fresh(second).state == "filled"


def test_a_number_typed_into_the_file_is_settled_on_the_documents_page(city, visitor):
    found_union(city.township, "昆阳食品厂工会委员会", SPRING, number=1)
    office = worker(Role.DEPT, city, "刘主任", "办公室")
    leader = worker(Role.LEADER, city, "王主席", "")
    document = report_of(city, office, "半年工作报告", SPRING)
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "1", "3"), actor_of(office))
    page = visitor(leader)
    page.goto(f"/r/reports.document/{document.pk}/")
    follow(page, "例外")
    fill(page, ground="另有两家已批复，证书次日送达，经核实无误。")
    page.locator("main form").get_by_role("button", name="例外").click()
    for size in (DESK, PHONE):
        own = visitor(office, size)
        own.goto(f"/r/reports.document/{document.pk}/")
        expect(own.locator("main")).to_contain_text("证书次日送达")
        check_not_sideways(own)
        check_accessible(own)
        own.get_by_role("heading", name="人工改动的数").evaluate(JUMP)
        shot(own, "figure-edit")
    page.goto(f"/r/reports.document/{document.pk}/")
    page.get_by_role("heading", name="终核检查").evaluate(JUMP)
    shot(page, "final-check-errors")
    found_union(city.neighbour, "鲁山陶瓷厂工会委员会", SPRING, number=3)
    for size in (DESK, PHONE):
        own = visitor(office, size)
        own.goto(f"/r/reports.document/{document.pk}/")
        follow(own, "会前核对")
        expect(own.locator("main")).to_contain_text("默认保持原取数时点")
        check_not_sideways(own)
        check_accessible(own)
        shot(own, "moved")
