"""What a caller hands over, as the engine reads it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from typing import Any, Literal

from . import _native

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
