"""Amounts of money in yuan, exact to the cent (分)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from gonghui.base.errors import DomainError
from gonghui.base.numerals import capital

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 16
_UNITS = {
    "元": 1,
    "百元": 100,
    "千元": 1000,
    "万元": 10**4,
    "百万元": 10**6,
    "千万元": 10**7,
    "亿元": 10**8,
}
_AMOUNT = re.compile(
    r"(?P<sign>[-−]?)[￥¥]?(?P<sign2>[-−]?)(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
    r"(?P<scale>百万|千万|亿|万|千|百)?(?P<yuan>元)?整?"
)


def cents(amount: Decimal | int | str) -> int:
    """The amount in cents; an amount that is finer than a cent is refused, not rounded."""
    try:
        value = Decimal(amount)
        whole = value.quantize(_CENT)
    except InvalidOperation:
        raise DomainError(f"金额“{amount}”不是有效的数字，请核对", field="amount") from None
    if whole != value:
        raise DomainError(f"金额{value}元的小数超过两位，请精确到分", field="amount")
    return int(whole * 100)


def yuan(in_cents: int) -> Decimal:
    """The amount in yuan, always with two decimals."""
    return Decimal(in_cents).scaleb(-2)


def split(total: int, weights: Sequence[Decimal | int]) -> list[int]:
    """Shares in proportion to the weights, by largest remainder: their sum is the total exactly.

    Equal remainders go to the earlier weight. Work in cents to split money.
    """
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    if whole <= 0 or min(exact) < 0:
        raise DomainError("分配权重不能为负，合计须大于零，请核对权重", code="weights")
    sign = -1 if total < 0 else 1
    quotas = [abs(total) * weight / whole for weight in exact]
    shares = [int(quota) for quota in quotas]
    by_remainder = sorted(range(len(quotas)), key=lambda i: shares[i] - quotas[i])
    for index in by_remainder[: abs(total) - sum(shares)]:
        shares[index] += 1
    return [sign * share for share in shares]


def in_words(amount: Decimal | int | str) -> str:
    """The amount as vouchers spell it: 人民币壹仟零伍元贰角整."""
    in_cents = cents(amount)
    if abs(in_cents) >= _LARGEST * 100:
        raise DomainError("金额超过一亿亿元，无法写成大写，请核对", field="amount")
    whole, rest = divmod(abs(in_cents), 100)
    tenths, hundredths = divmod(rest, 10)
    text = capital(whole) + "元" if whole or not rest else ""
    if tenths:
        text += capital(tenths) + "角"
    elif hundredths and whole:
        text += "零"
    text += capital(hundredths) + "分" if hundredths else "整"
    return f"人民币{'负' if in_cents < 0 else ''}{text}"


def parse_amount(text: str, unit: str = "元") -> Decimal:
    """The yuan that a cell or a form field means; its own unit (1.2万元) goes before `unit`.

    `unit` is that of the column or field. As soon as the text names a scale or 元 itself,
    `unit` is not applied: 1.2万 in a column of 万元 is 12,000 yuan.
    """
    tidy = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    match = _AMOUNT.fullmatch(tidy)
    if match is None or (match["sign"] and match["sign2"]):
        raise DomainError(
            f"金额“{text.strip()}”看不懂，请只填数字，例如1234.50", field="amount", code="amount"
        )
    own_unit = f"{match['scale'] or ''}元" if match["scale"] or match["yuan"] else unit
    value = Decimal(match["number"].replace(",", "")) * _UNITS[own_unit]
    if match["sign"] or match["sign2"]:
        value = -value
    return yuan(cents(value))
