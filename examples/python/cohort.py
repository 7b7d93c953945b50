"""Says what became of a protocol's recommendations for finished patients: polars in, polars and DuckDB out."""

from datetime import datetime, timedelta, timezone

import duckdb
import polars
import shockpath

MORNING = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)


def row(patient: str, center: str, hours: float, name: str, value: float | None, unit: str | None) -> dict[str, object]:
    action = "observe" if value is not None else "event"
    at = MORNING + timedelta(hours=hours)
    return {"patient": patient, "center": center, "at": at, "name": name, "value": value, "unit": unit, "action": action}


charted = polars.DataFrame(
    [
        row("a", "north", 0, "shock_onset", None, None),
        row("a", "north", 0.2, "lactate", 46.8, "mg/dL"),
        row("a", "north", 0.2, "map", 58, "mm[Hg]"),
        row("a", "north", 2.5, "lactate", 3.1, "mmol/L"),
        row("a", "north", 12, "map", 66, "mm[Hg]"),
        row("b", "south", 0, "shock_onset", None, None),
        row("b", "south", 1, "lactate", 6.0, "mmol/L"),
        row("b", "south", 1, "lactat", 6.0, "mmol/L"),
        row("b", "south", 12, "map", 71, "mm[Hg]"),
    ]
)

# Only where everything was charted can anything be omitted.
result = shockpath.adherence(
    charted,
    "shock-monitoring",
    coverage={"observations": "complete", "events": "complete", "devices": "complete", "infusions": "complete"},
)
print(result)
print(result.reconciliation)

# Names that are not known are counted and told.
print(result.rows.unmapped_names)

opportunities = result.opportunities
print(duckdb.sql("select rule, status, count(*) as times from opportunities group by all order by all"))

summary = result.summary()
print(polars.DataFrame(summary.summary).select("rule", "opportunities", "numerator", "denominator", "rate"))
