"""Changes of unions: what must be true before, and the one transaction in which all of it changes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org, OrgLevel, OrgState
from gonghui.kernel.orgs.services import live_unions, move
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import ElectionCase
from gonghui.lines.orgs.models.change import AUDITED, ENDING, ChangeKind
from gonghui.lines.orgs.services import certificates, coverage, officers
from gonghui.lines.orgs.services.trees import refuse_same, require_superior

_LIVING = (OrgState.LIVE, OrgState.RECTIFYING)


def any_union(change: Any) -> QuerySet[Org]:
    """A union may come under, or pass into, one of another county."""
    return live_unions()


def check_change(change: Any) -> None:
    """Each kind names what it needs."""
    needed: dict[str, tuple[tuple[str, str], ...]] = {
        ChangeKind.RENAME: (("new_name", "请填写新名称。"),),
        ChangeKind.RELOCATE: (("new_address", "请填写新地址。"),),
        ChangeKind.RESUBORDINATE: (("new_superior_id", "请选择新上级工会。"),),
        ChangeKind.MERGE: (("into_id", "请选择并入的工会。"),),
    }
    for field, message in needed.get(change.kind, ()):
        if not getattr(change, field):
            raise DomainError(message, field=field.removesuffix("_id"))
    refuse_same(change.org, change.into, "并入的工会不能是本工会。", "into")
    if change.into is not None and change.into.state not in _LIVING:
        raise DomainError(f"“{change.into.name}”不是正常的工会，不能并入。", field="into")
    superior = change.new_superior
    if superior is not None and change.org_id in superior.chain:
        raise DomainError("新上级工会不能是本工会或其下级，请另选。", field="new_superior")


def check_not_effective(change: Any) -> None:
    """What a change did to its union is not undone by voiding the change."""
    if change.state == "effective":
        raise DomainError(
            f"变更已于{change.effective_on.isoformat()}生效，不能作废；需要改回的，请另办一次组织变更。"
        )


def check_may_request(change: Any) -> None:
    """The union lives; endings and splits say what becomes of members and property, and are audited."""
    if change.org.state not in _LIVING:
        raise DomainError(
            f"“{change.org.name}”现为“{OrgState(change.org.state).label}”，不能办理变更。",
            field="org",
        )
    if change.kind in ENDING and not change.members_plan:
        raise DomainError(
            "请填写会员去向；会员只能转入或保留，不能随撤销消失。", field="members_plan"
        )
    if change.kind in AUDITED:
        if not change.property_note.strip():
            raise DomainError("合并、分立、撤销须说明财产处置。", field="property_note")
        if not change.audit_project_no:
            raise DomainError(
                "合并、分立、撤销须经上级审计，请填写审计项目编号。", field="audit_project_no"
            )
    if change.kind == ChangeKind.DISSOLVE and not change.employer_end_proof:
        raise DomainError(
            "撤销须有所在单位终止的证明，任何组织和个人不得随意撤销工会。",
            field="employer_end_proof",
        )


def check_may_approve(change: Any) -> None:
    """The decision has a number and a day, and nothing still hangs on a union that ends."""
    if not change.decision_doc_no:
        raise DomainError("请填写批复文号。", field="decision_doc_no")
    if change.effective_on is None:
        raise DomainError("请填写生效日期。", field="effective_on")
    if change.effective_on > clock.today():
        raise DomainError("生效日期不能晚于今天，请到期办理。", field="effective_on")
    started = change.org.established_on
    if started is not None and change.effective_on < started:
        raise DomainError(f"生效日期不能早于成立日期{started.isoformat()}。", field="effective_on")
    if change.kind not in ENDING:
        return
    juniors = Org.objects.filter(superior=change.org, state__in=(*_LIVING, OrgState.PREPARING))
    outside = juniors.exclude(level__in=(OrgLevel.BRANCH, OrgLevel.GROUP)).count()
    if outside:
        raise DomainError(f"该工会还有{outside}个下级工会，请先变更它们的隶属关系。", field="org")
    if change.kind == ChangeKind.DISSOLVE and change.members_plan == "transfer":
        raise DomainError(
            "撤销没有并入的工会，会员去向请选“保留”或“按名单”。", field="members_plan"
        )


def require_superior_of_org(change: Any, by: Actor) -> None:
    """Only the superior decides on a change."""
    require_superior(by, change.org.superior_id, change.org_id, "批复组织变更")


def approve(changes: list[Any], by: Actor) -> None:
    """The changes take effect: names, places, relations, coverage, terms and certificates at once."""
    for change in changes:
        _EFFECTS[ChangeKind(change.kind)](change, by)


def _set(change: Any, by: Actor, **values: Any) -> None:
    must(write.change_many([(change.org, values)], by=by, reason=str(change)))


def _rename(change: Any, by: Actor) -> None:
    must(write.change_many([(change, {"former_name": change.org.name})], by=by))
    _set(change, by, name=change.new_name)


def _relocate(change: Any, by: Actor) -> None:
    _set(change, by, address=change.new_address)


def _resubordinate(change: Any, by: Actor) -> None:
    move(change.org, change.new_superior, change.effective_on, change.decision_doc_no)


def _split(change: Any, by: Actor) -> None:
    """The old union lives on; each part is then founded as a formation of origin 分立."""


def _suspend(change: Any, by: Actor) -> None:
    _set(change, by, state=OrgState.RECTIFYING)


def _resume(change: Any, by: Actor) -> None:
    _set(change, by, state=OrgState.LIVE)


def _merge(change: Any, by: Actor) -> None:
    coverage.hand_over(
        coverage.open_of([change.org_id]),
        change.into,
        change.effective_on,
        f"并入“{change.into.name}”",
        by,
    )
    _end(change, by)


def _dissolve(change: Any, by: Actor) -> None:
    coverage.end_all(coverage.open_of([change.org_id]), change.effective_on, "工会撤销", by)
    _end(change, by)


def _end(change: Any, by: Actor) -> None:
    cases = ElectionCase.objects.filter(org_id=change.org_id, voided_at=None).exclude(
        state__in=("confirmed", "closed")
    )
    must(write.perform_many(list(cases), "close", by=by, reason="工会撤销"))
    officers.end_terms([change.org_id], change.effective_on, by)
    certificates.cancel_all([change.org_id], change.effective_on, by)
    inside = Org.objects.filter(superior=change.org, state__in=_LIVING)
    ended = {"state": OrgState.DISSOLVED, "dissolved_on": change.effective_on}
    must(write.change_many([(org, ended) for org in [*inside, change.org]], by=by))


_EFFECTS = {
    ChangeKind.RENAME: _rename,
    ChangeKind.RELOCATE: _relocate,
    ChangeKind.RESUBORDINATE: _resubordinate,
    ChangeKind.MERGE: _merge,
    ChangeKind.SPLIT: _split,
    ChangeKind.DISSOLVE: _dissolve,
    ChangeKind.SUSPEND: _suspend,
    ChangeKind.RESUME: _resume,
}
