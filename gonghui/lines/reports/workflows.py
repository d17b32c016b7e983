"""How templates and documents move."""

from __future__ import annotations

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.workflow.declare import State, Transition, Workflow
from gonghui.lines.reports import filling
from gonghui.lines.reports.models import Edition, ReportDoc, ReportTemplate

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
        State("ready", "可用", is_locked=True),
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


def check_has_a_version(document: ReportDoc) -> None:
    """There is something to review."""
    if filling.latest_version(document) is None:
        raise DomainError("报告还没有取数，请先取数。")


def check_is_complete(document: ReportDoc) -> None:
    """What is signed is the clean edition, without an error and with nothing missing."""
    version = filling.latest_version(document)
    if version is None:
        raise DomainError("报告还没有取数，不能签发。")
    if not version.is_complete:
        raise DomainError(
            f"{version}还有{version.error_count}处错误、{version.missing_count}处待补，不能签发。\n"
            f"{version.errors}\n{version.missing}".strip()
        )
    if version.edition != Edition.FINAL:
        raise DomainError(f"{version}不是正式版，请改为正式版重新取数后再签发。", field="edition")


DOCUMENT = Workflow(
    states=(
        State("drafting", "起草"),
        State("filled", "已取数"),
        State("reviewing", "核稿", is_locked=True),
        State("signed", "已签发", is_locked=True),
        State("issued", "已印发", is_final=True, is_locked=True),
    ),
    transitions=(
        Transition(
            "fill",
            "取数",
            move=(("drafting", "filled"), "filled"),
            by=(Role.DEPT,),
            asks=("edition",),
            guard=check_template_is_ready,
            effect=filling.fill_version,
        ),
        Transition(
            "submit",
            "送核",
            move=("filled", "reviewing"),
            by=(Role.DEPT,),
            guard=check_has_a_version,
        ),
        Transition(
            "return",
            "退回起草",
            move=(("filled", "reviewing", "signed"), "drafting"),
            by=(Role.DEPT, Role.LEADER),
            needs_reason=True,
        ),
        Transition(
            "sign",
            "签发",
            move=("reviewing", "signed"),
            by=(Role.LEADER,),
            unlike=("submit",),
            guard=check_is_complete,
            stamps="signed_on",
        ),
        Transition(
            "issue",
            "印发",
            move=("signed", "issued"),
            by=(Role.DEPT,),
            asks=("doc_no", "issued_on"),
            guard=check_is_complete,
            stamps="issued_on",
        ),
    ),
)
