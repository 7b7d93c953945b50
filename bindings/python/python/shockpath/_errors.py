"""Diagnostics, what explains them, and the exceptions that carry them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: lines and columns from 1, columns in characters."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that helps to understand a diagnostic, and why."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message about a document."""

    code: str
    """Stable, such as `E204`; `shockpath.explain` tells what it means."""
    severity: Severity
    message: str
    """What is wrong, in one line."""
    help: str | None = None
    """What to do about it."""
    place: Place | None = None
    """Where; none if it is about a document as a whole."""
    related: tuple[Related, ...] = ()

    @property
    def file(self) -> str | None:
        """Name of the document."""
        return self.place.file if self.place else None

    @property
    def line(self) -> int | None:
        """Line of the first character, from 1."""
        return self.place.line if self.place else None

    @property
    def column(self) -> int | None:
        """Column of the first character, from 1."""
        return self.place.column if self.place else None

    @property
    def is_error(self) -> bool:
        """Whether the document, or the value, cannot be used."""
        return self.severity == "error"

    @classmethod
    def _of(cls, data: dict[str, Any]) -> Self:
        place = data.get("place")
        related = tuple(Related(Place(**held["place"]), held["message"]) for held in data.get("related", ()))
        return cls(
            code=data["code"],
            severity=data["severity"],
            message=data["message"],
            help=data.get("help"),
            place=Place(**place) if place else None,
            related=related,
        )

    def __repr__(self) -> str:
        where = f" at {self.place}" if self.place else ""
        return f"<{self.severity} {self.code}{where}: {self.message}>"


def diagnostics_of(text: str) -> tuple[Diagnostic, ...]:
    """The diagnostics of a JSON list."""
    return tuple(Diagnostic._of(held) for held in json.loads(text))


class Found(Sequence[Diagnostic]):
    """What a check found: a sequence of diagnostics that prints as the command line does."""

    __slots__ = ("_diagnostics", "_rendered")

    def __init__(self, rendered: str, reports: str) -> None:
        self._rendered = rendered
        self._diagnostics = diagnostics_of(reports)

    def __getitem__(self, index: Any) -> Any:
        return self._diagnostics[index]

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._diagnostics)

    def __len__(self) -> int:
        return len(self._diagnostics)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Those that make a document unusable."""
        return tuple(held for held in self._diagnostics if held.is_error)

    def __str__(self) -> str:
        return self._rendered.rstrip("\n")

    def __repr__(self) -> str:
        return f"<Found: {len(self.errors)} errors, {len(self) - len(self.errors)} others>"


@dataclass(frozen=True, slots=True)
class Explained:
    """What the code of a diagnostic means."""

    code: str
    title: str
    explanation: str

    def __str__(self) -> str:
        return f"{self.code}: {self.title}\n\n{self.explanation}"


class ShockpathError(Exception):
    """Something that shockpath cannot do, with everything that is wrong.

    `str(error)` is what the command line prints. Of a patient's record it says what is wrong and where, without quoting
    the record, so that it can stand in a log; `rendered` has the lines too.
    """

    diagnostics: tuple[Diagnostic, ...]
    rendered: str

    def __init__(self, text: str, rendered: str = "", reports: str = "[]") -> None:
        super().__init__(text)
        self.rendered = rendered or text
        self.diagnostics = diagnostics_of(reports)
        self._reports = reports

    def __reduce__(self) -> tuple[type[ShockpathError], tuple[str, str, str]]:
        return type(self), (str(self), self.rendered, self._reports)


class ProtocolError(ShockpathError):
    """A protocol, a variant or a site profile that is wrong or does not exist."""


class RecordError(ShockpathError):
    """A record that is none. What is wrong with single entries stands in `Record.issues` instead."""


class InstantError(ShockpathError, ValueError):
    """An instant that is none, or one without an offset from UTC."""


class TableError(ShockpathError, ValueError):
    """A table that cannot be read as patients."""
