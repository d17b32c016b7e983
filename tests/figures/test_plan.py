"""The plan of the demonstration city follows from its seed alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

from demo import plan, planning
from demo.accounts import ACCOUNTS
from demo.loading import accounts_to_show, is_loaded
from demo.names import old_number, person
from demo.places import COUNTIES, TOWNSHIPS
from gonghui.base.identity import parse_id_number, parse_uscc
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import User

_DIGEST = """
import django, hashlib
django.setup()
from demo import names, planning
made = planning.city(2012)
text = repr([(u.name, u.story, u.kind, u.superior, u.approved_on, u.founders, u.tags,
              [(w.serial, w.uscc, w.employees, w.opened_on) for w in u.workplaces]) for u in made.unions])
text += repr([names.person(n, "410402") for n in range(5000)])
print(hashlib.sha256(text.encode()).hexdigest())
"""


def _digest(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        env={
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONHASHSEED": hash_seed,
            **_database(),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _database() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DATABASE_URL", "PATH") if name in os.environ}


def test_two_processes_plan_the_same_city():
    assert _digest("1") == _digest("2")


def test_another_seed_plans_another_city_of_the_same_size():
    one, other = planning.city(2012), planning.city(7)
    assert [u.approved_on for u in one.unions] != [u.approved_on for u in other.unions]
    assert len(one.covered()) == len(other.covered()) == 6_800


def test_a_scale_multiplies_unions_and_employers():
    large = planning.city(2012, 3)
    alive = [union for union in large.unions if union.story in plan.ALIVE]
    assert len(alive) == 3 * 6_320
    assert len(large.covered()) == 3 * 6_800
    assert sum(each.employees for each in large.covered()) == 3 * 836_000
    assert len(large.of(plan.Story.NEW)) == 3 * 547


def test_the_frame_is_that_of_the_city():
    assert len(COUNTIES) == 10
    assert len({each.code for each in TOWNSHIPS}) == 138


def test_invented_numbers_are_well_formed_and_nobody_has_anothers():
    people = [person(serial, "410402") for serial in range(1, 30_000)]
    assert len({each.id_no for each in people}) == len(people)
    for each in people[::97]:
        read = parse_id_number(each.id_no)
        assert (read.born_on, read.sex) == (each.born_on, each.sex)
        assert parse_id_number(old_number(each.id_no)).value == each.id_no
    employers = [each for union in planning.city().unions for each in union.workplaces]
    codes = Counter(each.uscc for each in employers)
    assert all(parse_uscc(code, union=False) == code for code in list(codes)[::50])
    names = {each.name for each in employers}
    assert {name for name in names if "示例" not in name} == {"平煤神马集团", "平棉纺织集团"}


def test_there_is_an_account_for_every_role_and_a_table_of_them():
    assert is_loaded()
    assert {account.role for account in ACCOUNTS} == set(Role)
    for account in ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert not user.must_change_password
        assert user.grants.count() == len(account.at)
    lines = accounts_to_show()
    assert any("zuzhibu" in line and "组织部" in line for line in lines)
    assert len(lines) == 2 + sum(account.shown for account in ACCOUNTS)
