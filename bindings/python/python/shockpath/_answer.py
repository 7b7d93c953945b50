"""An answer as objects: what `Assessment` hands out, field by field as in the JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

Truth = Literal["true", "false", "unknown"]
Status = Literal[
    "recommended", "conditional", "blocked", "in_progress", "done", "declined", "undetermined", "not_indicated"
]
Urgency = Literal["emergent", "urgent", "soon", "routine"]
OptionStatus = Literal["available", "conditional", "contraindicated", "not_at_hand", "running"]


@dataclass(frozen=True, slots=True)
class TraceNode:
    """A step of an explanation, down to the charted value and the cited number."""

    text: str
    truth: Truth | None = None
    value: str | None = None
    unknown: str | None = None
    at: str | None = None
    known_at: str | None = None
    age: str | None = None
    qualifiers: tuple[str, ...] = ()
    source: str | None = None
    parameter: str | None = None
    citation: str | None = None
    verified: str | None = None
    children: tuple[TraceNode, ...] = ()

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        held = dict(data)
        held["qualifiers"] = tuple(held.get("qualifiers", ()))
        held["children"] = tuple(cls._of(child) for child in held.get("children", ()))
        return cls(**held)

    def walk(self) -> Iterator[TraceNode]:
        """This step and all below it, each before its own."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __str__(self) -> str:
        return self._lines("")

    def _lines(self, indent: str) -> str:
        came = self.truth or self.value or (f"not known: {self.unknown}" if self.unknown else "")
        own = f"{indent}{self.text}" + (f": {came}" if came else "")
        return "\n".join([own, *(child._lines(indent + "  ") for child in self.children)])

    def __repr__(self) -> str:
        return f"<TraceNode of {sum(1 for _ in self.walk())} steps>"


@dataclass(frozen=True, slots=True)
class Option:
    """A device or drug among the options of a recommendation."""

    id: str
    title: str
    status: OptionStatus
    reasons: tuple[str, ...]
    clear_with: tuple[str, ...]
    clear_titles: tuple[str, ...]

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        lists = {name: tuple(data[name]) for name in ("reasons", "clear_with", "clear_titles")}
        return cls(id=data["id"], title=data["title"], status=data["status"], **lists)

    def __repr__(self) -> str:
        return f"<Option {self.id}: {self.status}>"


@dataclass(frozen=True, slots=True)
class Window:
    """When an action is due."""

    start: str | None
    end: str | None
    before: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Flip:
    """A single change that would turn a decided recommendation."""

    concept: str
    text: str
    to: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a rule says now."""

    protocol: str
    id: str
    kind: str
    title: str
    status: Status
    truth: Truth
    action: str
    of: tuple[str, ...]
    options: tuple[Option, ...]
    urgency: Urgency
    because: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    flips: tuple[Flip, ...]
    sources: tuple[str, ...]
    recalled: bool
    strength: Mapping[str, Any] | None = None
    opened: str | None = None
    opens_at: str | None = None
    window: Window | None = None
    target: str | None = None
    blocked: str | None = None
    fallback: str | None = None
    trace: TraceNode | None = None

    @classmethod
    def _of(cls, protocol: str, data: Mapping[str, Any]) -> Self:
        held = dict(data)
        for name in ("of", "reasons", "missing", "sources"):
            held[name] = tuple(held[name])
        held["options"] = tuple(Option._of(option) for option in held["options"])
        held["flips"] = tuple(
            Flip(flip["concept"], flip["text"], {k: v for k, v in flip.items() if k not in ("concept", "text")})
            for flip in held["flips"]
        )
        if window := held.get("window"):
            held["window"] = Window(
                window.get("from"), window.get("to"), window.get("before"), window["overdue"]
            )
        if trace := held.get("trace"):
            held["trace"] = TraceNode._of(trace)
        return cls(protocol=protocol, **held)

    @property
    def asks(self) -> bool:
        """Whether it asks for its action now."""
        return self.status in ("recommended", "conditional")

    def __repr__(self) -> str:
        return f"<Recommendation {self.protocol}/{self.id}: {self.status}>"


@dataclass(frozen=True, slots=True)
class MonitoringItem:
    """A standing obligation to measure: `recommended` when due, `done` when recent."""

    protocol: str
    id: str
    title: str
    status: Status
    truth: Truth
    of: tuple[str, ...]
    every: str
    overdue: bool
    urgency: Urgency
    because: str
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    sources: tuple[str, ...]
    due: str | None = None

    @classmethod
    def _of(cls, protocol: str, data: Mapping[str, Any]) -> Self:
        held = dict(data)
        for name in ("of", "reasons", "missing", "sources"):
            held[name] = tuple(held[name])
        return cls(protocol=protocol, **held)

    def __repr__(self) -> str:
        return f"<MonitoringItem {self.protocol}/{self.id}: {self.status}>"


@dataclass(frozen=True, slots=True)
class Classification:
    """A stage or class: the levels still possible, least severe first."""

    protocol: str
    id: str
    title: str
    possible: tuple[str, ...]
    modifiers: Mapping[str, Truth]
    reasons: tuple[str, ...]

    @classmethod
    def _of(cls, protocol: str, data: Mapping[str, Any]) -> Self:
        return cls(
            protocol=protocol,
            id=data["id"],
            title=data["title"],
            possible=tuple(data["possible"]),
            modifiers=dict(data["modifiers"]),
            reasons=tuple(data["reasons"]),
        )

    @property
    def level(self) -> str | None:
        """The level, where only one is possible."""
        return self.possible[0] if len(self.possible) == 1 else None

    def __repr__(self) -> str:
        return f"<Classification {self.protocol}/{self.id}: {' | '.join(self.possible) or 'unknown'}>"


@dataclass(frozen=True, slots=True)
class Score:
    """A score: with missing items a range."""

    protocol: str
    id: str
    title: str
    min: float
    max: float
    bands: tuple[str, ...]

    @classmethod
    def _of(cls, protocol: str, data: Mapping[str, Any]) -> Self:
        held = {**data, "bands": tuple(data["bands"])}
        return cls(protocol=protocol, **held)

    @property
    def value(self) -> float | None:
        """The score, where nothing is missing."""
        return self.min if self.min == self.max else None

    def __repr__(self) -> str:
        value = f"{self.min:g}" if self.min == self.max else f"{self.min:g} to {self.max:g}"
        return f"<Score {self.protocol}/{self.id}: {value}>"


@dataclass(frozen=True, slots=True)
class Definition:
    """A named value: a number with its unit, a range, a condition, or not known."""

    protocol: str
    name: str
    value: float | bool | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    unknown: str | None = None

    @classmethod
    def _of(cls, protocol: str, name: str, data: Mapping[str, Any]) -> Self:
        return cls(protocol=protocol, name=name, **data)

    def __repr__(self) -> str:
        known = "unknown" if self.unknown is not None else "known"
        return f"<Definition {self.protocol}/{self.name}: {known}>"


@dataclass(frozen=True, slots=True)
class Missing:
    """A concept that would decide something."""

    protocol: str
    concept: str
    title: str
    unknown: str
    """Why it is not known."""
    decides: tuple[str, ...]
    """The rules that some value of it alone would decide."""

    @classmethod
    def _of(cls, protocol: str, data: Mapping[str, Any]) -> Self:
        held = {**data, "decides": tuple(data["decides"])}
        return cls(protocol=protocol, **held)

    def __repr__(self) -> str:
        return f"<Missing {self.concept}: would decide {len(self.decides)} of {self.protocol}>"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules that cannot both be followed."""

    protocol: str
    rule: str
    winner: str


@dataclass(frozen=True, slots=True)
class ProtocolName:
    """Which protocol, exactly."""

    id: str
    version: str
    title: str
    hash: str
    basis: str
    approval: tuple[Mapping[str, Any], ...]
    variant: str | None = None

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        held = {**data, "approval": tuple(data["approval"])}
        return cls(**held)

    def __str__(self) -> str:
        return f"{self.id}@{self.version}" + (f"/{self.variant}" if self.variant else "")


@dataclass(frozen=True, slots=True)
class ProtocolAssessment:
    """What one protocol says."""

    protocol: ProtocolName
    applies: Truth
    definitions: Mapping[str, Definition]
    classifications: tuple[Classification, ...]
    scores: tuple[Score, ...]
    recommendations: tuple[Recommendation, ...]
    monitoring: tuple[MonitoringItem, ...]
    conflicts: tuple[Conflict, ...]
    missing: tuple[Missing, ...]

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        name = ProtocolName._of(data["protocol"])
        of = name.id
        return cls(
            protocol=name,
            applies=data["applies"],
            definitions={key: Definition._of(of, key, held) for key, held in data["definitions"].items()},
            classifications=tuple(Classification._of(of, held) for held in data["classifications"]),
            scores=tuple(Score._of(of, held) for held in data["scores"]),
            recommendations=tuple(Recommendation._of(of, held) for held in data["recommendations"]),
            monitoring=tuple(MonitoringItem._of(of, held) for held in data["monitoring"]),
            conflicts=tuple(Conflict(of, held["rule"], held["winner"]) for held in data["conflicts"]),
            missing=tuple(Missing._of(of, held) for held in data["missing"]),
        )

    def __getitem__(self, id: str) -> Recommendation | MonitoringItem | Classification | Score | Definition:
        """What has this id: a rule, a classification, a score or a definition."""
        groups: tuple[tuple[Recommendation | MonitoringItem | Classification | Score, ...], ...] = (
            self.recommendations,
            self.monitoring,
            self.classifications,
            self.scores,
        )
        for group in groups:
            for held in group:
                if held.id == id:
                    return held
        return self.definitions[id]

    def __repr__(self) -> str:
        asks = sum(held.asks for held in self.recommendations)
        return f"<ProtocolAssessment {self.protocol}: applies {self.applies}, {asks} recommended>"
