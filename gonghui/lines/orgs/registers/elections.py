"""Registers of elections, terms and posts."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger.declare import stock
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.orgs import prints, workflows
from gonghui.lines.orgs.models import Candidate, ElectionCase, OfficeHolder, UnionTerm
from gonghui.lines.orgs.registers.roles import EVERYONE, EXPORTERS, LOCAL, OWNER
from gonghui.lines.orgs.services import certificates, elections, officers

ELECTION = register(
    Register(
        key="orgs.election_case",
        model=ElectionCase,
        prints=prints.ELECTION,
        date="meeting_on",
        columns=("number", "org", "kind", "meeting_on", "due_attend", "attended", "state"),
        filters=("state", "kind", "meeting_on"),
        search=("number",),
        sections=(
            section("选举", "org", "kind", "form", "term_years", "members", "female_members"),
            section("名额", "committee_seats", "audit_seats"),
            section("公示", "publicity_from", "publicity_to"),
            section("请示", "requested_on", "agreed_on", "agreed_doc_no"),
            section(
                "大会",
                "meeting_on",
                "due_attend",
                "attended",
                "ballots_out",
                "ballots_back",
                "ballots_valid",
            ),
            section("罢免", "recalled", "recall_votes"),
            section("批复", "replier", "reported_on", "replied_on", "reply_doc_no", "reply"),
        ),
        workflow=workflows.ELECTION_CASE,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", *LOCAL),
            allow("export", *EXPORTERS),
        ),
        numbering=Numbering(series="选举", pattern="选举-{year}-{number:03d}"),
        derive_many=elections.derive_cases,
        checks=(elections.check_case,),
        may_be_voided=elections.check_may_go,
        read_only=(
            "replier",
            "requested_on",
            "agreed_on",
            "agreed_doc_no",
            "reported_on",
            "replied_on",
            "reply_doc_no",
            "reply",
        ),
        api="read write",
        order=3,
        help="docs/user/orgs.md",
    )
)

CANDIDATE = register(
    Register(
        key="orgs.candidate",
        model=Candidate,
        parent="case",
        columns=("person", "post", "fulltime", "votes", "elected"),
        filters=("post", "elected"),
        sections=(
            section("候选人", "person", "post", "fulltime"),
            section("申报", "is_admin_head", "is_relative", "is_hr_or_labour_head", "is_foreign"),
            section("计票", "votes"),
        ),
        access=(allow("view", *LOCAL), allow("export", Role.COUNTY, Role.DEPT)),
        derive_many=elections.bring_candidates,
        checks=(elections.check_candidate,),
        in_menu=False,
        order=4,
        help="docs/user/orgs.md",
    )
)

_TERM = "计的是届次：工会没有登记届次的不计。"

TERM = register(
    Register(
        key="orgs.union_term",
        model=UnionTerm,
        prints=prints.TERM,
        date="started_on",
        columns=("org", "term_no", "years", "started_on", "due_on", "extended_to", "state"),
        filters=("state", "due_on", "started_on", "women_committee"),
        search=("extension_doc_no",),
        sections=(
            section("届次", "org", "term_no", "years", "started_on", "election"),
            section("延期", "extended_to", "extension_doc_no", "extension_approved_on"),
            section("名额", "committee_seats", "audit_seats", "women_committee"),
        ),
        workflow=workflows.UNION_TERM,
        access=(
            allow("view", *EVERYONE),
            allow("add change void", Role.COUNTY, Role.INDUSTRY, Role.DEPT),
            allow("export", *EXPORTERS),
        ),
        indicators=(
            stock(
                "orgs.term_overdue",
                "超期未换届工会数",
                "个",
                on="overdue_from",
                until="valid_to",
                owner=OWNER,
                definition="计：届满（批准延期的，延期届满）次日起仍未换届的。不计：已换届的、届满当天的。"
                + _TERM,
            ),
            stock(
                "orgs.term_due_90",
                "90天内届满工会数",
                "个",
                on="due_soon_from",
                until="due_soon_to",
                owner=OWNER,
                definition="计：距届满（含批准的延期）不足90天、尚未届满的，含届满当天。不计：已经超期的。"
                + _TERM,
            ),
        ),
        before_many=officers.end_previous_terms,
        derive=officers.derive_term,
        checks=(officers.check_term,),
        checks_many=officers.check_terms,
        may_be_voided=officers.check_term_may_go,
        read_only=("election", "extended_to", "extension_doc_no", "extension_approved_on"),
        api="read",
        order=5,
        help="docs/user/orgs.md",
    )
)

HOLDER = register(
    Register(
        key="orgs.office_holder",
        model=OfficeHolder,
        date="started_on",
        parent="term",
        columns=("org", "post", "person", "fulltime", "started_on", "ended_on", "state"),
        filters=("post", "fulltime", "state", "started_on"),
        search=("person__name",),
        sections=(
            section("任职", "person", "post", "fulltime", "seconded", "is_acting", "started_on"),
            section("劳动合同", "contract_to", "hire_protect_to"),
            section("离任", "ended_on", "end_reason", "consent_doc_no", "vacancy_due_on"),
        ),
        workflow=workflows.OFFICE_HOLDER,
        access=(allow("view", *EVERYONE), allow("export", *EXPORTERS)),
        indicators=(
            stock(
                "orgs.chairs",
                "在任工会主席数",
                "人",
                on="started_on",
                until="ended_on",
                where=Q(post="chair"),
                owner=OWNER,
                definition="计：在任的工会主席，含代理主席。不计：副主席；离任当天起不计。",
            ),
            stock(
                "orgs.fulltime_officers",
                "专职工会干部任职数",
                "人",
                on="started_on",
                until="ended_on",
                where=Q(fulltime="full"),
                owner=OWNER,
                definition="计：以专职方式担任的工会职务，一人两职计2。不计：兼职、挂职、社会化。",
            ),
        ),
        derive_many=officers.derive_holders,
        checks=(officers.check_holder,),
        after_many=certificates.follow_holders,
        after_void_many=certificates.follow_chairs,
        read_only=("hire_protect_to", "vacancy_due_on", "ended_on", "end_reason", "consent_doc_no"),
        order=6,
        help="docs/user/orgs.md",
    )
)
