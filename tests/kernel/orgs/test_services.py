"""Placing and moving organisations."""

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs import services
from gonghui.kernel.orgs.models import Org, OrgAncestry, OrgLevel, OrgRelation, RelationKind
from gonghui.kernel.orgs.services import Placement, move, place, place_many, superior_of
from tests.support import trees

DOC = "平工〔2012〕9号"


@pytest.fixture
def orgs(db):
    return trees.small()


def path(org):
    return unscoped(Org).get(pk=org.pk).path


def relations(org, kind=RelationKind.STATS):
    found = OrgRelation._unscoped.filter(org=org, kind=kind).order_by("valid_from")
    return [(r.superior.name, r.valid_from, r.valid_to) for r in found]


def above(org, day):
    known = OrgAncestry.objects.filter(
        org=org, valid_from__lte=day, valid_to__gt=day, known_to__year=9999
    )
    return [a.ancestor.name for a in known.order_by("depth")]


def test_a_placed_org_has_all_needed_relations_a_path_and_a_superior(orgs):
    factory = orgs["一厂"]
    assert factory.path == f"{orgs.city.pk}/{orgs['叶县'].pk}/{orgs['任店'].pk}/{factory.pk}/"
    assert factory.superior_id == orgs["任店"].pk
    for kind in services.NEEDED:
        assert superior_of(factory, kind, date(2012, 1, 1)) == orgs["任店"].pk
    assert superior_of(factory, RelationKind.INDUSTRY, date(2012, 1, 1)) is None
    assert superior_of(factory, RelationKind.LEAD, date(1999, 1, 1)) is None
    assert orgs.city.path == f"{orgs.city.pk}/"


def test_superiors_may_be_placed_together_with_their_juniors_in_any_order(db):
    city, county = trees.org("市", OrgLevel.CITY), trees.org("县", OrgLevel.COUNTY)
    basic = trees.org("厂", OrgLevel.BASIC)
    place_many(
        [
            Placement(org=basic, superior=county, on=trees.FOUNDED, basis_doc=DOC),
            Placement(org=county, superior=city, on=trees.FOUNDED, basis_doc=DOC),
            Placement(org=city, superior=None, on=trees.FOUNDED, basis_doc=DOC),
        ]
    )
    assert basic.path == f"{city.pk}/{county.pk}/{basic.pk}/"
    assert above(basic, date(1990, 1, 1)) == ["厂", "县", "市"]


def test_a_move_closes_one_relation_and_opens_the_next(orgs):
    move(orgs["任店"], orgs["郏县"], date(2012, 4, 1), DOC)
    for kind in services.NEEDED:
        assert relations(orgs["任店"], kind) == [
            ("叶县", date(2000, 1, 1), date(2012, 4, 1)),
            ("郏县", date(2012, 4, 1), None),
        ]
    assert above(orgs["一厂分会"], date(2012, 3, 31)) == [
        "一厂分会",
        "一厂",
        "任店",
        "叶县",
        "市总",
    ]
    assert above(orgs["一厂分会"], date(2012, 4, 1)) == ["一厂分会", "一厂", "任店", "郏县", "市总"]
    assert (
        path(orgs["一厂"])
        == f"{orgs.city.pk}/{orgs['郏县'].pk}/{orgs['任店'].pk}/{orgs['一厂'].pk}/"
    )
    assert orgs["任店"].superior_id == orgs["郏县"].pk


def test_a_move_of_one_kind_leaves_the_others(orgs):
    move(orgs["一厂"], orgs["郏县"], date(2012, 4, 1), DOC, kinds=(RelationKind.FUND,))
    assert relations(orgs["一厂"], RelationKind.STATS) == [("任店", date(2000, 1, 1), None)]
    assert superior_of(orgs["一厂"], RelationKind.FUND, date(2012, 4, 1)) == orgs["郏县"].pk
    assert path(orgs["一厂"]).startswith(f"{orgs.city.pk}/{orgs['叶县'].pk}/")
    assert above(orgs["一厂"], date(2012, 4, 1)) == ["一厂", "任店", "叶县", "市总"]


def test_an_industry_relation_may_begin_without_a_predecessor(orgs):
    move(orgs["一厂"], orgs["郏县"], date(2012, 4, 1), DOC, kinds=(RelationKind.INDUSTRY,))
    assert relations(orgs["一厂"], RelationKind.INDUSTRY) == [("郏县", date(2012, 4, 1), None)]


def test_a_back_dated_move_lasts_until_the_next_known_change(orgs):
    move(orgs["一厂"], orgs["郏县"], date(2012, 4, 1), DOC)
    move(orgs["一厂"], orgs["洪庄"], date(2012, 2, 1), DOC)
    assert relations(orgs["一厂"]) == [
        ("任店", date(2000, 1, 1), date(2012, 2, 1)),
        ("洪庄", date(2012, 2, 1), date(2012, 4, 1)),
        ("郏县", date(2012, 4, 1), None),
    ]
    move(orgs["一厂"], orgs["四厂"], date(2012, 2, 1), DOC)
    assert relations(orgs["一厂"])[1] == ("四厂", date(2012, 2, 1), date(2012, 4, 1))


def test_a_move_before_the_first_relation_begins_earlier(orgs):
    move(orgs["一厂"], orgs["洪庄"], date(1999, 1, 1), DOC)
    assert relations(orgs["一厂"])[0] == ("洪庄", date(1999, 1, 1), date(2000, 1, 1))
    assert above(orgs["一厂"], date(1990, 1, 1)) == ["一厂", "洪庄", "叶县", "市总"]


def test_a_future_move_changes_the_path_when_its_day_has_come(orgs):
    with clock.at(date(2012, 3, 1)):
        move(orgs["任店"], orgs["郏县"], date(2012, 4, 1), DOC)
        assert path(orgs["任店"]).split("/")[1] == str(orgs["叶县"].pk)
        assert services.refresh_paths() == 0
    with clock.at(date(2012, 4, 1)):
        assert services.refresh_paths() == 4
        assert path(orgs["一厂"]).split("/")[1] == str(orgs["郏县"].pk)
        assert unscoped(Org).get(pk=orgs["任店"].pk).superior_id == orgs["郏县"].pk


@pytest.mark.parametrize(
    ("org", "superior", "on", "message"),
    [
        ("一厂", "一厂", date(2012, 4, 1), "不能以自己为上级"),
        ("叶县", "一厂分会", date(2012, 4, 1), "自己或其下级"),
        ("任店", "一厂", date(1990, 1, 1), "自己或其下级"),
        ("一厂", "任店", date(2012, 4, 1), "无需划转"),
        ("市总", "叶县", date(2012, 4, 1), "还没有上级工会"),
    ],
)
def test_a_senseless_move_is_refused_and_changes_nothing(orgs, org, superior, on, message):
    before = list(OrgRelation._unscoped.order_by("id").values())
    known = list(OrgAncestry.objects.order_by("id").values())
    with pytest.raises(DomainError, match=message):
        move(orgs[org], orgs[superior], on, DOC)
    assert list(OrgRelation._unscoped.order_by("id").values()) == before
    assert list(OrgAncestry.objects.order_by("id").values()) == known


def test_a_circle_on_a_later_day_is_refused_too(orgs):
    move(orgs["洪庄"], orgs["郏县"], date(2012, 6, 1), DOC)
    with pytest.raises(DomainError, match="自己或其下级"):
        move(orgs["郏县"], orgs["三厂"], date(2012, 1, 1), DOC)
    assert relations(orgs["郏县"]) == [("市总", date(2000, 1, 1), None)]


def test_a_move_and_a_placement_need_their_document(orgs):
    with pytest.raises(DomainError, match="依据文号"):
        move(orgs["一厂"], orgs["郏县"], date(2012, 4, 1), " ")
    with pytest.raises(DomainError, match="依据文号"):
        place(trees.org("新厂", OrgLevel.BASIC), orgs["郏县"], date(2012, 4, 1), "")


def test_an_org_is_placed_once(orgs):
    with pytest.raises(DomainError, match="划转"):
        place(orgs["一厂"], orgs["郏县"], date(2012, 4, 1), DOC)


def test_a_clock_that_was_set_back_ends_nothing_before_it_began(orgs):
    with clock.at(date(2012, 5, 1)):
        move(orgs["一厂"], orgs["洪庄"], date(2012, 4, 1), DOC)
    with clock.at(date(2012, 3, 1)):
        move(orgs["一厂"], orgs["四厂"], date(2012, 4, 2), DOC)
    assert above(orgs["一厂"], date(2012, 4, 1)) == ["一厂", "洪庄", "叶县", "市总"]
    assert above(orgs["一厂"], date(2012, 4, 2)) == ["一厂", "四厂", "郏县", "市总"]
    wrong = [a for a in OrgAncestry.objects.all() if a.known_from >= a.known_to]
    assert wrong == []


def test_nobody_comes_under_an_org_that_has_no_place_itself(orgs):
    lost = trees.org("无主", OrgLevel.TOWNSHIP)
    with pytest.raises(DomainError, match="上级工会“无主”还没有隶属关系"):
        move(orgs["一厂"], lost, date(2012, 4, 1), DOC)
    with pytest.raises(DomainError, match="上级工会“无主”还没有隶属关系"):
        place(trees.org("新厂", OrgLevel.BASIC), lost, date(2012, 4, 1), DOC)


def test_whether_an_org_keeps_balances_is_settled_when_it_is_placed(orgs):
    unscoped(Org).filter(pk=orgs["任店"].pk).update(level=OrgLevel.VILLAGE)
    unscoped(Org).filter(pk=orgs["四厂"].pk).update(level=OrgLevel.TOWNSHIP)
    move(orgs["三厂"], orgs["任店"], date(2012, 4, 1), DOC)
    move(orgs["二厂"], orgs["四厂"], date(2012, 4, 1), DOC)
    kept = OrgAncestry.objects.filter(known_to__year=9999, has_balance=True).values_list(
        "ancestor__name", flat=True
    )
    assert set(kept) == {"市总", "叶县", "郏县", "任店", "洪庄"}
