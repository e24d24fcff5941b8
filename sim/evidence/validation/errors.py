"""Errors that are known, and their causes."""

from __future__ import annotations

from sim.evidence.validation.markdown import table

CAUSES = (  # error, cause
    (
        "60+ and 65+ are 2-4 % above the yearly releases of 2021-22, 0-2 % by 2024",
        "the yearly surveys start below the census of 2020 (Anyang's 60+ fell by 2 % in a year "
        "in which "
        "no cohort could); the difference closes as the releases catch up",
    ),
    (
        "from the census of 2010, 60+ and 65+ of 2020 were 3-4 % too few in prefectures",
        "the nation's cohorts past 55 lived longer than WPP's rates at the published life expectancy say "
        "(4 per 1000 a year at 75-79); mortality.old_age_factor mends a part of it from 75 on, and to let it "
        "act earlier would raise deaths below 60 by a fifth while life expectancy is held. It is in the "
        "spread of "
        "migration.old_error; backtests from 2010 take it as it came",
    ),
    (
        "total population after 2020 in regions whose migration changed",
        "of the decade's net migration a quarter was met again (44 places), 0.4 % of the people a year "
        "around it: Zhengzhou, Guangdong, Luohe and Sanmenxia changed by 1-2 %",
    ),
    (
        "published deaths of 2020-22 are 6-10 % fewer than the published life expectancy means",
        "both are official and contradict each other; 2 % is left by 2024; observation.deaths_level is for "
        "scores, the nation's total is 0.2 % short in 2025 for it",
    ),
    (
        "from the census of 2010, 0-14 of 2020 is 6 % too few even with migration given",
        "births of 2011-19 at the nation's TFR times the ratio of 2010 miss the rise of second "
        "births "
        "in Henan; the children missed in 2010 are made whole by the nation's factor only",
    ),
    (
        "births of a region leave the nation's by 6 % in a year, 20 % in ten",
        "a random walk in 31 provinces; marriages by region are not held",
    ),
    ("deaths of the cities differ by up to 15 %", "published deaths are incomplete and uneven"),
    (
        "second births of 2013 are 4-5 points high in the past run",
        "one multiplier for all orders: rates of 2010 at a higher TFR bring more seconds",
    ),
    (
        "admissions and visits at national rates miss Henan by -7 to -13 %, Zhengzhou by -17 to "
        "-19 %, Longhu by +26 to +143 %",
        "regions differ, and patients cross their borders: need starts from the region's own base "
        "wherever it is known; where it is not, regional_factor has a range of 0.8-1.25",
    ),
    (
        "Nanyang's beds of 2015, carried back from 2020, are 21 % too many",
        "they grew by 58 % in five years, the province's by 36 %: a region's own pace is not "
        "known before it is counted; inpatient.admission_regional_growth carries a range",
    ),
    (
        "admission rates counted in 2020-22 are 11-17 % below, in 2023-24 6-7 % above the level "
        "that plans are tested against",
        "the epidemic, and what was put off; `inpatient.epidemic_years=counted` gives them back",
    ),
    (
        "third births: 11.1 % (census) and about 14.5 % (hospital births) for the same time",
        "sources differ; fertility.later_births carries the range",
    ),
    ("the official life expectancy may be too high", "deaths are under-registered; `wpp` by name"),
)


def known_errors() -> str:
    """The section on known errors."""
    return "## Known errors and their causes\n\n" + table(("error", "cause"), CAUSES)
