"""The year of rates and rules: 365 days, as bed-days and working hours are counted in statistics.

Leap days are the hospital model's alone, which walks through a calendar.
"""

DAYS_PER_YEAR = 365.0
HOURS_PER_YEAR = 24.0 * DAYS_PER_YEAR
MINUTES_PER_HOUR = 60.0
MINUTES_PER_YEAR = MINUTES_PER_HOUR * HOURS_PER_YEAR
