"""The REST interface over the sample line."""

import json
from datetime import date

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import ApiToken
from gonghui.kernel.accounts.tokens import make_token
from gonghui.kernel.registers.write import create, perform
from tests.support.orgs import user_with
from tests.support.sample.models import Visit

PATH = "/api/v1/sample.visit/"


class Caller:
    """A program with a key."""

    def __init__(self, client, user):
        self.client = client
        self.user = user
        self.actor = actor_of(user)
        self.headers = {"authorization": f"Bearer {make_token(user, '测试', None)}"}

    def get(self, path, **query):
        return self.client.get(path, query, headers=self.headers)

    def send(self, path, body, method="post", key=""):
        headers = {**self.headers, **({"idempotency-key": key} if key else {})}
        call = getattr(self.client, method)
        return call(path, json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def basic(tree, client):
    return Caller(client, user_with(Role.BASIC, org=tree.union))


@pytest.fixture
def county(tree, client):
    return Caller(client, user_with(Role.COUNTY, org=tree.county))


@pytest.fixture
def neighbour(tree, client):
    return Caller(client, user_with(Role.COUNTY, org=tree.neighbour))


def body_for(tree, **more):
    return {"org": tree.union.pk, "title": "走访", "phone": "13800001111", **more}


def test_without_a_key_nothing_is_answered(tree, client):
    answer = client.get(PATH)
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_an_ended_key_opens_nothing(basic):
    ApiToken.objects.update(valid_to=date(2012, 1, 1))
    assert basic.get(PATH).status_code == 401


def test_a_record_is_created_read_changed_and_moved(tree, basic):
    made = basic.send(PATH, body_for(tree, visited_on="2012-03-01"))
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert (made.json()["state"], made.json()["version"]) == ("draft", 1)
    changed = basic.send(f"{PATH}{pk}/", {"title": "回访", "version": 1}, method="patch")
    assert (changed.json()["title"], changed.json()["version"]) == ("回访", 2)
    moved = basic.send(f"{PATH}{pk}/actions/submit/", {})
    assert moved.json()["state"] == "review"
    assert basic.get(f"{PATH}{pk}/").json()["title"] == "回访"


def test_a_neighbour_gets_404_and_an_empty_list(tree, basic, neighbour):
    pk = basic.send(PATH, body_for(tree)).json()["id"]
    assert neighbour.get(f"{PATH}{pk}/").status_code == 404
    assert neighbour.get(PATH).json() == {"items": [], "next": None}
    for path, body, method in (
        (f"{PATH}{pk}/", {"title": "乱改"}, "patch"),
        (f"{PATH}{pk}/void/", {"reason": "乱"}, "post"),
        (f"{PATH}{pk}/actions/confirm/", {}, "post"),
    ):
        assert neighbour.send(path, body, method).status_code == 404
    assert Visit._unscoped.get(pk=pk).version == 1


def test_creating_in_another_county_is_refused(tree, neighbour):
    answer = neighbour.send(PATH, body_for(tree))
    assert answer.status_code in {403, 422, 404}
    assert Visit._unscoped.count() == 0


def test_wrong_values_are_told_by_field(tree, basic):
    answer = basic.send(PATH, body_for(tree, title="", mood="无"))
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"title", "mood"}
    assert basic.send(PATH, body_for(tree, people="三个")).status_code == 422


def test_an_outdated_change_says_what_changed(tree, basic):
    pk = basic.send(PATH, body_for(tree)).json()["id"]
    basic.send(f"{PATH}{pk}/", {"title": "先到", "version": 1}, method="patch")
    answer = basic.send(f"{PATH}{pk}/", {"title": "后到", "version": 1}, method="patch")
    assert answer.status_code == 409
    assert answer.json()["changed"]["title"] == ["走访", "先到"]


def test_repeating_a_call_with_its_key_has_effect_once(tree, basic):
    first = basic.send(PATH, body_for(tree), key="k-1")
    second = basic.send(PATH, body_for(tree), key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Visit._unscoped.count() == 1
    other = basic.send(PATH, body_for(tree, title="另一个"), key="k-1")
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


def test_a_refused_call_can_be_repeated_with_its_key(tree, basic):
    assert basic.send(PATH, body_for(tree, title=""), key="k-2").status_code == 422
    assert basic.send(PATH, body_for(tree, title=""), key="k-2").status_code == 422
    assert Visit._unscoped.count() == 0


def test_personal_values_are_masked_for_who_may_not_change(tree, client, basic):
    pk = basic.send(PATH, body_for(tree, account="6222000011112222")).json()["id"]
    leader = Caller(client, user_with(Role.LEADER, org=tree.city))
    seen = leader.get(f"{PATH}{pk}/").json()
    assert seen["phone"] == "138****1111"
    assert "6222000011112222" not in json.dumps(seen)
    assert basic.get(f"{PATH}{pk}/").json()["phone"] == "13800001111"


def test_the_list_pages_by_key(tree, basic):
    for number in range(5):
        create(Visit, by=basic.actor, org=tree.union, title=f"走访{number}")
    first = basic.get(PATH, limit=2).json()
    assert [item["title"] for item in first["items"]] == ["走访4", "走访3"]
    second = basic.get(PATH, limit=2, after=first["next"]).json()
    assert [item["title"] for item in second["items"]] == ["走访2", "走访1"]


def test_a_figure_and_its_records(tree, basic, county):
    visit = create(Visit, by=basic.actor, org=tree.union, title="走访", visited_on=date(2012, 3, 1))
    perform(visit, "submit", by=basic.actor)
    perform(visit, "confirm", by=county.actor)
    asked = {"org": tree.county.pk, "from": "2012-01-01", "to": "2012-06-30"}
    assert county.get("/api/v1/figures/sample.visits/", **asked).json()["value"] == "1"
    records = county.get("/api/v1/figures/sample.visits/records/", **asked).json()
    assert (records["total"], records["hidden"], records["items"]) == (1, 0, [visit.pk])
    assert basic.get("/api/v1/figures/sample.visits/", **asked).status_code == 404


def test_the_interface_describes_itself(client, db):
    described = client.get("/api/v1/openapi.json").json()
    assert f"{PATH}" in described["paths"]
    assert described["info"]["title"] == "工会业务接口"
    new = described["components"]["schemas"]["SampleVisitNew"]
    assert new["properties"]["title"]["title"] == "事由"
