"""Stages a table of patients and counts, without a row in Python: polars in, polars and DuckDB out."""

from datetime import datetime, timedelta, timezone

import duckdb
import polars
import shockpath

MORNING = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)

charted = polars.DataFrame(
    {
        "patient": ["a", "a", "b", "c"],
        "at": [MORNING, MORNING + timedelta(hours=2), MORNING, MORNING],
        "sbp": [84.0, 78.0, 121.0, None],
        "map": [61.0, 55.0, 88.0, 58.0],
        "lactate": [27.0, 74.0, 9.0, 30.6],
        "hr": [112, 128, 76, 990],
    }
)

result = shockpath.assess_table(
    charted,
    ["scai-stage", "shock-recognition"],
    at="each",
    units={"sbp": "mm[Hg]", "map": "mm[Hg]", "lactate": "mg/dL", "hr": "/min"},
)
print(result)

stages = polars.DataFrame(result.classifications)
print(stages)

# A value that is physically impossible is refused: the concept is unknown from there.
print(polars.DataFrame(result.issues))

recommendations = result.recommendations
counts = "select status, count(*) as rules from recommendations group by status order by rules desc"
print(duckdb.sql(counts))
