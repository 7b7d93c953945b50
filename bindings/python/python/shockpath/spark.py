"""What became of recommendations, on Spark: patients are parted over its workers, and judged there.

Needs `pyspark` (4 or newer) and `pyarrow` on driver and workers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from ._documents import Documents, _document, _text
from ._library import Library

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType

Table = Literal["opportunities", "actions", "rules", "patients", "issues"]


def adherence(
    frame: DataFrame,
    protocols: str | Iterable[str] | None = None,
    documents: Documents | None = None,
    *,
    table: Table = "opportunities",
    patient: str = "patient",
    at: str = "at",
    **options: Any,
) -> DataFrame:
    """A table of `AdherenceResult` as a data frame, with texts for dictionaries and instants of UTC.

    `documents` are protocols beside those that the package ships, as in `Library.with_documents`; `options` are those of
    `Library.adherence`. `patient` and `at` name the columns by which rows are parted and sorted. What was refused and who
    was excluded stand in the tables `issues` and `patients` (without its groups), each judged anew when it is asked for;
    a row of `issues` counts from 1 within its partition, not within `frame`.

    Raises what `Library.adherence` raises, before anything runs on a worker.
    """
    from pyspark.sql.types import StructField, StructType

    # A path need not be there on a worker.
    for name in ("mapping", "site", "schedule"):
        held = options.get(name)
        if isinstance(held, os.PathLike) or (isinstance(held, str) and held.endswith((".yaml", ".yml", ".json"))):
            options[name] = _document(held, None, name)[1]
    chosen = protocols if protocols is None or isinstance(protocols, str) else list(protocols)
    texts = {name: _text(held) for name, held in (documents or {}).items()}
    # Of no patient, so that what is wrong with the call is told here; and for the columns.
    fields = _judged(_library(texts), frame.limit(0).toArrow(), table, chosen, options).schema
    schema = StructType([StructField(field.name, _type(field.type)) for field in fields])

    def judge(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        import pyarrow

        first = next(batches, None)
        if first is None:
            return
        reader = pyarrow.RecordBatchReader.from_batches(first.schema, chain([first], batches))
        yield from _judged(_library(texts), reader, table, chosen, options).select(fields.names).to_batches()

    sorted_ = frame.repartition(patient).sortWithinPartitions(patient, at)
    return sorted_.mapInArrow(judge, schema)


def _library(texts: dict[str, str]) -> Library:
    return Library().with_documents(texts) if texts else Library()


def _judged(
    library: Library, rows: Any, table: str, protocols: str | list[str] | None, options: dict[str, Any]
) -> pyarrow.Table:
    """The table in types that Spark has."""
    import pyarrow

    made = pyarrow.table(getattr(library.adherence(rows, protocols, **options), table))

    def plain(type: pyarrow.DataType) -> pyarrow.DataType:
        if pyarrow.types.is_dictionary(type):
            return type.value_type
        if pyarrow.types.is_timestamp(type):
            return pyarrow.timestamp("us", "UTC")
        return pyarrow.int64() if pyarrow.types.is_uint64(type) else type

    return made.cast(pyarrow.schema([field.with_type(plain(field.type)) for field in made.schema]))


def _type(type: pyarrow.DataType) -> DataType:
    """The type of Spark."""
    from pyspark.sql import types

    by_name: dict[str, DataType] = {
        "string": types.StringType(),
        "timestamp[us, tz=UTC]": types.TimestampType(),
        "bool": types.BooleanType(),
        "int32": types.IntegerType(),
        "int64": types.LongType(),
        "double": types.DoubleType(),
    }
    return by_name[str(type)]
