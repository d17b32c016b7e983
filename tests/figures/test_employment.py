"""The sentences of the half-year report on employment, in the demonstration city."""

from __future__ import annotations

import pytest

from gonghui.base.periods import Period
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from tests.figures.periods import HALF_YEAR, KNOWN, REPORT, TO_DATE


@pytest.mark.parametrize("as_of", KNOWN)
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("employment.sessions", 23),
        ("employment.trainees", 6_830),
        ("employment.train_visits", 6_871),
    ],
)
def test_the_training_of_the_half_year(city, code, value, as_of):
    assert figure(code, city, HALF_YEAR, as_of).value == value
    # What ended in July is not closed yet.
    assert figure(code, city, TO_DATE, as_of).value == value


def test_three_thousand_four_hundred_found_work(city):
    code = "employment.training_placed"
    assert figure(code, city, HALF_YEAR, REPORT).value == 3_400
    assert figure(code, city, TO_DATE, REPORT).value == 3_400
    # In September one proved untrue: the report keeps its figure.
    assert figure(code, city, HALF_YEAR).value == 3_399


@pytest.mark.parametrize("as_of", KNOWN)
def test_the_week_of_private_enterprises(city, as_of):
    # 900 多家, 4,200 余人
    assert figure("employment.fair_employers", city, HALF_YEAR, as_of).value == 918
    assert figure("employment.fair_intents", city, HALF_YEAR, as_of).value == 4_236


def test_small_loans_and_those_they_brought_to_work(city):
    assert figure("employment.loan_out", city, TO_DATE, REPORT).value == 820_000
    assert figure("employment.loan_jobs", city, TO_DATE, REPORT).value == 360
    # With those who were trained; who left and started again is counted once.
    assert figure("employment.placed", city, TO_DATE, REPORT).value == 3_760
    day = Period(REPORT, REPORT)
    assert figure("employment.loan_balance", city, day, REPORT).value == 740_000


def test_the_ledger_agrees_with_the_records():
    codes = ["sessions", "trainees", "train_visits", "training_placed", "placed"]
    codes += ["loan_out", "loan_jobs", "loan_lent", "loan_repaid", "loan_overdue"]
    codes += ["fair_employers", "fair_intents", "fair_hired"]
    assert verify([f"employment.{code}" for code in codes]).differing == ()
