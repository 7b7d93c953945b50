"""What became of recommendations: from a table of finished patients to tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from . import _native

from ._table import ArrowTable, Capture, Units

if TYPE_CHECKING:
    from ._library import Library

Clock = Literal["known", "true"]

_PARTS = ("devices", "infusions", "problems", "events", "observations")


@dataclass(frozen=True, slots=True)
class JudgedProtocol:
    """A protocol by which was judged."""

    id: str
    version: str
    hash: str
    """Of the content of its document."""

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What became of patients, and of what was charted of those who were judged.

    It adds up: `patients` is `evaluated` and all of `excluded`; `charted` is `used` and all of `refused`.
    """

    patients: int
    """Patients in the table."""
    evaluated: int
    """Those that were judged."""
    excluded: Mapping[str, int]
    """Those that were not, by why: `twice`, `two_centers`, `empty`, `no_period`, `no_version`."""
    charted: int
    """Charted items: values, settings, events, starts, stops."""
    used: int
    refused: Mapping[str, int]
    """Those that were refused, by the code of what is wrong; `AdherenceResult.issues` says where."""
    converted: int
    """Of those used, those that stood in another unit than the vocabulary's."""
    known_later: int
    """Of those used, those that became known later than they were true. Where it is 0, the two clocks are one."""
    outside: int
    """Of those used, those outside the period of observation."""


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What became of the rows of a table.

    It adds up: `read` is the sum of `charting`, all of `refused`, `unmapped`, `ignored`, `empty` and `unselected`.
    """

    read: int
    """All rows; one that a mapping reads in several ways is counted for each."""
    charting: int
    """Those that chart something, or say something of the patient as a whole."""
    refused: Mapping[str, int]
    """Those that were refused as a whole, by the code of what is wrong."""
    unmapped: int
    """Those with a name that neither mapping nor vocabulary knows."""
    ignored: int
    """Those with a name that the mapping deliberately does not read."""
    empty: int
    """Those in which nothing stands that could be charted."""
    unselected: int
    """Those that the mapping leaves to another way of reading."""
    unmapped_names: Mapping[str, int]
    """The names that are not known, with the number of their rows."""
    ignored_names: Mapping[str, int]
    """The names that are deliberately not read, with the number of their rows."""
    unused_columns: tuple[str, ...]
    """Columns that are not read."""
    absent_centers: tuple[str, ...]
    """Centers that the mapping names and no row does."""

    @classmethod
    def _of(cls, data: dict[str, Any]) -> Self:
        lists = {name: tuple(data[name]) for name in ("unused_columns", "absent_centers")}
        return cls(**{**data, **lists})


class AdherenceSummary:
    """Opportunities summed up, as tables that Arrow libraries take over without a copy.

    A cell is null where a count is hidden (`min_patients`) or a number cannot be given. Rates and bounds are shares from 0
    to 1, intervals are of 95 %.
    """

    __slots__ = ("_json", "_tables")

    def __init__(self, tables: list[_native.Table], text: str) -> None:
        self._tables = tables
        self._json = text

    @property
    def summary(self) -> _native.Table:
        """All rules together, with `rule` null, and each rule.

        Columns: `by`, `level` (both null here), `rule`, `patients`, `opportunities`, the count of each outcome
        (`anticipated`, `met`, `early_counted`, `early`, `late`, `omitted`, `justified`, `lapsed`, `contraindicated`,
        `censored`, `not_assessable`), `hidden`, `numerator`, `denominator`, `rate`, `low`, `high` (Wilson, widened by
        `design_effect`), `design_effect`, `bootstrap_low`, `bootstrap_high`, `by_patient`, `by_patient_low`,
        `by_patient_high` (the mean of the patients' own shares), `least`, `most` (what is not known counted against and
        for), `with_lapsed`, `with_justified`.
        """
        return self._tables[0]

    @property
    def strata(self) -> _native.Table:
        """The columns of `summary`, divided: `by` is `center`, a group, `period` or `version`."""
        return self._tables[1]

    @property
    def timeliness(self) -> _native.Table:
        """Cumulative incidence of each rule's action from its opening.

        Columns: `rule`, `minutes`, `at_risk`, `done`, `low`, `high`, `lapsed`, `died`.
        """
        return self._tables[2]

    @property
    def funnel(self) -> _native.Table:
        """Centers among each other; no row where there are fewer than two.

        Columns: `center`, `size`, `share`, `low_95`, `high_95`, `low_998`, `high_998`, `shrunken`, `shrunken_low`,
        `shrunken_high`, `rank`.
        """
        return self._tables[3]

    @property
    def tolerance(self) -> _native.Table:
        """Outcomes with windows wider or narrower by some minutes.

        Columns: `rule`, `minutes`, `met`, `early`, `late`, `numerator`, `rate`.
        """
        return self._tables[4]

    @property
    def reasons(self) -> _native.Table:
        """Why it was not done, or could not be told.

        Columns: `rule`, `outcome`, `why`, `missing`, `opportunities`, `patients`.
        """
        return self._tables[5]

    def to_dict(self) -> dict[str, Any]:
        """Everything, with how it was summed up, as a dictionary of its own."""
        data: dict[str, Any] = json.loads(self._json)
        return data

    def __repr__(self) -> str:
        return f"<AdherenceSummary: {self.summary.num_rows - 1} rules, {self.strata.num_rows} strata>"


class AdherenceResult:
    """What became of every recommendation for every patient of a table.

    Each table is taken over without a copy by whatever speaks Arrow: `polars.DataFrame(result.opportunities)`,
    `pyarrow.table(result.opportunities)`, or by name in a query of DuckDB. Instants are microseconds in the zone of the
    table that was read, or UTC. Names are dictionaries; several in one cell are parted by `|`.
    """

    __slots__ = ("_native", "clock")

    clock: Clock
    """By which clock was judged."""

    def __init__(self, native: _native.Adherence, clock: Clock) -> None:
        self._native = native
        self.clock = clock

    @property
    def opportunities(self) -> _native.Table:
        """A row for each opening of a recommendation.

        `patient`, `center`, `protocol`, `version`, `rule`: texts. `opportunity`: its position among those of the patient,
        from 0. `opened`, `from`, `due`, `closed`: when it opened, when its window began and ended, and when it was
        decided. `status`: `met`, `early`, `anticipated`, `late`, `omitted`, `justified`, `contraindicated`, `lapsed`,
        `censored` or `not_assessable`. `counts`: whether one that is early counts as done. `why`, `reason`, `missing`:
        why it has that status, what was charted as the reason, what was not known. `action`: the position of what did it
        among the patient's `actions`. `done`: when. `delay`, `late`: seconds from `opened` and after `due`. `option`,
        `preferred`: which of the options was taken, and whether it was that preferred. `evidence`: what it rests on, as
        `concept@instant`.
        """
        return self._native.opportunities

    @property
    def actions(self) -> _native.Table:
        """A row for each action of a kind that some rule asks for.

        `patient`, `center`; `action`: its position among those of the patient; `at`, `verb`, `of`; `status`: what it was
        to the rules that ask for it; `rules`: which those are.
        """
        return self._native.actions

    @property
    def rules(self) -> _native.Table:
        """A row for each patient and rule.

        `patient`, `center`, `protocol`, `version`, `rule`, `state`, `openings` (how often it opened), `missing`.
        """
        return self._native.rules

    @property
    def patients(self) -> _native.Table:
        """A row for each patient.

        `patient`, `center`, `from`, `to`, `end` (of observation), `excluded` (why not judged; null if judged), the counts
        of charted items `charted`, `used`, `refused`, `converted`, `known_later`, `outside`, and a column `group_…` for
        each thing by which the mapping groups patients.
        """
        return self._native.patients

    @property
    def issues(self) -> _native.Table:
        """A row for each row or value that was refused.

        `patient`, `table` (where there are several), `row` (from 1), `column` (or what was charted), `code`, `severity`, `message`, `help`.
        """
        return self._native.issues

    @property
    def protocols(self) -> tuple[JudgedProtocol, ...]:
        """The protocols by which was judged."""
        return tuple(JudgedProtocol(**held) for held in json.loads(self._native.protocols()))

    @property
    def mapping(self) -> str | None:
        """Hash of the mapping; none without one."""
        return self._native.mapping

    @property
    def reconciliation(self) -> Reconciliation:
        """What became of patients and of what was charted. It adds up."""
        return Reconciliation(**json.loads(self._native.reconciliation()))

    @property
    def rows(self) -> ReadRows:
        """What became of the rows of the table. It adds up."""
        return ReadRows._of(json.loads(self._native.rows()))

    def summary(
        self,
        by: str | Iterable[str] = (),
        *,
        min_patients: int = 0,
        months: int = 3,
        seed: int | None = None,
    ) -> AdherenceSummary:
        """Sums up.

        `by` names groups of patients by which is divided, beside center, period and version. Counts of fewer patients
        than `min_patients` are hidden, with what would give them away; 0 hides nothing. A period of opening is so many
        calendar `months` long; 0 for none. `seed` is that of the bootstrap: the same seed gives the same numbers.

        Raises `TableError` for a group that no patient has.
        """
        names = [by] if isinstance(by, str) else list(by)
        return AdherenceSummary(*self._native.summary(names, min_patients, months, seed))

    def __repr__(self) -> str:
        held = self.reconciliation
        return (
            f"<AdherenceResult: {self.opportunities.num_rows} opportunities, {held.evaluated} of {held.patients} patients "
            f"judged, {self.issues.num_rows} issues>"
        )


def adherence(
    library: Library,
    table: ArrowTable,
    protocols: list[str],
    mapping: tuple[str, str | None] | None,
    units: Units | None,
    coverage: Mapping[str, Capture] | None,
    ignore: list[str],
    site: tuple[str, str] | None,
    schedule: tuple[str, str] | None,
    clock: Clock,
    period: tuple[str | None, str | None] | None,
    threads: int,
) -> AdherenceResult:
    """Judges the patients of a table."""
    if isinstance(units, str) and units != "vocabulary":
        raise ValueError("`units` is a mapping from column to unit, or 'vocabulary'")
    if clock not in ("known", "true"):
        raise ValueError("`clock` is 'known' or 'true'")
    if threads < 1:
        raise ValueError("`threads` is at least 1")
    stated = {str(what): str(how) for what, how in (coverage or {}).items()}
    parts = {what: how for what, how in stated.items() if what in _PARTS}
    if mapping is not None and (units is not None or ignore or parts):
        raise ValueError("a mapping says units, coverage of kinds and what is ignored itself: state them there")
    native = _native.adherence(
        library._native,
        table,
        protocols,
        mapping,
        None if units is None or isinstance(units, str) else dict(units),
        units == "vocabulary",
        parts,
        {what: how for what, how in stated.items() if what not in parts},
        ignore,
        site,
        schedule,
        clock == "known",
        period,
        threads,
    )
    return AdherenceResult(native, clock)
