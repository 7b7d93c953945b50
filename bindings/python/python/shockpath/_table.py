"""Many patients: from a table to tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from . import _native

if TYPE_CHECKING:
    from ._library import Library

Capture = Literal["complete", "sampled", "not_captured"]
Coverage = Mapping[Literal["devices", "infusions", "problems", "events", "observations"], Capture]
Units = Mapping[str, str] | Literal["vocabulary"]


class ArrowStream(Protocol):
    """A table that hands itself out as a stream: of pandas, polars, pyarrow, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class ArrowArray(Protocol):
    """A batch that hands itself out whole, such as a `pyarrow.RecordBatch`."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> object: ...


ArrowTable = ArrowStream | ArrowArray


@dataclass(frozen=True, slots=True)
class TableResult:
    """What came of a table of patients.

    Each table is taken over without a copy by whatever speaks Arrow: `polars.DataFrame(result.recommendations)`,
    `pyarrow.table(result.recommendations)`, `pandas.DataFrame.from_arrow(...)`, or by name in a query of DuckDB.
    """

    recommendations: _native.Table
    """A row for each patient, instant and rule."""
    classifications: _native.Table
    """A row for each patient, instant and classification: the level, and those still possible."""
    scores: _native.Table
    """A row for each patient, instant and score: lowest and highest still possible."""
    definitions: _native.Table
    """A row for each patient, instant and definition: lowest and highest still possible, or the truth of a condition."""
    issues: _native.Table
    """A row for each value that was refused; the concept is unknown from there."""
    patients: int
    """Number of patients."""
    assessments: int
    """Number of assessments: patients by instants."""
    evaluations: int
    """Number of rules evaluated, over all assessments."""

    def __repr__(self) -> str:
        return (
            f"<TableResult: {self.patients} patients, {self.assessments} assessments, "
            f"{self.evaluations} rules evaluated, {self.issues.num_rows} issues>"
        )


def assess_table(
    library: Library,
    table: ArrowTable,
    protocols: list[str],
    at: str,
    units: Units | None,
    coverage: Coverage | None,
    ignore: Iterable[str],
    site: tuple[str, str] | None,
    set: dict[str, dict[str, str]] | None,
) -> TableResult:
    """Assesses the patients of a table."""
    stated = None if units is None or isinstance(units, str) else dict(units)
    if isinstance(units, str) and units != "vocabulary":
        raise ValueError("`units` is a mapping from column to unit, or 'vocabulary'")
    *tables, counts = _native.assess_table(
        library._native,
        table,
        protocols,
        at,
        stated,
        units == "vocabulary",
        {str(part): str(how) for part, how in (coverage or {}).items()},
        list(ignore),
        site,
        set,
    )
    recommendations, classifications, scores, definitions, issues = tables
    return TableResult(recommendations, classifications, scores, definitions, issues, *counts)
