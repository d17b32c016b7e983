"""The roster of learners comes in twice: with names, and with hours and scores."""

from __future__ import annotations

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.models import Person
from gonghui.lines.employment.models import Enrolment
from gonghui.lines.employment.services.roster import write_learners
from tests.lines.employment.making import held, session
from tests.lines.members.making import id_number, person


def row_of(training, number, **values):
    """A row of the sheet."""
    return {
        "session": training,
        "person__name": "示例一",
        "person__id_no": number,
        "category": "migrant",
        **values,
    }


def take(rows, org):
    """The errors of a sheet by row, None where it was taken."""
    with acting(SYSTEM):
        outcomes = write_learners(rows, SYSTEM, org)
    return [each.error and (each.error.field, each.error.message) for each in outcomes]


def test_names_come_first_and_hours_later(tree):
    training = session(tree.county)
    rows = [row_of(training, id_number()) for _ in range(3)]
    assert take(rows, tree.county) == [None] * 3
    assert Person._unscoped.count() == 3
    later = [{**row, "hours_present": 36, "exam_score": 80} for row in rows]
    assert take(later, tree.county) == [None] * 3
    found = Enrolment._unscoped.filter(session=training)
    assert [(row.hours_present, row.exam_score) for row in found] == [(36, 80)] * 3
    (wrong,) = take([{**rows[0], "hours_present": 41}], tree.county)
    assert wrong == ("hours_present", "出勤41学时，超过本期40.0学时。")


def test_a_row_that_cannot_be_right_is_told_at_its_cell(tree):
    training = session(tree.county)
    number = id_number()
    errors = take(
        [
            row_of(training, number),
            row_of(training, number),
            row_of(training, "410402198001011230"),
        ],
        tree.county,
    )
    assert errors[0] is None
    assert errors[1] == ("person__id_no", "本表前面已有这个身份证号，已保留先出现的一行。")
    assert errors[2][0] == "person__id_no"


def test_who_learned_at_that_time_elsewhere_is_named(tree):
    number = id_number()
    known = person(tree.county, "示例一", id_no=number)
    held(tree.county, [known])
    other = session(tree.neighbour, title="焊工培训班", occupation="焊工")
    (error,) = take([row_of(other, number)], tree.neighbour)
    assert error == (
        "person",
        "该人员2012-03-05至2012-03-09已参加《电工技能培训班》，时间冲突。",
    )


def test_a_sheet_of_a_sessions_page_takes_that_sessions_learners(tree):
    training = session(tree.county)
    other = session(tree.county, title="焊工培训班", occupation="焊工")
    errors = take([row_of(training, id_number()), row_of(other, id_number())], training)
    assert errors == [
        None,
        ("session", f"本表是《电工技能培训班》（{training.number}）的，请核对培训编号。"),
    ]
    (person,) = Person._unscoped.all()
    assert person.org_id == tree.county.pk
