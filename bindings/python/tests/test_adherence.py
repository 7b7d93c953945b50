"""The five rules of the made-up cohort against queries that share nothing with the engine, and tables of every kind.

The example `cohort` writes the cohort and what the engine makes of it; DuckDB judges the same cohort by SQL. Every
opportunity must be the same: when it opened, what became of it, and when it was done. So must be those that the package
makes of the same cohort as one table.
"""

import os
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest
import shockpath

ROOT = Path(__file__).resolve().parents[3]
PATIENTS = 10_000

COHORT = ROOT / "tests/cohort"
FIVE_RULES = (COHORT / "five-rules.yaml").read_text()
COMPLETE: dict[str, shockpath.Capture] = {
    kind: "complete" for kind in ("devices", "infusions", "problems", "events", "observations")
}
# Patients and entries as one table.
MAPPING = {
    "mapping": 1,
    "title": "The made-up cohort as one table",
    "coverage": COMPLETE,
    "tables": [
        {
            "file": "entries",
            "sorted": True,
            **{name: name for name in ("patient", "center", "from", "to", "end", "at", "name", "value", "unit", "action")},
            "groups": {"etiology": "etiology"},
        }
    ],
}
RULES = {path.stem: path.read_text() for path in sorted(COHORT.glob("*.sql")) if path.stem != "tables"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("cohort")
    # Of the whole workspace, as the tests in Rust are built: so it is not built a second time.
    build = ["cargo", "build", "--locked", "--quiet", "--workspace", "--example", "cohort"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run([target / "debug/examples/cohort", folder, str(PATIENTS)], check=True)
    connection = duckdb.connect()
    connection.execute(f"set variable folder = '{folder}'")
    connection.execute((COHORT / "tables.sql").read_text())
    types = "types = {'opened': 'bigint', 'done': 'bigint'}"
    connection.execute(f"create table engine as select * from read_csv('{folder}/opportunities.csv', {types})")
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        f"""create table registry as
        select patient, center, "from"::timestamptz as "from", "to"::timestamptz as "to", "end", etiology,
            "at"::timestamptz as "at", name, value, unit, action
        from read_csv('{folder}/registry/patients.csv') people
        left join read_csv('{folder}/registry/entries.csv') entries using (patient)
        order by all"""
    )
    return connection


@pytest.fixture(scope="module")
def five_rules() -> shockpath.Library:
    return shockpath.Library().with_documents({"five-rules.yaml": FIVE_RULES})


@pytest.fixture(scope="module")
def registry(cohort: duckdb.DuckDBPyConnection) -> Any:
    return cohort.sql("select * from registry order by all").to_arrow_table()


@pytest.fixture(scope="module")
def judged(five_rules: shockpath.Library, registry: Any) -> shockpath.AdherenceResult:
    return five_rules.adherence(registry, "five-rules", mapping=MAPPING)


def adds_up(result: shockpath.AdherenceResult) -> None:
    rows, held = result.rows, result.reconciliation
    rest = rows.unmapped + rows.ignored + rows.empty + rows.unselected
    assert rows.read == rows.charting + sum(rows.refused.values()) + rest
    assert held.patients == held.evaluated + sum(held.excluded.values()) == result.patients.num_rows
    assert held.charted == held.used + sum(held.refused.values())


@pytest.mark.parametrize("rule", RULES)
def test_every_opportunity_is_what_a_query_makes_of_it(cohort: duckdb.DuckDBPyConnection, rule: str) -> None:
    ours = cohort.execute(
        "select status, count(*) from engine where rule = ? group by all order by all", [rule]
    ).fetchall()
    theirs = cohort.execute(f"select status, count(*) from ({RULES[rule]}) group by all order by all").fetchall()
    assert ours == theirs
    assert len(ours) >= 4, "a rule that reaches few statuses compares little"
    columns = "patient, opened, status, done"
    missing = cohort.execute(
        f"(select {columns} from engine where rule = ? except select {columns} from ({RULES[rule]})) order by all limit 5",
        [rule],
    ).fetchall()
    assert missing == []


def test_the_package_makes_the_same_opportunities_of_one_table(
    cohort: duckdb.DuckDBPyConnection, judged: shockpath.AdherenceResult
) -> None:
    adds_up(judged)
    assert judged.reconciliation.evaluated == PATIENTS and not judged.reconciliation.refused
    assert judged.rows.unmapped == 0 and judged.rows.unused_columns == ()
    opportunities = judged.opportunities
    assert opportunities.num_rows > PATIENTS
    cohort.execute(
        """create or replace table ours as
        select substr(o.patient, 2)::bigint as patient, rule, epoch_us(opened) - epoch_us(p."from") as opened, status,
            epoch_us(done) - epoch_us(p."from") as done
        from opportunities o join (select distinct patient, "from" from registry) p using (patient)"""
    )
    columns = "patient, rule, opened, status, done"
    for ours, theirs in (("ours", "engine"), ("engine", "ours")):
        query = f"select {columns} from {ours} except all select {columns} from {theirs} order by all limit 5"
        assert cohort.execute(query).fetchall() == []


def rows(table: shockpath.Table) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = pyarrow.table(table).to_pylist()
    return made


def test_tables_of_every_kind_and_any_threads_make_the_same_rows(
    five_rules: shockpath.Library, registry: Any, judged: shockpath.AdherenceResult
) -> None:
    reader = pyarrow.RecordBatchReader.from_batches(registry.schema, registry.to_batches(max_chunksize=1000))
    tables: dict[str, tuple[Any, int]] = {
        "pandas": (registry.to_pandas(), 1),
        "polars": (polars.from_arrow(registry), 1),
        "a reader": (reader, 1),
        "threads": (registry, 2),
    }
    assert isinstance(tables["pandas"][0], pandas.DataFrame) and isinstance(tables["polars"][0], polars.DataFrame)
    names = ("opportunities", "actions", "rules", "patients", "issues")
    expected = {name: plain(getattr(judged, name)) for name in names}
    for kind, (table, threads) in tables.items():
        result = five_rules.adherence(table, "five-rules", mapping=MAPPING, threads=threads)
        for name in names:
            assert plain(getattr(result, name)).equals(expected[name]), (kind, name)
        assert result.reconciliation == judged.reconciliation and result.rows == judged.rows


def plain(table: shockpath.Table) -> polars.DataFrame:
    frame = polars.DataFrame(table)
    return frame.with_columns(polars.col(polars.Categorical).cast(polars.String))


def test_it_is_summed_up_by_group(judged: shockpath.AdherenceResult) -> None:
    summary = judged.summary("etiology", seed=7)
    [whole] = [row for row in rows(summary.summary) if row["rule"] is None]
    assert (whole["patients"], whole["opportunities"]) == (
        len({row["patient"] for row in rows(judged.opportunities)}),
        judged.opportunities.num_rows,
    )
    statuses = [row["status"] for row in rows(judged.opportunities)]
    assert all(whole[status] == statuses.count(status) for status in ("late", "omitted", "censored", "not_assessable"))
    levels = {row["level"] for row in rows(summary.strata) if row["by"] == "etiology"}
    assert levels == {"ischemic_ami", "myocarditis", "post_cardiotomy"}
    assert summary.timeliness.num_rows > 0 and summary.funnel.num_rows > 1
    assert summary.tolerance.num_rows > 0 and summary.reasons.num_rows > 0
    assert judged.summary("etiology", seed=7).to_dict() == summary.to_dict()
    with pytest.raises(shockpath.TableError, match="no patient has a group `age`(.|\n)*`etiology`"):
        judged.summary(["age"])


EIGHT = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
SCHEMA = pyarrow.schema(
    [
        ("patient", pyarrow.string()),
        ("at", pyarrow.timestamp("us", "UTC")),
        ("name", pyarrow.string()),
        ("value", pyarrow.float64()),
        ("unit", pyarrow.string()),
    ]
)


def lactates(*charted: tuple[str, float, float], unit: str = "mmol/L") -> list[dict[str, Any]]:
    """Patient, hours after eight, value."""
    return [
        {"patient": patient, "at": EIGHT + timedelta(hours=hours), "name": "lactate", "value": value, "unit": unit}
        for patient, hours, value in charted
    ]


def judge(library: shockpath.Library, table: Any, **options: Any) -> shockpath.AdherenceResult:
    if isinstance(table, list):
        table = pyarrow.Table.from_pylist(table, SCHEMA)
    result = library.adherence(table, "five-rules", coverage=COMPLETE, **options)
    adds_up(result)
    return result


def repeats(result: shockpath.AdherenceResult) -> list[tuple[str, float, str]]:
    """Patient, hours after eight, status."""
    found = [row for row in rows(result.opportunities) if row["rule"] == "repeat-lactate"]
    return [(row["patient"], (row["opened"] - EIGHT) / timedelta(hours=1), row["status"]) for row in found]


def test_a_patient_named_na_is_one(five_rules: shockpath.Library) -> None:
    assert repeats(judge(five_rules, lactates(("NA", 0, 3.0), ("NA", 3, 1.5)))) == [("NA", 0, "met")]


def test_instants_without_a_zone_are_refused_one_by_one(five_rules: shockpath.Library) -> None:
    table = pyarrow.Table.from_pylist(lactates(("a", 0, 3.0), ("a", 3, 1.5)), SCHEMA)
    local = table.set_column(1, "at", table["at"].cast(pyarrow.timestamp("us")))
    result = judge(five_rules, local)
    assert result.reconciliation.excluded == {"empty": 1} and result.opportunities.num_rows == 0
    assert [(row["row"], row["code"]) for row in rows(result.issues)] == [(1, "E401"), (2, "E401")]
    assert all("has no offset from UTC" in row["message"] for row in rows(result.issues))
    # One row of three that says its instant without an offset.
    texts = ["2026-03-01T08:00:00Z", "2026-03-01T09:00:00", "2026-03-01T20:00:00+09:00"]
    written = pyarrow.Table.from_pylist(lactates(("a", 0, 3.0), ("a", 1, 9.0), ("a", 3, 1.5)), SCHEMA)
    result = judge(five_rules, written.set_column(1, "at", pyarrow.array(texts)))
    assert repeats(result) == [("a", 0, "met")]
    assert [(row["patient"], row["row"]) for row in rows(result.issues)] == [("a", 2)]


def test_units_are_those_of_each_row(five_rules: shockpath.Library) -> None:
    # 27.024 mg/dL are 0.3 g/L, of 90.08 g/mol 3 mmol/L.
    table = lactates(("a", 0, 27.024), unit="mg/dL") + lactates(("a", 1, 55.0), unit="mm[Hg]") + lactates(("a", 3, 1.5))
    result = judge(five_rules, table)
    assert result.reconciliation.converted == 1 and result.reconciliation.refused == {"E403": 1}
    assert [(row["row"], row["column"], row["code"]) for row in rows(result.issues)] == [(2, "lactate", "E403")]
    assert [(patient, hours) for patient, hours, _ in repeats(result)] == [("a", 0)]


def test_a_patient_whose_rows_come_again_is_excluded(five_rules: shockpath.Library) -> None:
    result = judge(five_rules, lactates(("a", 0, 3.0), ("b", 0, 3.0), ("b", 3, 1.5), ("a", 3, 1.5)))
    assert result.reconciliation.excluded == {"twice": 1}
    assert repeats(result) == [("b", 0, "met")]
    assert {row["patient"]: row["excluded"] for row in rows(result.patients)} == {"a": "twice", "b": None}
    assert [(row["patient"], row["row"]) for row in rows(result.issues)] == [("a", 4)]


def test_an_empty_table_makes_empty_tables(five_rules: shockpath.Library) -> None:
    result = judge(five_rules, SCHEMA.empty_table())
    assert (result.reconciliation.patients, result.rows.read) == (0, 0)
    assert result.opportunities.num_rows == 0 and "status" in result.opportunities.column_names
    assert rows(result.summary().summary)[0]["opportunities"] == 0
    assert repr(result) == "<AdherenceResult: 0 opportunities, 0 of 0 patients judged, 0 issues>"


def test_names_that_are_not_known_are_counted(five_rules: shockpath.Library) -> None:
    table = [*lactates(("a", 0, 3.0)), {**lactates(("a", 1, 9.0))[0], "name": "lactat"}, *lactates(("a", 3, 1.5))]
    more = pyarrow.Table.from_pylist(table, SCHEMA).append_column("ward", pyarrow.array(["x", "y", "z"]))
    result = judge(five_rules, more)
    assert repeats(result) == [("a", 0, "met")]
    assert result.rows.unmapped == 1 and result.rows.unmapped_names == {"lactat": 1}
    assert result.rows.unused_columns == ("ward",)


def test_by_which_clock_and_in_which_period(five_rules: shockpath.Library) -> None:
    table = pyarrow.Table.from_pylist(lactates(("a", 0, 3.0), ("a", 3, 1.5)), SCHEMA)
    known = table.append_column("known_at", pyarrow.array([EIGHT + timedelta(hours=h) for h in (2, 4)], SCHEMA.field("at").type))
    assert repeats(judge(five_rules, known, clock="true")) == [("a", 0, "met")]
    assert [hours for _, hours, _ in repeats(judge(five_rules, known))] == [2]
    cut = judge(five_rules, table, period=(None, EIGHT + timedelta(hours=2)))
    assert repeats(cut) == [("a", 0, "censored")]
    late = judge(five_rules, table, period=(EIGHT + timedelta(days=1), None))
    assert late.reconciliation.excluded == {"no_period": 1}


def test_what_cannot_be_asked(five_rules: shockpath.Library) -> None:
    table = pyarrow.Table.from_pylist(lactates(("a", 0, 3.0)), SCHEMA)
    with pytest.raises(shockpath.ProtocolError, match="five-rulez"):
        five_rules.adherence(table, "five-rulez")
    with pytest.raises(shockpath.ProtocolError, match="did you mean `lactate`"):
        five_rules.adherence(table, coverage={"lactat": "complete"})
    with pytest.raises(shockpath.TableError, match="did you mean `clif-2`"):
        five_rules.adherence(table, mapping="clif-3")
    with pytest.raises(shockpath.TableError) as wrong:
        five_rules.adherence(table, mapping="mapping: 1\ntitle: Wrong\ntables: [{file: entries, patient: id}]\n")
    assert "`id`" in str(wrong.value)
    with pytest.raises(shockpath.TableError, match="no column `patient`"):
        five_rules.adherence(table.drop_columns(["patient"]))
    with pytest.raises(shockpath.TableError, match="does not speak Arrow"):
        five_rules.adherence([])  # type: ignore[arg-type]
    with pytest.raises(shockpath.InstantError, match="the start of the period"):
        five_rules.adherence(table, period=(datetime(2026, 3, 1), None))
    with pytest.raises(ValueError, match="a mapping says"):
        five_rules.adherence(table, mapping=MAPPING, coverage=COMPLETE)


def test_a_column_for_each_concept_stands_in_the_unit_that_is_stated(five_rules: shockpath.Library) -> None:
    at = pyarrow.array([EIGHT, EIGHT + timedelta(hours=3)], SCHEMA.field("at").type)
    wide = pyarrow.table({"patient": ["a", "a"], "at": at, "lactate": [27.024, 9.008]})
    assert repeats(judge(five_rules, wide, units={"lactate": "mg/dL"})) == [("a", 0, "met")]
    with pytest.raises(shockpath.TableError, match="column `lactate` has no unit"):
        judge(five_rules, wide)


def test_a_reader_that_breaks_off_judges_nothing(five_rules: shockpath.Library) -> None:
    [batch] = pyarrow.Table.from_pylist(lactates(("a", 0, 3.0)), SCHEMA).to_batches()

    def batches() -> Iterator[Any]:
        yield batch
        raise OSError("the disk is gone")

    with pytest.raises(shockpath.TableError, match="cannot be read on(.|\n)*the disk is gone"):
        judge(five_rules, pyarrow.RecordBatchReader.from_batches(SCHEMA, batches()))
