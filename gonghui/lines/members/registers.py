"""The registers of the line."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from gonghui.kernel import persons
from gonghui.kernel.access.roles import Role
from gonghui.kernel.orgs.services import live_unions
from gonghui.kernel.people.employers import live_employers
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.declare import (
    Allow,
    Numbering,
    Reaction,
    Register,
    allow,
    section,
)
from gonghui.kernel.registers.merging import check_not_merged
from gonghui.kernel.registers.registry import register
from gonghui.kernel.registers.uses import check_is_unused
from gonghui.lines.members import indicators, prints, roster, workflows
from gonghui.lines.members.models import (
    DuplicateCase,
    EntrustAgreement,
    MemberCard,
    MemberDeclaration,
    Membership,
    MembershipApplication,
    MembershipEvent,
    MembershipTransfer,
    RosterCheck,
    RosterDifference,
)
from gonghui.lines.members.services import (
    admissions,
    applying,
    declarations,
    duplicates,
    events,
    founding,
    reconciling,
    transfers,
)

VIEWERS = (
    Role.BASIC,
    Role.STATION,
    Role.COUNTY,
    Role.INDUSTRY,
    Role.DEPT,
    Role.LEADER,
    Role.AUDIT,
)
KEEPERS = (Role.BASIC, Role.STATION, Role.COUNTY)


def _access(*more: Allow) -> tuple[Allow, ...]:
    return (
        allow("view", *VIEWERS),
        allow("add change", *KEEPERS, Role.DEPT),
        allow("void", Role.COUNTY, Role.DEPT),
        allow("import", *KEEPERS, Role.DEPT),
        allow("export", Role.BASIC, Role.COUNTY, Role.DEPT),
        *more,
    )


def _unions(_: Any) -> QuerySet[Any]:
    """Where a member may go or be kept: any union of the city, not only those in the scope."""
    return live_unions()


def _employers(_: Any) -> QuerySet[Any]:
    """Where a member works: any employer of the city, an agency's workers are at others."""
    return live_employers()


_EMPLOYERS = {"employer": _employers, "user_employer": _employers}

PERSONS = register(
    Register(
        key="members.person",
        model=Person,
        columns=("name", "org", "sex", "born_on", "phone", "verify_level"),
        filters=("sex", "education", "political", "hukou_kind", "verify_level"),
        search=("name", "initials"),
        sections=(
            section("身份", "name", "id_type", "id_no", "sex", "born_on", "ethnic"),
            section("联系与背景", "phone", "hukou_kind", "education", "political", "deceased_on"),
        ),
        access=_access(allow("reveal", Role.BASIC, Role.COUNTY, Role.DEPT)),
        before_many=persons.refuse_known,
        derive=persons.derive,
        after_many=admissions.refresh_copies,
        may_be_voided=check_is_unused,
        order=90,
        api="read write",
        help="一人一档。证件号码加密保存，查看明文须填写用途并留痕。",
    )
)

MEMBERSHIPS = register(
    Register(
        key="members.membership",
        model=Membership,
        prints=prints.MEMBERSHIP,
        date="joined_on",
        columns=(
            "number",
            "person",
            "org",
            "employ_kind",
            "is_migrant",
            "newform_group",
            "joined_on",
            "state",
        ),
        filters=(
            "state",
            "employ_kind",
            "is_migrant",
            "newform_group",
            "sex",
            "origin",
            "joined_on",
            "is_backfilled",
        ),
        search=("number", "person__name", "person__initials"),
        sections=(
            section("会籍", "person", "joined_on", "came_from", "origin", "first_admission"),
            section(
                "用工",
                "employ_kind",
                "employer",
                "user_employer",
                "is_migrant",
                "newform_group",
                "job_title",
                "post_class",
                "group_name",
            ),
            section("会费", "dues_paid_through"),
            section("去向", "moving_to", "left_on", "leave_kind"),
        ),
        read_only=("origin", "first_admission", "moving_to", "left_on", "leave_kind"),
        workflow=workflows.MEMBERSHIP,
        access=_access(),
        import_sheet=roster.ROSTER,
        indicators=indicators.MEMBERSHIP,
        numbering=Numbering(
            series="会员", pattern="{year}{number:07d}", date="joined_on", by_org=False
        ),
        reacts=(
            Reaction("orgs.union_formation", "establish", founding.activate_founders),
            Reaction("orgs.union_formation", "close", founding.drop_founders),
            Reaction("orgs.union_formation", "void", founding.drop_founders),
            Reaction("orgs.org_change", "effect", founding.follow_changes),
        ),
        choose_from=_EMPLOYERS,
        before_many=admissions.settle_new,
        derive_many=admissions.derive,
        checks_many=admissions.wrong_dates,
        after_many=admissions.settle_homes,
        may_be_voided=transfers.check_is_not_moving,
        order=10,
        api="read write",
        help="会员花名册。增员可逐人登记、扫码申请或导入花名册；退休等请办理会籍变动。",
    )
)

APPLICATIONS = register(
    Register(
        key="members.membership_application",
        model=MembershipApplication,
        prints=prints.APPLICATION,
        date="applied_on",
        columns=("number", "name", "org", "channel", "applied_on", "decided_on", "state"),
        filters=("state", "channel", "applied_on"),
        search=("number", "name"),
        sections=(
            section("申请人", "name", "id_type", "id_no", "phone", "hukou_kind"),
            section(
                "申请",
                "target_org",
                "channel",
                "applied_on",
                "declared",
            ),
            section(
                "用工",
                "employ_kind",
                "employer",
                "user_employer",
                "is_migrant",
                "newform_group",
                "job_title",
            ),
            section("审核", "decided_on", "return_reason", "membership"),
        ),
        read_only=("decided_on", "return_reason", "membership"),
        workflow=workflows.APPLICATION,
        access=_access(allow("reveal", *KEEPERS)),
        numbering=Numbering(series="入会", pattern="入会-{year}-{number:04d}", date="applied_on"),
        choose_from={**_EMPLOYERS, "target_org": _unions},
        before_many=applying.settle_new,
        derive=applying.derive,
        checks=(applying.check_days,),
        may_be_voided=applying.check_not_admitted,
        order=20,
        api="read write",
        help="职工申请入会，由基层工会审核；没有工会的进入待分配，由乡镇（街道）或县级分配。",
    )
)

TRANSFERS = register(
    Register(
        key="members.membership_transfer",
        model=MembershipTransfer,
        prints=prints.TRANSFER,
        date="requested_on",
        columns=(
            "number",
            "person",
            "from_org",
            "to_org",
            "reason",
            "requested_on",
            "is_auto_confirmed",
            "state",
        ),
        filters=("state", "initiator", "reason", "requested_on", "is_auto_confirmed"),
        search=("number", "person__name", "batch"),
        sections=(
            section("会员", "membership", "person", "from_org"),
            section(
                "去向", "to_org", "to_outside", "to_province", "initiator", "reason", "return_on"
            ),
            section(
                "办理",
                "requested_on",
                "batch",
                "out_confirmed_on",
                "is_auto_confirmed",
                "sent_on",
                "in_accepted_on",
                "result",
            ),
        ),
        read_only=(
            "person",
            "from_org",
            "out_confirmed_on",
            "is_auto_confirmed",
            "sent_on",
            "in_accepted_on",
            "result",
        ),
        workflow=workflows.TRANSFER,
        access=(
            allow("view", *VIEWERS),
            allow("add change", *KEEPERS, Role.DEPT),
            allow("export", Role.BASIC, Role.COUNTY, Role.DEPT),
        ),
        numbering=Numbering(
            series="接转", pattern="接转-{year}-{number:05d}", date="requested_on", by_org=False
        ),
        choose_from={"to_org": _unions},
        before_many=transfers.settle_new,
        derive=transfers.derive,
        after_many=transfers.announce,
        order=30,
        api="read write",
        help="转出工会10天内确认，逾期自动确认；转入工会15天内接收，逾期由县级指定。",
    )
)

EVENTS = register(
    Register(
        key="members.membership_event",
        model=MembershipEvent,
        prints=prints.EVENT,
        date="happened_on",
        columns=("membership", "org", "kind", "happened_on", "reason", "state"),
        filters=("state", "kind", "happened_on"),
        search=("membership__number", "reason"),
        sections=(
            section("变动", "membership", "kind", "happened_on", "reason", "to_org"),
            section("依据", "persuaded_on", "decision_doc", "filed_with_superior_on", "new_name"),
        ),
        workflow=workflows.EVENT,
        access=_access(),
        parent="membership",
        choose_from={"to_org": _unions},
        before_many=events.refresh,
        checks=(events.check_day,),
        may_be_voided=events.check_not_confirmed,
        order=40,
        api="read write",
        help="保留、恢复、退会、视为退会、除名、去世和信息更正，确认后生效。",
    )
)

DECLARATIONS = register(
    Register(
        key="members.member_declaration",
        model=MemberDeclaration,
        prints=prints.DECLARATION,
        date="as_of",
        columns=("org", "year", "as_of", "employees", "members", "female_members", "state"),
        filters=("state", "year"),
        search=("org__name",),
        sections=(
            section("期间", "year", "as_of"),
            section("职工", "employees", "female", "migrant", "dispatch"),
            section(
                "会员",
                "members",
                "female_members",
                "migrant_members",
                "dispatch_members",
                "newform_members",
                "jump_note",
            ),
            section("填报", "signed_by", "signed_on"),
        ),
        workflow=workflows.DECLARATION,
        access=_access(),
        import_sheet=roster.DECLARATIONS,
        indicators=indicators.DECLARATION,
        checks=(declarations.check_parts,),
        checks_many=declarations.check_jumps,
        after_void_many=declarations.chain,
        order=50,
        api="read write",
        help="统计年报的会员数，县审、市审后锁定；旁边显示实名数，差额可查到人。",
    )
)

DUPLICATES = register(
    Register(
        key="members.duplicate_case",
        model=DuplicateCase,
        date="found_on",
        columns=("first", "second", "score", "reasons", "found_on", "decided_on", "state"),
        filters=("state", "found_on"),
        search=("first__name", "second__name"),
        sections=(
            section("人员", "first", "second", "score", "reasons", "found_on"),
            section("核定", "kept", "decided_on"),
        ),
        read_only=("score", "reasons", "found_on", "kept", "decided_on"),
        before_many=duplicates.judge,
        workflow=workflows.DUPLICATE,
        access=(
            allow("view add change", Role.COUNTY, Role.DEPT),
            allow("void export", Role.DEPT),
        ),
        indicators=indicators.DUPLICATE,
        may_be_voided=check_not_merged,
        order=60,
        help="合并后各条线指向该人员的记录一并改挂，30天内可撤销。",
    )
)

ROSTER_CHECKS = register(
    Register(
        key="members.roster_check",
        model=RosterCheck,
        date="checked_on",
        columns=("org", "checked_on", "listed", "gone", "fresh", "settled_on", "state"),
        filters=("state", "checked_on"),
        search=("org__name",),
        sections=(section("对账", "checked_on", "listed", "gone", "fresh", "settled_on"),),
        read_only=("listed", "gone", "fresh", "settled_on"),
        workflow=workflows.ROSTER_CHECK,
        access=(
            allow("view", *VIEWERS),
            allow("add change void", *KEEPERS),
            allow("export", Role.BASIC, Role.COUNTY, Role.DEPT),
        ),
        derive=reconciling.derive_check,
        may_be_voided=reconciling.check_may_be_deleted,
        after_void_many=reconciling.drop_lines,
        panels=("gonghui.lines.members.panels.payroll",),
        order=45,
        help="把工资名册同会员名册对一遍，只留下不一致的人，逐人核定离职、退休、新进。",
    )
)

ROSTER_DIFFERENCES = register(
    Register(
        key="members.roster_difference",
        model=RosterDifference,
        parent="check_of",
        columns=("name", "kind", "membership", "happened_on", "state"),
        filters=("check_of", "kind", "state"),
        search=("membership__number",),
        sections=(
            section("差异", "check_of", "kind", "membership", "name", "id_no"),
            section("核定", "employ_kind", "happened_on"),
        ),
        # The comparison makes the rows: nobody enters one by hand.
        read_only=(
            "check_of",
            "kind",
            "membership",
            "name",
            "id_no",
            "employ_kind",
            "happened_on",
        ),
        workflow=workflows.ROSTER_DIFFERENCE,
        access=(
            allow("view", *KEEPERS),
            allow("export", Role.COUNTY),
            allow("reveal", *KEEPERS),
        ),
        may_be_voided=reconciling.check_was_replaced,
        order=46,
        help="工资名册与会员名册不一致的人。名册中一致的人不留存。",
    )
)

CARDS = register(
    Register(
        key="members.member_card",
        model=MemberCard,
        date="issued_on",
        columns=("card_no", "person", "org", "kind", "issued_on", "valid_to", "state"),
        filters=("state", "kind", "issued_on"),
        search=("card_no", "person__name"),
        sections=(section("会员卡", "person", "card_no", "kind", "issued_on", "valid_to"),),
        workflow=workflows.CARD,
        access=_access(),
        order=70,
        api="read write",
    )
)

AGREEMENTS = register(
    Register(
        key="members.entrust_agreement",
        model=EntrustAgreement,
        date="valid_from",
        columns=("org", "user_org", "valid_from", "valid_to"),
        filters=("valid_from",),
        search=("org__name", "user_org__name"),
        sections=(section("协议", "user_org", "valid_from", "valid_to", "scope"),),
        choose_from={"user_org": _unions},
        access=_access(),
        order=80,
        api="read write",
    )
)
