from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from gonghui.base.printed import OVER
from gonghui.base.wording import NotTrue, Word, Wording, judge, percent, phrase

values = st.one_of(
    st.integers(0, 2000),
    st.integers(0, 10**12),
    st.decimals(0, 10**9, places=2),
)
plain_wordings = st.builds(
    Wording,
    word=st.sampled_from(Word),
    step=st.one_of(st.none(), st.sampled_from([1, 5, 10, 50, 100, 1000])),
    scale=st.sampled_from(["", "千", "万", "百万", "亿"]),
)
decimal_wordings = st.builds(
    Wording,
    word=st.sampled_from([word for word in Word if word not in OVER]),
    scale=st.sampled_from(["", "千", "万", "百万", "亿"]),
    decimals=st.integers(0, 3),
)
capital_wordings = st.builds(
    Wording, word=st.sampled_from([Word.EXACT, Word.REACH]), capital=st.just(True)
)
wordings = st.one_of(plain_wordings, decimal_wordings, capital_wordings)


def printed_or_none(x, wording, **options):
    try:
        return phrase(x, wording, **options)
    except NotTrue:
        return None


@settings(max_examples=500)
@given(values, wordings, st.sampled_from(["", "家", "人次", "元", "千克"]), values)
def test_whatever_is_printed_is_judged_true(x, wording, unit, previous):
    text = printed_or_none(x, wording, unit=unit, previous=previous)
    if text is not None:
        verdict = judge(text, x, unit=unit, previous=previous)
        assert verdict.true, (text, verdict.reason)


@given(
    st.decimals(0, 3, places=5),
    st.one_of(plain_wordings, decimal_wordings).filter(lambda wording: not wording.scale),
    st.sampled_from(["%", "个百分点"]),
)
def test_whatever_ratio_is_printed_is_judged_true(x, wording, unit):
    text = printed_or_none(x, wording, unit=unit)
    if text is not None:
        assert judge(text, x, unit=unit).true, text


@given(st.decimals(0, 10, places=6), st.integers(0, 3))
def test_a_percentage_is_always_true(x, decimals):
    assert judge(percent(x, decimals), x).true


@given(st.integers(0, 10**9))
def test_a_count_can_always_be_printed_as_it_is(x):
    assert phrase(x) == str(x)
    assert judge(str(x), x).true
    assert not judge(str(x), x + 1).true


@given(st.integers(11, 10**9))
def test_words_of_approximation_never_reach_the_figure_they_name(x):
    for word in (Word.NEAR, Word.OVER_YU):
        text = printed_or_none(x, Wording(word=word))
        if text is not None:
            named = int(text.strip("近余"))
            assert not judge(text, named).true
            assert (named > x) == (word is Word.NEAR)
            assert abs(Decimal(named - x)) < x


@given(st.text(max_size=12), st.integers(0, 10**6))
def test_odd_text_gets_a_verdict_and_no_accident(text, x):
    verdict = judge(text, x)
    assert verdict.true or verdict.reason
