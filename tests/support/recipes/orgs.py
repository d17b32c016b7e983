"""Recipes of the line orgs."""

from __future__ import annotations

import itertools
from datetime import date

from gonghui.base.identity import make_uscc
from gonghui.kernel.orgs.models import Division, OrgLevel
from gonghui.kernel.registers.registry import register_of
from tests.support.making import DAY, linked, make, recipe

_count = itertools.count(1)


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


@recipe("orgs.standard_score")
def score(org):
    check = linked("orgs.standard_check", org)
    item = make(register_of("orgs.standard_item"), org=org, template=check.template)
    return {"check_of": check, "item": item, "score": 1, "evidence": "现场查看"}
