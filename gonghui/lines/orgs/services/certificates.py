"""Legal-person certificates: rules, and how a new one takes the place of the old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base.errors import DomainError
from gonghui.base.identity import parse_uscc
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org, OrgKind
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import LegalPersonCert, UnionTerm
from gonghui.lines.orgs.models.certificate import CertCase
from gonghui.lines.orgs.models.term import Post
from gonghui.lines.orgs.services import officers
from gonghui.lines.orgs.services.trees import approvers_for, require_superior

_DAY = timedelta(days=1)
_WITHOUT = (OrgKind.ORGANIZER, OrgKind.BRANCH, OrgKind.GROUP, OrgKind.AGENCY)


def derive_certificates(certs: list[Any]) -> None:
    """Whether the representative is the chair in office, who registers, until when it holds."""
    prefetch_related_objects(certs, "org")
    chairs = officers.chairs_of(cert.org_id for cert in certs)
    registrars = approvers_for([cert.org for cert in certs if cert.registrar_id is None])
    for cert in certs:
        chair = chairs.get(cert.org_id)
        cert.rep_differs = cert.legal_rep_id is not None and (
            chair is None or chair.pk != cert.legal_rep_id
        )
        if cert.registrar_id is None:
            cert.registrar = registrars.get(cert.org_id)
        ends = [day for day in (cert.ended_on, cert.valid_to and cert.valid_to + _DAY) if day]
        cert.live_to = min(ends) if ends else None


def check_certificate(cert: Any) -> None:
    """The code is a union's, and the kind of organisation can be a legal person."""
    if cert.org.kind in _WITHOUT:
        raise DomainError(
            f"{cert.org.get_kind_display()}不具备工会法人资格，不办理法人登记。", field="org"
        )
    if cert.uscc:
        cert.uscc = parse_uscc(cert.uscc, union=True)
        if not cert.uscc.startswith(("81", "89")):
            raise DomainError("工会法人的统一社会信用代码应以81或89开头。", field="uscc")


def check_ready_to_issue(cert: Any) -> None:
    """An issued certificate is complete and ends with the term at the latest."""
    needed = ("uscc", "cert_no", "valid_from", "valid_to", "legal_rep")
    for field in needed:
        if not getattr(cert, field):
            raise DomainError(f"请填写{cert._meta.get_field(field).verbose_name}。", field=field)
    years = number_of("orgs.cert_max_years", on=cert.valid_from)
    latest = add_months(cert.valid_from, 12 * years) - _DAY
    if cert.valid_to > latest:
        raise DomainError(
            f"证书有效期最长{years}年，最晚至{latest.isoformat()}。", field="valid_to"
        )
    term = UnionTerm.objects.filter(org_id=cert.org_id, ended_on=None, voided_at=None).first()
    if term is None:
        raise DomainError("该工会没有在任的届次，不能核发证书。", field="org")
    last = term.extended_to or term.due_on
    if cert.valid_to > last:
        raise DomainError(
            f"证书有效期止{cert.valid_to.isoformat()}晚于本届届满日期{last.isoformat()}。",
            field="valid_to",
        )


def prepare_certificates(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """A first certificate is for unions without one; every other case names the one it replaces."""
    errors: dict[int, DomainError] = {}
    live = {
        cert.org_id: cert
        for cert in LegalPersonCert.objects.filter(
            org_id__in={row.org_id for row in rows.values()}, state="valid", voided_at=None
        )
    }
    for index, row in rows.items():
        old = live.get(row.org_id)
        if row.case == CertCase.FIRST and old is not None:
            errors[index] = DomainError(
                "该工会已有有效的法人资格证书，请办理变更或换领。", field="case"
            )
        elif row.case != CertCase.FIRST and old is None:
            errors[index] = DomainError(
                "该工会没有有效的法人资格证书，请办理首次登记。", field="case"
            )
        else:
            row.replaces = old
            row.uscc = row.uscc or (old.uscc if old else row.org.uscc)
    return errors


def require_registrar(cert: Any, by: Actor) -> None:
    """Only the registering union, or one above it, decides on a certificate."""
    require_superior(by, cert.registrar_id, cert.org_id, "法人登记")


def begin_replacing(certs: list[Any], by: Actor) -> None:
    """The old certificate stays in force while its successor is examined."""
    old = [cert.replaces for cert in certs if cert.replaces_id is not None]
    must(write.perform_many(old, "begin_replacing", by=by))


def refuse(certs: list[Any], by: Actor) -> None:
    """An application is sent back: the old certificate is simply valid again."""
    old = [
        c.replaces for c in certs if c.replaces_id is not None and c.replaces.state == "replacing"
    ]
    must(write.perform_many(old, "keep", by=by))


def check_not_issued(cert: Any) -> None:
    """A certificate that was issued is corrected by the next one."""
    if cert.state in ("valid", "replacing", "superseded", "cancelled"):
        raise DomainError(
            f"证书已核发（{cert.cert_no}），不能作废；登记事项有误的，请办理变更或换领。"
        )


def issue(certs: list[Any], by: Actor) -> None:
    """The new certificate is live, the old one ends the day it begins, the union bears the code."""
    old = [
        (cert.replaces, {"ended_on": max(cert.valid_from, cert.replaces.valid_from)})
        for cert in certs
        if cert.replaces_id is not None
    ]
    ended = must(write.change_many(old, by=by))
    must(write.perform_many(ended, "supersede", by=by))
    orgs = Org.objects.in_bulk([cert.org_id for cert in certs])
    must(write.change_many([(orgs[cert.org_id], {"uscc": cert.uscc}) for cert in certs], by=by))


def cancel_all(org_ids: list[int], on: Any, by: Actor) -> None:
    """The certificates of unions that end are cancelled, open applications dropped."""
    rows = LegalPersonCert.objects.filter(org_id__in=org_ids, voided_at=None)
    live = [
        (cert, {"ended_on": max(on, cert.valid_from)})
        for cert in rows.filter(state__in=("valid", "replacing"))
    ]
    ended = must(write.change_many(live, by=by))
    must(write.perform_many(ended, "cancel", by=by, reason="工会撤销"))
    waiting = list(rows.filter(state__in=("pending", "applied")))
    must(write.perform_many(waiting, "drop", by=by, reason="工会撤销"))


def follow_chairs(holders: list[Any], by: Actor) -> None:
    """Certificates learn at once that their representative is no longer, or again, the chair."""
    org_ids = {holder.org_id for holder in holders if holder.post == Post.CHAIR}
    certs = LegalPersonCert.objects.filter(
        org_id__in=org_ids, state__in=("valid", "replacing"), voided_at=None
    )
    must(write.change_many([(cert, {}) for cert in certs], by=by))


def follow_holders(holders: list[Any], created: bool, by: Actor) -> None:
    """As `follow_chairs`, after posts were entered or changed."""
    follow_chairs(holders, by)
