"""How templates and documents move."""

from __future__ import annotations

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.reports import editing, filling, final_check, numbering, publishing, vouching
from gonghui.lines.reports.models import ReportDoc, ReportTemplate

# Templates


def check_tags_are_readable(template: ReportTemplate) -> None:
    """A usable template has a file, and no tag of it is wrong."""
    if template.file_id is None:
        raise DomainError("请先上传模板文件。", field="file")
    if template.error_count:
        raise DomainError(
            f"模板还有{template.error_count}处标签错误，请改正后重新上传：\n{template.lint}"
        )


TEMPLATE = Workflow(
    states=(
        State("draft", "草稿"),
        State("ready", "可用", is_locked=True, rests=True),
        State("retired", "停用", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "enable",
            "启用",
            move=("draft", "ready"),
            by=(Role.DEPT,),
            guard=check_tags_are_readable,
        ),
        Transition("revise", "修订", move=("ready", "draft"), by=(Role.DEPT,)),
        Transition(
            "retire",
            "停用",
            move=(("draft", "ready"), "retired"),
            by=(Role.DEPT,),
            needs_reason=True,
        ),
    ),
)


# Documents


def check_template_is_ready(document: ReportDoc) -> None:
    """Only usable templates are filled."""
    if document.template.state != "ready":
        raise DomainError("模板尚未启用或已停用，不能取数。", field="template")


def fill_and_compare(document: ReportDoc, by: Actor) -> None:
    """A new version, its figures held against what was published; unchanged ones stay vouched for."""
    vouching.withdraw([document], by)
    document = numbering.take_issue_number(document, by)
    filling.fill_version(document, by, vouching.carried_over(document))
    editing.note_edits(filling.newest_version(document), (), by)
    publishing.note_contradictions([document], by)


def draft_again(documents: list[ReportDoc], by: Actor) -> None:
    """Nobody vouches for what will change, and nobody has signed it."""
    vouching.withdraw(documents, by)
    final_check.forget_signature(documents, by)
    numbering.give_back_issue_numbers(documents, by)


def figures_are_swapped(documents: list[ReportDoc], by: Actor) -> None:
    """Some figures will be others: they are vouched for, checked and signed anew."""
    vouching.withdraw(documents, by)
    final_check.forget_signature(documents, by)


def drop_what_waits(documents: list[ReportDoc], by: Actor) -> None:
    """Nobody has to answer for a document that was voided."""
    vouching.withdraw(documents, by)
    publishing.settle_of(documents, by)


DOCUMENT = Workflow(
    states=(
        State("drafting", "起草"),
        State("filled", "已取数"),
        State("vouching", "部室认数", is_locked=True),
        State("reviewing", "核稿", is_locked=True, department=filling.OFFICE),
        State("final_check", "终核", is_locked=True),
        State("signed", "已签发", is_locked=True),
        State("issued", "已印发", due="reports.archive_months", is_locked=True),
        State("archived", "已归档", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "fill",
            "取数",
            move=(("drafting", "filled", "vouching"), "filled"),
            by=(Role.DEPT,),
            asks=("edition",),
            guard=check_template_is_ready,
            effect=fill_and_compare,
        ),
        Transition(
            "circulate",
            "送部室认数",
            move=(("filled", "vouching"), "vouching"),
            by=(Role.DEPT,),
            guard=vouching.check_can_be_circulated,
            effect=vouching.circulate,
        ),
        Transition(
            "submit",
            "送核",
            move=("vouching", "reviewing"),
            by=(Role.DEPT,),
            guard=vouching.check_all_vouched,
        ),
        # Done by whoever swaps figures for what is known now, never by itself.
        Transition(
            "swap",
            "换用现时数",
            move=(("filled", "vouching", "reviewing", "final_check", "signed"), "filled"),
            by=(),
            effect_many=figures_are_swapped,
        ),
        Transition(
            "return",
            "退回起草",
            move=(("filled", "vouching", "reviewing", "final_check", "signed"), "drafting"),
            by=(Role.DEPT, Role.LEADER),
            needs_reason=True,
            effect_many=draft_again,
        ),
        Transition(
            "clear",
            "终核",
            move=("reviewing", "final_check"),
            by=(Role.DEPT,),
            unlike=("submit",),
            only=final_check.check_is_office,
            guard=final_check.check_has_no_errors,
        ),
        Transition(
            "sign",
            "签发",
            move=("final_check", "signed"),
            by=(Role.LEADER,),
            unlike=("submit", "clear"),
            guard=final_check.check_has_no_errors,
            stamps="signed_on",
            effect=final_check.note_signed,
        ),
        Transition(
            "issue",
            "印发",
            move=("signed", "issued"),
            by=(Role.DEPT,),
            asks=("doc_no", "issued_on"),
            guard=final_check.check_may_be_issued,
            stamps="issued_on",
            effect=publishing.publish,
        ),
        Transition(
            "archive",
            "归档",
            move=("issued", "archived"),
            by=(Role.DEPT,),
            guard=final_check.check_is_what_was_signed,
            stamps="archived_on",
        ),
    ),
    waits_for="owner_dept",
)


FIGURE_EDIT = Workflow(
    states=(
        State("open", "待处理", is_locked=True, owed_by=(Role.DEPT, Role.LEADER)),
        State("excepted", "领导例外", rests=True, is_locked=True),
        State("recited", "改引其他口径", rests=True, is_locked=True),
        State("restored", "已恢复系统数", rests=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "except",
            "例外",
            move=("open", "excepted"),
            by=(Role.LEADER,),
            only=editing.check_did_not_type,
            asks=("ground",),
            guard=editing.check_can_be_excepted,
            effect_many=editing.note_decision,
        ),
        Transition(
            "recite",
            "改引其他口径",
            move=("open", "recited"),
            by=(Role.DEPT,),
            only=editing.check_is_own_figure,
            asks=("cited_from", "cited_to", "cited_as_of"),
            guard=editing.check_ledger_tells_it,
            effect_many=editing.note_basis,
        ),
        Transition(
            "revoke",
            "撤销",
            move=(("excepted", "recited"), "open"),
            by=(Role.LEADER, Role.DEPT),
            needs_reason=True,
            only=editing.check_may_revoke,
            guard=editing.check_is_at_work,
            effect_many=editing.note_revoked,
        ),
        # Done by the rule that compares each new version, never by hand.
        Transition(
            "restore", "恢复系统数", move=(("open", "excepted", "recited"), "restored"), by=()
        ),
        Transition(
            "reopen", "重新列出", move=("restored", "open"), by=(), effect_many=editing.note_revoked
        ),
    ),
)


CONTRADICTION = Workflow(
    states=(
        State("open", "未处理", is_locked=True),
        State("settled", "已消除", rests=True, is_locked=True),
        State("explained", "已说明", rests=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "explain",
            "说明",
            move=(("open", "explained"), "explained"),
            by=(Role.DEPT,),
            asks=("explanation",),
            guard=publishing.check_stands_in_text,
        ),
        # Done by the rule that compares again, never by hand.
        Transition("settle", "已消除", move=(("open", "explained"), "settled"), by=()),
        Transition("reopen", "重新列出", move=("settled", "open"), by=()),
    ),
)


FIGURE = Workflow(
    states=(
        State("pending", "待认", is_locked=True),
        State("objected", "异议", is_locked=True),
        State("vouched", "已认", is_locked=True),
    ),
    transitions=(
        Transition(
            "vouch",
            "认可",
            move=(("pending", "objected"), "vouched"),
            by=(Role.DEPT,),
            only=vouching.check_is_own_figure,
            guard=vouching.check_is_going_round,
            effect_many=vouching.note_voucher,
        ),
        Transition(
            "object",
            "提出异议",
            move=(("pending", "vouched"), "objected"),
            by=(Role.DEPT,),
            only=vouching.check_is_own_figure,
            asks=("objection",),
            guard=vouching.check_objects_with_reason,
            effect_many=vouching.note_voucher,
        ),
    ),
    begins=("vouched",),
    makes_tasks=False,
)


VOUCH_SHEET = Workflow(
    states=(
        State("open", "待认", due="reports.vouch_days", is_locked=True),
        State("withdrawn", "已收回", is_final=True, is_locked=True),
        State("objected", "异议", rests=True, is_locked=True),
        State("vouched", "已认", rests=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "vouch",
            "全部认可",
            move=("open", "vouched"),
            by=(Role.DEPT,),
            only=vouching.check_is_own_sheet,
            guard=vouching.check_sheet_is_going_round,
            effect_many=vouching.vouch_for_rest,
        ),
        # Done by the rule that follows the figures, never by hand.
        Transition("finish", "认数完毕", move=(("open", "objected"), "vouched"), by=()),
        Transition(
            "dispute",
            "转为异议",
            move=(("open", "vouched"), "objected"),
            by=(),
            effect_many=vouching.warn_of_objections,
        ),
        Transition("withdraw", "收回", move=(("open", "vouched", "objected"), "withdrawn"), by=()),
    ),
    waits_for="owner",
)
