"""Protocols: listed, in full, and tested."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import _native
from ._documents import Language
from ._errors import Found


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
