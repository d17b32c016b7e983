"""What a valid record needs beyond what its fields tell, for the registers whose rules cross fields."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.base.identity import make_id_number, make_uscc
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Division, Org, OrgLevel
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import perform
from gonghui.lines.reports.models import StoredDocx
from tests.support.making import DAY, make, recipe

_count = itertools.count(1)


def _linked(key: str, org: Org):
    with acting(SYSTEM):
        return make(register_of(key), org=org)


def _another_union(org: Org) -> Org:
    return Org._unscoped.filter(level=OrgLevel.BASIC).exclude(pk=org.pk).order_by("pk").first()


@recipe("members.person")
def person(org):
    return {"id_no": make_id_number("410402", date(1970, 1, 1) + timedelta(next(_count) % 9000), 1)}


@recipe("orgs.employer")
def employer(org):
    number = next(_count)
    return {
        "uscc": make_uscc("91", "410402", f"MA{number:06d}"),
        "name": f"示例企业{number}有限公司",
        "type": "private",
    }


@recipe("orgs.headcount")
def headcount(org):
    return {"employees": 100}


@recipe("orgs.org")
def below(org):
    return {
        "superior": org if org.level != OrgLevel.BASIC else org.superior,
        "name": f"示例{next(_count)}村工会",
        "level": OrgLevel.VILLAGE,
        "kind": "village",
        "approval_doc_no": "示例〔2012〕1号",
    }


@recipe("orgs.division")
def division(org):
    number = next(_count)
    made = Division.objects.create(
        code=f"4104{number:05d}", name=f"示例{number}镇", level="township", valid_from=DAY
    )
    return {"division": made}


@recipe("orgs.union_formation")
def formation(org):
    superior = org if org.level != OrgLevel.BASIC else org.superior
    return {
        "org": superior,
        "proposed_name": f"示例{next(_count)}公司工会委员会",
        "kind": "single",
        "contact": "李示例 13800000000",
    }


@recipe("orgs.election_case")
def election(org):
    return {"kind": "renewal", "term_years": 3}


@recipe("orgs.union_term")
def term(org):
    return {"term_no": 1, "years": 3, "started_on": DAY}


@recipe("orgs.org_change")
def change(org):
    return {"kind": "rename", "new_name": f"示例新名{next(_count)}工会", "reason": "单位更名"}


@recipe("orgs.org_entry")
def entry(org):
    number = next(_count)
    return {
        "org": org if org.level != OrgLevel.BASIC else org.superior,
        "name": f"示例{number}厂工会委员会",
        "kind": "single",
        "employer_uscc": make_uscc("91", "410402", f"MB{number:06d}"),
        "employer_name": f"示例{number}厂",
        "approved_on": DAY,
    }


@recipe("orgs.census_line")
def census_line(org):
    return {"uscc": make_uscc("91", "410402", f"MC{next(_count):06d}")}


@recipe("orgs.legal_person_cert")
def certificate(org):
    return {
        "uscc": make_uscc("81", "410400", f"MC{next(_count):06d}"),
        "valid_from": DAY,
        "valid_to": date(2014, 1, 31),
    }


@recipe("orgs.standard_template")
def standard(org):
    return {"edition": next(_count), "title": "规范化建设标准"}


@recipe("members.membership")
def membership(org):
    return {"joined_on": DAY, "employ_kind": "contract"}


@recipe("members.membership_transfer")
def transfer(org):
    return {
        "membership": _linked("members.membership", org),
        "to_org": _another_union(org),
        "initiator": "self",
        "reason": "employer",
    }


@recipe("members.entrust_agreement")
def agreement(org):
    return {"user_org": _another_union(org)}


@recipe("members.member_declaration")
def declaration(org):
    return {"employees": 100, "members": 90}


@recipe("goals.target")
def target(org):
    return {
        "indicator": "sample.visits",
        "kind": "flow",
        "value": 480,
        "due_on": date(2012, 12, 31),
    }


@recipe("goals.target_revision")
def revision(org):
    plan = _linked("goals.plan_book", org)
    made = make(register_of("goals.target"), org=org, plan=plan)
    with acting(SYSTEM):
        perform(perform(plan, "consult", by=SYSTEM), "issue", by=SYSTEM, doc_no="示例〔2012〕1号")
    made.refresh_from_db()
    return {"target": made, "new_value": 500, "effective_from": date(made.year, 7, 1)}


@recipe("orgs.standard_score")
def score(org):
    check = _linked("orgs.standard_check", org)
    item = make(register_of("orgs.standard_item"), org=org, template=check.template)
    return {"check_of": check, "item": item, "score": 1, "evidence": "现场查看"}


@recipe("reports.version")
def version(org):
    content = b"docx"
    stored = StoredDocx.objects.create(
        content=content, sha256="0" * 64, size=len(content), stored_at=clock.now()
    )
    return {"file": stored}
