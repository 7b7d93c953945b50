"""Libraries, records and assessments."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import cache, cached_property
from typing import Any, Literal, Self

from . import _native
from ._adherence import AdherenceResult, Clock, adherence
from ._answer import (
    Classification,
    Missing,
    MonitoringItem,
    ProtocolAssessment,
    Recommendation,
    Score,
)
from ._errors import Diagnostic, ShockpathError, diagnostics_of

from ._table import ArrowTable, Capture, Coverage, TableResult, Units, assess_table

Language = Literal["en", "ko"]
At = datetime | str
Document = str | Mapping[str, Any] | os.PathLike[str]
Documents = Mapping[str, str | Mapping[str, Any]]
Sets = Mapping[str, Mapping[str, str]]

_ENDINGS = (".yaml", ".yml", ".json")


def _plain(value: object) -> object:
    """What JSON has no word for: instants, and numbers of numpy."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def _text(document: str | Mapping[str, Any]) -> str:
    if isinstance(document, str):
        return document
    return json.dumps(document, ensure_ascii=False, default=_plain)


def _document(document: Document, name: str | None, what: str) -> tuple[str, str]:
    """Name and text of a document: a path, a text of YAML or JSON, or what such a text says."""
    if isinstance(document, str):
        # No document is a single line that ends like the name of a file.
        is_path = "\n" not in document and document.endswith(_ENDINGS)
    else:
        is_path = isinstance(document, os.PathLike)
    if is_path:
        found, text = _native.Library.read(os.fspath(document), what == "record")  # type: ignore[arg-type]
        return name or found, text
    if isinstance(document, (str, Mapping)):
        return name or what, _text(document)
    raise TypeError(f"a {what} is a text, a mapping or a path, not {type(document).__name__}")


def _mapping(mapping: Document | None) -> tuple[str, str | None] | None:
    """A mapping: a document, or the name of one that is built in, which is a word."""
    if isinstance(mapping, str) and not mapping.endswith(_ENDINGS) and not set(mapping) & set("\n:{"):
        return mapping, None
    return None if mapping is None else _document(mapping, None, "mapping")


def instant_text(at: At) -> str:
    """An instant as the engine reads it. One without an offset is refused there."""
    if isinstance(at, datetime):
        return at.isoformat() if at.utcoffset() is None else at.astimezone(timezone.utc).isoformat()
    if isinstance(at, str):
        return at
    raise TypeError(f"an instant is a datetime or a text, not {type(at).__name__}")


def _period(period: tuple[At | None, At | None]) -> tuple[str | None, str | None]:
    start, end = period
    return None if start is None else instant_text(start), None if end is None else instant_text(end)


def _names(protocols: str | Iterable[str] | None) -> list[str]:
    if protocols is None:
        return []
    return [protocols] if isinstance(protocols, str) else list(protocols)


def _sets(set: Sets | None) -> dict[str, dict[str, str]] | None:
    return None if set is None else {protocol: dict(values) for protocol, values in set.items()}


@dataclass(frozen=True, slots=True)
class ListedProtocol:
    """A protocol in the list of a library."""

    id: str
    version: str
    status: str
    title: Mapping[str, str]
    variants: tuple[str, ...]
    hash: str
    effective: Mapping[str, Any]
    approval: tuple[Mapping[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Explained:
    """What the code of a diagnostic means."""

    code: str
    title: str
    explanation: str

    def __str__(self) -> str:
        return f"{self.code}: {self.title}\n\n{self.explanation}"


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
class CaseResult:
    """One written case."""

    protocol: str
    name: str
    passed: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class TestReport:
    """What the cases of protocols showed."""

    __test__ = False  # Not one of pytest's.

    data: Mapping[str, Any]
    found: Found

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.found.errors

    def to_dict(self) -> Mapping[str, Any]:
        """The whole report."""
        return self.data

    def __repr__(self) -> str:
        return f"<TestReport: {len(self.data['cases'])} cases, {len(self.found.errors)} errors>"


class Protocol:
    """A protocol in full, as `Library.show` gives it."""

    def __init__(self, library: _native.Library, name: str, language: Language) -> None:
        self._library = library
        self._name = name
        self._language: Language = language
        self._json = library.show(name, language)

    @cached_property
    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self._json)
        return data

    @property
    def id(self) -> str:
        """Its id."""
        return str(self._data["id"])

    @property
    def version(self) -> str:
        """Its version."""
        return str(self._data["version"])

    @property
    def title(self) -> str:
        """What a clinician reads."""
        return str(self._data["title"])

    @property
    def parameters(self) -> dict[str, str]:
        """The value in force of each number, with its unit, by name."""
        return {held["name"]: held["value"] for held in self._data["parameters"]}

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of its rules."""
        return tuple(held["id"] for held in self._data["rules"])

    @property
    def variants(self) -> tuple[str, ...]:
        """Ids of its variants."""
        return tuple(held["id"] for held in self._data["variants"])

    def to_json(self) -> str:
        """Everything, as JSON."""
        return self._json

    def to_dict(self) -> dict[str, Any]:
        """Everything, as a dictionary of its own."""
        data: dict[str, Any] = json.loads(self._json)
        return data

    def to_html(self) -> str:
        """The page of the handbook, which stands alone."""
        return self._library.page(self._name, self._language)

    def _repr_html_(self) -> str:
        # A page has its own style: in a frame it keeps it, and a notebook its own.
        page = html.escape(self.to_html(), quote=True)
        title = html.escape(self.title, quote=True)
        return f'<iframe sandbox title="{title}" style="width:100%;height:32rem;border:0" srcdoc="{page}"></iframe>'

    def __repr__(self) -> str:
        return f"<Protocol {self.id}@{self.version}: {self.title}>"


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


class Library:
    """Protocols and their vocabulary. Immutable, and safe to share between threads."""

    __slots__ = ("_native",)

    def __init__(self) -> None:
        self._native = _native.Library()

    @classmethod
    def _of(cls, native: _native.Library) -> Self:
        made = cls.__new__(cls)
        made._native = native
        return made

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """A library from a folder. A folder of protocols without a vocabulary is laid over what the package ships."""
        return cls._of(_native.Library.load(os.fspath(path)))

    def with_documents(self, documents: Documents) -> Self:
        """Another library with more protocols and variants, by name for messages; the same version is replaced.

        Raises `ProtocolError` with everything that is wrong with them.
        """
        return self._of(self._native.with_documents([(name, _text(held)) for name, held in documents.items()]))

    def protocols(self) -> tuple[ListedProtocol, ...]:
        """Every version of every protocol."""

        def listed(data: dict[str, Any]) -> ListedProtocol:
            data["variants"] = tuple(data["variants"])
            data["approval"] = tuple(data["approval"])
            return ListedProtocol(**data)

        return tuple(listed(held) for held in json.loads(self._native.protocols()))

    def show(self, id: str, *, language: Language = "en") -> Protocol:
        """A protocol in full, as `id`, `id@version` or with `/variant`."""
        return Protocol(self._native, id, language)

    def check(self, documents: Documents | str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Found:
        """What is wrong with documents of any kind: by name for messages, or files and folders."""
        if isinstance(documents, Mapping):
            texts = [(name, _text(held)) for name, held in documents.items()]
        else:
            paths = [documents] if isinstance(documents, (str, os.PathLike)) else documents
            texts = [found for path in paths for found in _native.Library.documents(os.fspath(path))]
        return Found(*self._native.check(texts))

    def test(self, id: str | None = None) -> TestReport:
        """Runs the written cases of one protocol, or of all."""
        report, rendered, reports = self._native.test(id)
        return TestReport(json.loads(report), Found(rendered, reports))

    def run_json(self, call: str) -> str:
        """One operation of the wire: the same text as in every binding."""
        return self._native.run_json(call)

    def record(self, record: Document, *, name: str | None = None, received: At | None = None) -> Record:
        """Reads a record: a text of YAML or JSON, what such a text says as a mapping, or a path.

        A text of one line that ends in `.yaml`, `.yml` or `.json` is a path. `received` is when the record was handed
        over: what lies after it is refused. Raises `RecordError` where it is no record; what is wrong with single
        entries stands in `Record.issues`.
        """
        name, text = _document(record, name, "record")
        return Record(self._native.record(name, text, None if received is None else instant_text(received)))

    def assess(
        self,
        record: Record | Document,
        protocols: str | Iterable[str] | None = None,
        *,
        at: At | None = None,
        site: Document | None = None,
        language: Language | None = None,
        received: At | None = None,
        set: Sets | None = None,
    ) -> Assessment:
        """Assesses a patient.

        `protocols` are `id`, `id@version` or with `/variant`; the newest active version of each, if not given. `at` is
        an aware datetime or a text with an offset; the last instant of the record, if not given. `set` tries out other
        parameters: `{"scai-stage": {"lactate_high": "3 mmol/L"}}`.
        """
        if not isinstance(record, Record):
            record = self.record(record)
        native = _native.assess(
            self._native,
            record._native,
            _names(protocols),
            None if at is None else instant_text(at),
            None if site is None else _document(site, None, "site"),
            _sets(set),
            language,
            None if received is None else instant_text(received),
        )
        return Assessment(native)

    def assess_table(
        self,
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
        """Assesses the patients of a table that speaks Arrow, and gives tables back.

        The table is *wide*: `patient`, `at`, and a column for each concept, event (true where it happened) or device and
        drug (true where it was seen running, false where it was seen off), where a null is not charted; or *long*:
        `patient`, `at`, `name`, `value`, `unit`. Either may have `known_at`. Rows of one patient stand together, those about devices and drugs in the
        order of time.

        Units are stated, and never guessed: `units` maps columns to units, or is `"vocabulary"`, which declares that
        every column stands in the vocabulary's; what is not named there has the metadata `unit` of its Arrow field.
        `at` is `"last"` or `"each"` instant of each patient at which something became known, or one instant for all,
        which a table without the column `at` also takes for its rows. Where `coverage` is complete, no entry means no.

        Raises `TableError` where the table cannot be read; single values that cannot be used stand in `issues`.
        """
        when = at if at in ("last", "each") else instant_text(at)
        names = _names(protocols)
        site_text = None if site is None else _document(site, None, "site")
        return assess_table(self, table, names, str(when), units, coverage, ignore, site_text, _sets(set))

    def adherence(
        self,
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
        """Says what became of every recommendation for the finished patients of a table that speaks Arrow.

        Without a mapping the columns are `patient`, `at`, if wanted `known_at` and `center`, and either one for each
        concept, or `name`, `value`, `unit` and `action`; rows of one patient stand together. `mapping` is a document
        that says what other columns mean, and who was observed from when to when, or the name of one that is built in.
        Instants have a zone or an offset: none is ever assumed.

        `units` and `ignore` are as in `assess_table`. `coverage` says of `devices`, `infusions`, `problems`, `events`,
        `observations` or of single concepts how completely they were charted: only where that is complete can anything
        be omitted. `schedule` is a document: a list of `{center, protocol, version, from, to}`. By the clock `"known"` is judged by
        what was known at each instant, by `"true"` by what was true. `period` is from and to, aware datetimes or texts
        with an offset, either of them None. The answer is the same on any number of `threads`.

        Rows and values that cannot be used stand in `AdherenceResult.issues`, and everything else is judged. Raises
        `TableError` where the table or the mapping cannot be read, `ProtocolError` for protocols, site profile, schedule
        and concepts, `InstantError` for the period.
        """
        return adherence(
            self,
            table,
            _names(protocols),
            _mapping(mapping),
            units,
            coverage,
            list(ignore),
            None if site is None else _document(site, None, "site"),
            None if schedule is None else _document(schedule, None, "schedule"),
            clock,
            None if period is None else _period(period),
            threads,
        )

    def __repr__(self) -> str:
        return f"<Library of {len({held.id for held in self.protocols()})} protocols>"


@cache
def embedded() -> Library:
    """The library that the package ships, shared."""
    return Library()


def explain(code: str) -> Explained:
    """What the code of a diagnostic means, and what to write instead."""
    return Explained(**json.loads(_native.explain(code)))


def schema(of: str) -> dict[str, Any]:
    """A JSON Schema: of a `protocol`, a `record`, an `assessment`, a `request`, or of the whole `wire`."""
    data: dict[str, Any] = json.loads(_native.schema(of))
    return data
