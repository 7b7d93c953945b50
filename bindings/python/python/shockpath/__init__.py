"""Computable protocols for mechanical circulatory support in cardiogenic shock.

    import shockpath

    assessment = shockpath.assess("examples/data/papillary-muscle-rupture.yaml")
    print(assessment)
    assessment["scai-stage"].classifications[0].level

A protocol is a document, a patient is a record, and an assessment is a function of protocol, record and instant. The
functions here work on the protocols that the package ships; `Library` holds others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from ._adherence import (
    AdherenceResult,
    AdherenceSummary,
    Clock,
    JudgedProtocol,
    ReadRows,
    Reconciliation,
)
from ._answer import (
    Classification,
    Conflict,
    Definition,
    Flip,
    Missing,
    MonitoringItem,
    Option,
    ProtocolAssessment,
    ProtocolName,
    Recommendation,
    Score,
    TraceNode,
    Window,
)
from ._assessment import Assessment, Record
from ._documents import At, Document, Documents, Language, Sets
from ._errors import (
    Diagnostic,
    Explained,
    Found,
    InstantError,
    Place,
    ProtocolError,
    RecordError,
    Related,
    ShockpathError,
    TableError,
)
from ._library import Library, embedded, explain, schema
from ._native import ENGINE as __version__
from ._native import Table
from ._protocol import ListedProtocol, Protocol, TestReport
from ._table import ArrowTable, Capture, Coverage, TableResult, Units

__all__ = [
    "AdherenceResult",
    "AdherenceSummary",
    "ArrowTable",
    "Assessment",
    "Capture",
    "Classification",
    "Clock",
    "Conflict",
    "Coverage",
    "Definition",
    "Diagnostic",
    "Explained",
    "Flip",
    "Found",
    "InstantError",
    "JudgedProtocol",
    "Library",
    "ListedProtocol",
    "Missing",
    "MonitoringItem",
    "Option",
    "Place",
    "Protocol",
    "ProtocolAssessment",
    "ProtocolError",
    "ProtocolName",
    "ReadRows",
    "Recommendation",
    "Reconciliation",
    "Record",
    "RecordError",
    "Related",
    "Score",
    "ShockpathError",
    "Table",
    "TableError",
    "TableResult",
    "TestReport",
    "TraceNode",
    "Units",
    "Window",
    "__version__",
    "adherence",
    "assess",
    "assess_table",
    "check",
    "embedded",
    "explain",
    "protocols",
    "record",
    "run_json",
    "schema",
    "show",
]


def assess(
    record: Record | Document,
    protocols: str | Iterable[str] | None = None,
    *,
    at: At | None = None,
    site: Document | None = None,
    language: Language | None = None,
    received: At | None = None,
    set: Sets | None = None,
) -> Assessment:
    """`Library.assess` by the protocols that the package ships."""
    return embedded().assess(
        record, protocols, at=at, site=site, language=language, received=received, set=set
    )


def assess_table(
    table: ArrowTable,
    protocols: str | Iterable[str] | None = None,
    *,
    at: At | Literal["last", "each"] = "last",
    units: Units | None = None,
    coverage: Coverage | None = None,
    ignore: Iterable[str] = (),
    site: Document | None = None,
    set: Sets | None = None,
) -> TableResult:
    """`Library.assess_table` by the protocols that the package ships."""
    return embedded().assess_table(
        table, protocols, at=at, units=units, coverage=coverage, ignore=ignore, site=site, set=set
    )


def adherence(
    table: ArrowTable,
    protocols: str | Iterable[str] | None = None,
    *,
    mapping: Document | None = None,
    units: Units | None = None,
    coverage: Mapping[str, Capture] | None = None,
    ignore: Iterable[str] = (),
    site: Document | None = None,
    schedule: Document | None = None,
    clock: Clock = "known",
    period: tuple[At | None, At | None] | None = None,
    threads: int = 1,
) -> AdherenceResult:
    """`Library.adherence` by the protocols that the package ships."""
    return embedded().adherence(
        table,
        protocols,
        mapping=mapping,
        units=units,
        coverage=coverage,
        ignore=ignore,
        site=site,
        schedule=schedule,
        clock=clock,
        period=period,
        threads=threads,
    )


def record(record: Document, *, name: str | None = None, received: At | None = None) -> Record:
    """`Library.record` by the vocabulary that the package ships."""
    return embedded().record(record, name=name, received=received)


def protocols() -> tuple[ListedProtocol, ...]:
    """The protocols that the package ships."""
    return embedded().protocols()


def show(id: str, *, language: Language = "en") -> Protocol:
    """`Library.show` of the protocols that the package ships."""
    return embedded().show(id, language=language)


def check(documents: Documents) -> Found:
    """`Library.check` beside the protocols that the package ships."""
    return embedded().check(documents)


def run_json(call: str) -> str:
    """`Library.run_json` on the protocols that the package ships."""
    return embedded().run_json(call)
