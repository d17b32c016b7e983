"""The registers of hospitals under agreement and of what they remitted."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.ledger.declare import flow, stock
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.aid.models import HospitalBenefit, HospitalDiscount, LoveHospital
from gonghui.lines.aid.services import hospitals
from gonghui.lines.aid.workflows.hospital import HANDLERS, LOVE_HOSPITAL

_OWNER = "权益保障部"
_CENTS = 100

LOVE_HOSPITALS = register(
    Register(
        key="aid.love_hospital",
        model=LoveHospital,
        date="plaque_on",
        columns=("employer", "level", "org", "plaque_on", "agreement_to", "state"),
        filters=("state", "level", "plaque_on", "agreement_to"),
        search=("employer__name",),
        sections=(
            section("医院", "org", "employer", "level", "contact", "phone"),
            section("协议", "agreement_from", "agreement_to", "plaque_on", "ended_on"),
        ),
        read_only=("plaque_on", "ended_on"),
        workflow=LOVE_HOSPITAL,
        access=(
            allow("view", *WORKING_ROLES),
            allow("add change void export", *HANDLERS),
        ),
        indicators=(
            stock(
                "aid.love_hospitals",
                "爱心医院",
                "家",
                on="plaque_on",
                until="ended_on",
                where=Q(state__in=("plaqued", "ended")),
                owner=_OWNER,
                definition="已签约挂牌的特困职工爱心医院，自挂牌日期起、终止日期止；筹备的不计。",
            ),
        ),
        api="read write",
        order=50,
        help="先登记医院、协议起止和优惠项目，再“签约挂牌”；挂牌后可登记或导入爱心就医结算清单。",
    )
)

DISCOUNTS = register(
    Register(
        key="aid.hospital_discount",
        model=HospitalDiscount,
        parent="hospital",
        columns=("item", "percent"),
        sections=(section("优惠项目", "hospital", "item", "percent"),),
        access=(
            allow("view", *WORKING_ROLES),
            allow("add change void export", *HANDLERS),
        ),
        api="read write",
        in_menu=False,
    )
)

BENEFITS = register(
    Register(
        key="aid.hospital_benefit",
        model=HospitalBenefit,
        parent="hospital",
        date="visit_on",
        columns=("person", "visit_on", "total", "discount", "settlement_no", "file"),
        filters=("visit_on",),
        search=("person__name", "person__initials", "settlement_no"),
        sections=(
            section("就医", "hospital", "person", "visit_on"),
            section("结算", "total", "discount", "settlement_no"),
        ),
        access=(
            allow("view add change void export reveal import", *HANDLERS),
            allow("view", Role.AUDIT),
        ),
        import_sheet=ImportSheet(
            title="爱心就医结算清单",
            note="医院每期的结算清单：患者须是在档困难职工家庭的人。重复导入同一张清单不会多出记录。",
            cells=(
                Cell(
                    "身份证号",
                    "person",
                    ("身份证号码", "证件号码"),
                    required=True,
                    through=hospitals.patients_of,
                    missing="身份证号有误，或没有登记这个人；请核对，未建档的先建困难职工档案",
                ),
                Cell("就诊日期", "visit_on", ("日期",), required=True),
                Cell("总费用", "total", ("总费用（元）", "费用"), required=True),
                Cell("减免金额", "discount", ("减免金额（元）", "优惠金额"), required=True),
                Cell("结算单号", "settlement_no", required=True),
            ),
            same_when=("hospital", "person", "visit_on", "settlement_no"),
        ),
        indicators=(
            flow(
                "aid.hospital_visits",
                "爱心就医人次",
                "人次",
                on="visit_on",
                owner=_OWNER,
                definition="困难职工家庭在爱心医院享受减免的就医，以就诊日期为准。",
            ),
            flow(
                "aid.hospital_discounts",
                "爱心就医减免金额",
                "元",
                on="visit_on",
                value="discount",
                scale=_CENTS,
                decimals=2,
                owner=_OWNER,
                definition="爱心医院减免的费用，以就诊日期为准；由医院承担，不是工会支付的资金。",
            ),
        ),
        derive_many=hospitals.derive_benefits,
        checks_many=hospitals.wrong_benefits,
        api="read write",
        in_menu=False,
    )
)
