"""Many patients from tables of every kind, with tables back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest
import shockpath

MORNING = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
LATER = MORNING + timedelta(hours=2)
UNITS = {"sbp": "mm[Hg]", "map": "mm[Hg]", "lactate": "mmol/L"}
WIDE: dict[str, list[Any]] = {
    "patient": ["a", "a", "b"],
    "at": [MORNING, LATER, MORNING],
    "sbp": [82.0, None, 130.0],
    "map": [55.0, 50.0, 90.0],
    "lactate": [5.2, 9.1, None],
}
PROTOCOLS = ["scai-stage", "shock-recognition"]


def levels(result: shockpath.TableResult) -> list[tuple[str, datetime, str]]:
    rows = polars.DataFrame(result.classifications).filter(polars.col("protocol").cast(polars.String) == "scai-stage")
    return list(zip(rows["patient"].cast(polars.String), rows["at"], rows["possible"].cast(polars.String)))


def one_by_one(library: shockpath.Library) -> list[tuple[str, datetime, str]]:
    """The same patients as records."""
    found = []
    for patient in ("a", "b"):
        entries = [
            {
                "at": at,
                "observe": {
                    name: f"{WIDE[name][row]} {unit}" for name, unit in UNITS.items() if WIDE[name][row] is not None
                },
            }
            for row, (held, at) in enumerate(zip(WIDE["patient"], WIDE["at"]))
            if held == patient
        ]
        record = library.record({"id": patient, "entries": entries})
        for at in record.instants:
            stage = library.assess(record, PROTOCOLS, at=at)["scai-stage"].classifications[0]
            found.append((patient, at, "|".join(stage.possible)))
    return found


def tables() -> dict[str, Any]:
    wide = pyarrow.table(WIDE)
    return {
        "pyarrow": wide,
        "batch": wide.to_batches()[0],
        "reader": wide.to_reader(max_chunksize=1),
        "polars": polars.DataFrame(WIDE),
        "pandas": pandas.DataFrame(WIDE),
        "duckdb": duckdb.sql("select * from wide"),
        "dictionary": wide.set_column(0, "patient", wide["patient"].dictionary_encode()),
        "nanoseconds": wide.set_column(1, "at", wide["at"].cast(pyarrow.timestamp("ns", "Asia/Seoul"))),
        "texts": wide.set_column(1, "at", pyarrow.array([at.isoformat() for at in WIDE["at"]])),
    }


@pytest.mark.parametrize("kind", list(tables()))
def test_a_table_says_what_records_say(library: shockpath.Library, kind: str) -> None:
    result = library.assess_table(tables()[kind], PROTOCOLS, at="each", units=UNITS)
    assert levels(result) == one_by_one(library)
    assert (result.patients, result.assessments, result.issues.num_rows) == (2, 3, 0)
    assert result.evaluations == result.recommendations.num_rows


def test_every_rule_agrees_with_the_record(library: shockpath.Library) -> None:
    result = library.assess_table(pyarrow.table(WIDE), at="each", units=UNITS)
    found = {
        (row["patient"], row["at"], row["protocol"], row["rule"]): (row["status"], row["truth"], row["opened"])
        for row in pyarrow.table(result.recommendations).to_pylist()
    }
    values = {
        (row["patient"], row["at"], row["protocol"], row["definition"]): row
        for row in pyarrow.table(result.definitions).to_pylist()
    }
    scores = {
        (row["patient"], row["at"], row["protocol"], row["score"]): (row["min"], row["max"])
        for row in pyarrow.table(result.scores).to_pylist()
    }
    count = 0
    for patient in ("a", "b"):
        entries = [
            {"at": WIDE["at"][row], "observe": {n: f"{WIDE[n][row]} {u}" for n, u in UNITS.items() if WIDE[n][row] is not None}}
            for row in range(3)
            if WIDE["patient"][row] == patient
        ]
        record = library.record({"id": patient, "entries": entries})
        for at in record.instants:
            for said in library.assess(record, at=at):
                rules: list[shockpath.Recommendation | shockpath.MonitoringItem] = [*said.recommendations, *said.monitoring]
                for rule in rules:
                    opened = getattr(rule, "opened", None)
                    status, truth, since = found[patient, at, rule.protocol, rule.id]
                    assert (status, truth) == (rule.status, rule.truth), rule
                    if isinstance(rule, shockpath.Recommendation):
                        assert since == (None if opened is None else datetime.fromisoformat(opened))
                    count += 1
                for name, definition in said.definitions.items():
                    row = values[patient, at, said.protocol.id, name]
                    if isinstance(definition.value, bool):
                        assert row["truth"] == str(definition.value).lower()
                    elif definition.value is not None:
                        assert row["low"] == row["high"] == definition.value and row["unit"] == definition.unit
                for score in said.scores:
                    assert scores[patient, at, score.protocol, score.id] == (score.min, score.max)
    assert count == result.recommendations.num_rows


def test_a_long_table(library: shockpath.Library) -> None:
    rows = [
        (WIDE["patient"][row], WIDE["at"][row], name, WIDE[name][row], unit)
        for row in range(3)
        for name, unit in UNITS.items()
        if WIDE[name][row] is not None
    ]
    long = polars.DataFrame(rows, schema=["patient", "at", "name", "value", "unit"], orient="row")
    assert levels(library.assess_table(long, PROTOCOLS, at="each")) == one_by_one(library)
    texts = long.with_columns(polars.col("value").cast(polars.String))
    assert levels(library.assess_table(texts, PROTOCOLS, at="each")) == one_by_one(library)
    wrong = long.with_columns(polars.lit(None, polars.String).alias("unit"))
    issues = polars.DataFrame(library.assess_table(wrong, PROTOCOLS).issues)
    assert set(issues["code"]) == {"E403"} and len(issues) == len(long)
    unknown = long.with_columns(polars.col("name").replace("lactate", "lactat"))
    issues = polars.DataFrame(library.assess_table(unknown, PROTOCOLS).issues)
    assert set(issues["code"]) == {"E402"} and "did you mean `lactate`?" in set(issues["help"])


def test_units_are_converted_and_never_guessed(library: shockpath.Library) -> None:
    wide = polars.DataFrame(WIDE)
    with pytest.raises(shockpath.TableError, match="column `lactate` has no unit") as caught:
        library.assess_table(wide, PROTOCOLS)
    # All at once.
    assert len(caught.value.diagnostics) == 3
    grams = wide.with_columns(polars.col("lactate") * 9.008)
    converted = library.assess_table(grams, PROTOCOLS, at="each", units={**UNITS, "lactate": "mg/dL"})
    assert levels(converted) == one_by_one(library)
    assert levels(library.assess_table(wide, PROTOCOLS, at="each", units="vocabulary")) == one_by_one(library)
    with pytest.raises(shockpath.TableError, match="`lactate`: cannot convert `kg`"):
        library.assess_table(wide, PROTOCOLS, units={**UNITS, "lactate": "kg"})
    with pytest.raises(shockpath.TableError, match="which is no column"):
        library.assess_table(wide, PROTOCOLS, units={**UNITS, "cvp": "mm[Hg]"})
    fields = [pyarrow.field(name, pyarrow.float64(), metadata={"unit": unit}) for name, unit in UNITS.items()]
    schema = pyarrow.schema(
        [pyarrow.field("patient", pyarrow.string()), pyarrow.field("at", pyarrow.timestamp("us", "UTC")), *fields]
    )
    assert levels(library.assess_table(pyarrow.table(WIDE, schema), PROTOCOLS, at="each")) == one_by_one(library)


def test_impossible_values_are_refused_as_in_a_record(library: shockpath.Library) -> None:
    wide: dict[str, list[Any]] = {"patient": ["a", "a"], "at": [MORNING, LATER], "map": [50.0, 5000.0]}
    result = library.assess_table(polars.DataFrame(wide), PROTOCOLS, at="last", units={"map": "mm[Hg]"})
    (issue,) = pyarrow.table(result.issues).to_pylist()
    entries = [{"at": at, "observe": {"map": f"{value} mm[Hg]"}} for at, value in zip(wide["at"], wide["map"])]
    record = library.record({"id": "a", "entries": entries})
    assert (issue["patient"], issue["row"], issue["column"]) == ("a", 2, "map")
    assert (issue["code"], issue["message"], issue["help"]) == ("E406", record.issues[0].message, record.issues[0].help)
    # Unknown from there, and not what it was before.
    stage = library.assess(record, PROTOCOLS)["scai-stage"].classifications[0]
    assert [possible for _, _, possible in levels(result)] == ["|".join(stage.possible)]


def test_texts_codes_events_and_what_runs(library: shockpath.Library) -> None:
    wide = polars.DataFrame(
        {
            "patient": [1, 1],
            "at": [MORNING, LATER],
            "lactate": ["<2 mmol/L", "5.2 mmol/L"],
            "etiology": ["ischemic_ami", "nothing"],
            "shock_onset": [True, False],
            "iabp": [True, False],
            "ward": ["A", "A"],
        }
    )
    with pytest.raises(shockpath.TableError, match="column `ward` is not in the vocabulary"):
        library.assess_table(wide)
    coverage: shockpath.Coverage = {"devices": "complete"}
    result = library.assess_table(wide, at="each", ignore=["ward"], coverage=coverage)
    issues = pyarrow.table(result.issues).to_pylist()
    # Since when the balloon was running is not charted, and that is said.
    assert [(issue["row"], issue["column"], issue["code"]) for issue in issues] == [
        (2, "etiology", "E405"),
        (1, "iabp", "E407"),
    ]
    off_first = polars.DataFrame({"patient": [1, 1], "at": [MORNING, LATER], "iabp": [False, True]})
    assert library.assess_table(off_first, coverage=coverage).issues.num_rows == 0
    with pytest.raises(shockpath.TableError, match="unknown coverage"):
        library.assess_table(wide, ignore=["ward"], coverage={"devices": "some"})  # type: ignore[dict-item]


def test_rows_of_a_patient_stand_together(library: shockpath.Library) -> None:
    apart = polars.DataFrame({"patient": ["a", "b", "a"], "at": [MORNING] * 3, "map": [50.0, 60.0, 70.0]})
    with pytest.raises(shockpath.TableError, match="row 3 is of a patient whose rows ended before"):
        library.assess_table(apart, PROTOCOLS, units="vocabulary")
    # Also over batches.
    batches = pyarrow.table(apart).to_reader(max_chunksize=1)
    with pytest.raises(shockpath.TableError, match="row 3"):
        library.assess_table(batches, PROTOCOLS, units="vocabulary")


def test_instants_have_a_zone(library: shockpath.Library) -> None:
    naive = polars.DataFrame({"patient": ["a"], "at": [datetime(2026, 3, 1)], "map": [50.0]})
    with pytest.raises(shockpath.TableError, match="column `at` has no time zone"):
        library.assess_table(naive, PROTOCOLS, units="vocabulary")
    without = polars.DataFrame({"patient": ["a", "b"], "map": [50.0, None]})
    with pytest.raises(shockpath.TableError, match="has no column `at`"):
        library.assess_table(without, PROTOCOLS, units="vocabulary")
    result = library.assess_table(without, at=MORNING, units="vocabulary")
    assert {row["at"] for row in pyarrow.table(result.recommendations).to_pylist()} == {MORNING}
    with pytest.raises(shockpath.TableError, match="has no offset"):
        library.assess_table(without, PROTOCOLS, at=datetime(2026, 3, 1), units="vocabulary")
    empty = polars.DataFrame({"patient": ["a"], "at": [None], "map": [50.0]}, schema_overrides={"at": polars.Datetime("us", "UTC")})
    with pytest.raises(shockpath.TableError, match="row 1: has no instant"):
        library.assess_table(empty, PROTOCOLS, units="vocabulary")


def test_hostile_tables(library: shockpath.Library) -> None:
    with pytest.raises(shockpath.TableError, match="does not speak Arrow"):
        library.assess_table({"patient": ["a"]})  # type: ignore[arg-type]
    with pytest.raises(shockpath.TableError, match="no column `patient`"):
        library.assess_table(pyarrow.table({"map": [1.0]}), units="vocabulary")
    nested = pyarrow.table({"patient": ["a"], "at": [MORNING], "map": [[1.0]]})
    with pytest.raises(shockpath.TableError, match="column `map`"):
        library.assess_table(nested, units="vocabulary")
    none = pyarrow.table({"patient": [None], "at": [MORNING], "map": [1.0]})
    with pytest.raises(shockpath.TableError, match="row 1 has no patient"):
        library.assess_table(none.cast(pyarrow.schema([("patient", pyarrow.string()), ("at", pyarrow.timestamp("us", "UTC")), ("map", pyarrow.float64())])), units="vocabulary")
    values = pyarrow.table({"patient": ["a"] * 3, "at": [MORNING] * 3, "map": [float("inf"), -1e308, float("nan")]})
    result = library.assess_table(values, PROTOCOLS, units="vocabulary")
    assert {row["code"] for row in pyarrow.table(result.issues).to_pylist()} <= {"E403", "E406"}
    empty = pyarrow.table(WIDE).slice(0, 0)
    result = library.assess_table(empty, PROTOCOLS, units=UNITS)
    assert result.patients == 0 and pyarrow.table(result.recommendations).num_rows == 0


def test_results_are_tables_of_every_kind(library: shockpath.Library) -> None:
    result = library.assess_table(polars.DataFrame(WIDE), PROTOCOLS, units=UNITS)
    recommendations = result.recommendations
    assert recommendations.column_names[:5] == ["patient", "at", "protocol", "version", "rule"]
    rows = recommendations.num_rows
    assert pyarrow.table(recommendations).num_rows == rows
    assert len(polars.DataFrame(recommendations)) == rows
    # Its stubs do not know it yet.
    assert len(pandas.DataFrame.from_arrow(recommendations)) == rows  # type: ignore[attr-defined]
    counted = duckdb.sql("select count(*) from recommendations")
    assert counted is not None and counted.fetchall() == [(rows,)]
    assert "2 patients" in repr(result)


def test_korean_names_of_patients(library: shockpath.Library) -> None:
    table = polars.DataFrame({"patient": ["환자-1"], "at": [MORNING], "map": [50.0]})
    result = library.assess_table(table, units="vocabulary")
    assert {row["patient"] for row in pyarrow.table(result.recommendations).to_pylist()} == {"환자-1"}
