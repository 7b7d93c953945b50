"""A patient: the record, and its assessment at an instant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from . import _native
from ._answer import (
    Classification,
    Missing,
    MonitoringItem,
    ProtocolAssessment,
    Recommendation,
    Score,
)
from ._errors import Diagnostic, Found


class Record:
    """A patient's record, read once."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Record) -> None:
        self._native = native

    @property
    def id(self) -> str:
        """The patient's id in the record; empty where it has none."""
        return self._native.id

    @property
    def site(self) -> str | None:
        """The site that charted it."""
        return self._native.site

    @property
    def last_instant(self) -> datetime | None:
        """The end of observation, or else the last instant at which something became known."""
        last = self._native.last_instant
        return None if last is None else datetime.fromisoformat(last)

    @property
    def instants(self) -> tuple[datetime, ...]:
        """The instants at which something becomes known, ascending."""
        return tuple(datetime.fromisoformat(at) for at in self._native.instants())

    @property
    def issues(self) -> Found:
        """What was wrong with single entries, which are left out."""
        return Found(self._native.rendered_issues(), self._native.issues())

    def __len__(self) -> int:
        return self._native.counts()[0]

    def __repr__(self) -> str:
        entries, issues = self._native.counts()
        return f"<Record {self.id!r}: {entries} entries, {issues} issues>"


class Assessment:
    """One patient at an instant.

    It holds the result as the engine has it; JSON, text and objects are made when they are asked for, and the objects
    are kept.
    """

    __slots__ = ("_native", "_protocols")

    def __init__(self, native: _native.Assessment) -> None:
        self._native = native
        self._protocols: tuple[ProtocolAssessment, ...] | None = None

    @property
    def at(self) -> datetime:
        """The instant."""
        return datetime.fromisoformat(self._native.at)

    @property
    def record_id(self) -> str:
        """The patient's id in the record."""
        return self._native.id

    @property
    def language(self) -> str:
        """Language of the clinical texts."""
        return self._native.language

    def to_json(self, *, trace: bool = True, what_if: bool = True) -> str:
        """The answer as JSON, the same to the byte in every binding."""
        return self._native.json(trace, what_if)

    def to_dict(self, *, trace: bool = True, what_if: bool = True) -> dict[str, Any]:
        """The answer as a dictionary of its own."""
        data: dict[str, Any] = json.loads(self.to_json(trace=trace, what_if=what_if))
        return data

    def to_text(self) -> str:
        """The note, as the command line prints it."""
        return self._native.text()

    @property
    def protocols(self) -> tuple[ProtocolAssessment, ...]:
        """What each protocol says."""
        if self._protocols is None:
            self._protocols = tuple(ProtocolAssessment._of(held) for held in self.to_dict()["assessments"])
        return self._protocols

    def __getitem__(self, id: str) -> ProtocolAssessment:
        """What the protocol with this id says."""
        for held in self.protocols:
            if held.protocol.id == id:
                return held
        raise KeyError(id)

    def __contains__(self, id: object) -> bool:
        return any(held == id for held, _, _ in self._native.protocols())

    def __iter__(self) -> Iterator[ProtocolAssessment]:
        return iter(self.protocols)

    def __len__(self) -> int:
        return len(self._native.protocols())

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """Every recommendation and rule of weaning, whatever its status."""
        return tuple(rule for held in self.protocols for rule in held.recommendations)

    @property
    def recommended(self) -> tuple[Recommendation, ...]:
        """What is asked for now, the most urgent first."""
        order = ("emergent", "urgent", "soon", "routine")
        return tuple(sorted((rule for rule in self.recommendations if rule.asks), key=lambda r: order.index(r.urgency)))

    @property
    def monitoring(self) -> tuple[MonitoringItem, ...]:
        """Every obligation to measure."""
        return tuple(item for held in self.protocols for item in held.monitoring)

    @property
    def classifications(self) -> tuple[Classification, ...]:
        """Every classification."""
        return tuple(item for held in self.protocols for item in held.classifications)

    @property
    def scores(self) -> tuple[Score, ...]:
        """Every score."""
        return tuple(item for held in self.protocols for item in held.scores)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would decide something, that which decides most first."""
        found = (item for held in self.protocols for item in held.missing)
        return tuple(sorted(found, key=lambda held: -len(held.decides)))

    @property
    def issues(self) -> tuple[Diagnostic, ...]:
        """What was wrong with the record and was left out."""
        return tuple(Diagnostic._of(held) for held in self.to_dict(trace=False, what_if=False)["issues"])

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        rules, asks, _ = self._native.counts()
        return f"<Assessment of {self.record_id!r} at {self._native.at}: {asks} of {rules} rules ask for something>"

    def _repr_html_(self) -> str:
        return self._native.html()
