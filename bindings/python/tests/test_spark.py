"""Spark judges the same patients to the same rows as one thread, with Arrow batches of its own size."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars
import pyarrow
import pytest
import shockpath
import shockpath.spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark runs on Java"),
    # Spark leaves sockets to be closed by the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    # It hands Arrow over, and pandas takes no part.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = {"five-rules.yaml": (ROOT / "tests/cohort/five-rules.yaml").read_text()}
COVERAGE: dict[str, shockpath.Capture] = {"observations": "complete", "devices": "complete"}
EIGHT = datetime(2026, 3, 1, 8, tzinfo=timezone.utc)
PATIENTS, VALUES = 300, 50
# What Spark hands over at once, unless it is told otherwise.
BATCH = 10_000


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", False)
    # A zone of its own: rows are the same instants.
    builder = builder.config("spark.sql.session.timeZone", "Asia/Seoul").config("spark.sql.shuffle.partitions", 4)
    with pytest.MonkeyPatch.context() as patch:
        # Workers run by the interpreter of the tests, which has the package.
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        session = builder.getOrCreate()
        yield session
        session.stop()


def charted() -> pyarrow.Table:
    """Lactates, of which some are above 2 mmol/L, at distances of 1 to 5 h; patients in no order."""
    rows = []
    for patient in range(PATIENTS):
        at = EIGHT
        for number in range(VALUES):
            at += timedelta(minutes=60 + (patient * 37 + number * 101) % 240)
            value = 0.5 + (patient * 13 + number * 7) % 40 / 10
            rows.append({"patient": f"p{patient:03}", "at": at, "name": "lactate", "value": value, "unit": "mmol/L"})
    rows.sort(key=lambda row: (row["at"], row["patient"]))
    # One that no one can read.
    rows[0]["unit"] = "mm[Hg]"
    return pyarrow.Table.from_pylist(rows, pyarrow.schema([
        ("patient", pyarrow.string()),
        ("at", pyarrow.timestamp("us", "UTC")),
        ("name", pyarrow.string()),
        ("value", pyarrow.float64()),
        ("unit", pyarrow.string()),
    ]))


def plain(table: Any, by: list[str]) -> polars.DataFrame:
    frame = polars.DataFrame(table).with_columns(
        polars.col(polars.Categorical).cast(polars.String), polars.col(polars.Datetime).dt.convert_time_zone("UTC")
    )
    return frame.sort(by)


def test_spark_makes_the_rows_that_one_thread_makes(spark: SparkSession) -> None:
    table = charted()
    assert table.num_rows > BATCH == int(spark.conf.get("spark.sql.execution.arrow.maxRecordsPerBatch") or 0)
    library = shockpath.Library().with_documents(DOCUMENTS)
    expected = library.adherence(table.sort_by([("patient", "ascending"), ("at", "ascending")]), "five-rules", coverage=COVERAGE)
    frame = spark.createDataFrame(table)
    keys = {"opportunities": ["patient", "rule", "opened"], "rules": ["patient", "rule"], "patients": ["patient"]}
    for name, by in keys.items():
        options: dict[str, Any] = {"table": name, "coverage": COVERAGE}
        made = shockpath.spark.adherence(frame, "five-rules", DOCUMENTS, **options)
        ours, theirs = plain(made.toArrow(), by), plain(getattr(expected, name), by)
        assert len(ours) >= PATIENTS and ours.columns == theirs.columns
        assert ours.equals(theirs.cast(dict(zip(ours.columns, ours.dtypes)))), name
    # A row counts from 1 within its partition; everything else is told alike.
    told = plain(shockpath.spark.adherence(frame, "five-rules", DOCUMENTS, table="issues").toArrow(), ["patient"])
    assert told.drop("row").equals(plain(expected.issues, ["patient"]).drop("row")) and len(told) == 1


def test_what_is_wrong_with_the_call_is_told_by_the_driver(spark: SparkSession) -> None:
    frame = spark.createDataFrame(charted().slice(0, 10))
    with pytest.raises(shockpath.ProtocolError, match="six-rules"):
        shockpath.spark.adherence(frame, "six-rules")
    with pytest.raises(shockpath.TableError, match="no column `patient`"):
        shockpath.spark.adherence(frame.withColumnRenamed("patient", "id"), "five-rules", DOCUMENTS, patient="id")
