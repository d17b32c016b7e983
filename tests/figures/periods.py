"""The days on which the report of 2012 reads its figures."""

from datetime import date

from gonghui.base.periods import Period

REPORT = date(2012, 8, 15)
HALF_YEAR = Period(date(2012, 1, 1), date(2012, 6, 30))
TO_DATE = Period(date(2012, 1, 1), REPORT)
THAT_DAY = Period(REPORT, REPORT)
# Known at the end of the half year, when the report was written, and now.
KNOWN = (date(2012, 6, 30), REPORT, None)
