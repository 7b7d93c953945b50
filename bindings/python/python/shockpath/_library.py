"""Libraries of protocols, and what is asked of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Literal, Self

from . import _native
from ._adherence import AdherenceResult, Clock, adherence
from ._assessment import Assessment, Record
from ._documents import (
    At,
    Document,
    Documents,
    Language,
    Sets,
    _document,
    _mapping,
    _names,
    _period,
    _sets,
    _text,
    instant_text,
)
from ._errors import Explained, Found
from ._protocol import ListedProtocol, Protocol, TestReport
from ._table import ArrowTable, Capture, Coverage, TableResult, Units, assess_table


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
