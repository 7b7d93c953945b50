"""The vectors that every implementation answers, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shockpath
from conftest import ROOT

VECTORS = sorted((ROOT / "tests/vectors/wire").glob("*.json"))
GAPS = {gap["vector"]: gap["reason"] for gap in json.loads((ROOT / "tests/known-gaps.json").read_text()) if gap["runner"] == "python"}


def packed(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def member(text: str, name: str) -> str:
    """A member of the vector as it stands in the file, packed: numbers are not read and written again."""
    # A number is kept as its own text between marks, which the writer is then relieved of.
    kept = lambda number: f"\x00{number}\x00"
    data = json.loads(text, parse_float=kept, parse_int=kept)
    return packed(data[name]).replace('"\\u0000', "").replace('\\u0000"', "")


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 30
    names = {json.loads(path.read_text())["name"] for path in VECTORS}
    assert set(GAPS) <= names, "a known gap names no vector"


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_answer_is_the_same_to_the_byte(path: Path, library: shockpath.Library) -> None:
    text = path.read_text(encoding="utf-8")
    same = library.run_json(member(text, "call")) == member(text, "answer")
    name = json.loads(text)["name"]
    if name in GAPS:
        assert not same, "known gap now passes, remove it"
    else:
        assert same


def test_objects_and_wire_say_the_same(library: shockpath.Library) -> None:
    for path in VECTORS:
        vector = json.loads(path.read_text(encoding="utf-8"))
        call, answer = vector["call"], vector["answer"]
        if call.get("op") != "assess" or "ok" not in answer:
            continue
        record = library.record(call["record"]["text"], name=call["record"]["name"], received=call.get("received"))
        assessment = library.assess(
            record,
            call.get("protocols"),
            at=call.get("at"),
            site=call["site"]["text"] if "site" in call else None,
            language=call.get("language"),
            set=call.get("set"),
        )
        detail = {key: call[key] for key in ("trace", "what_if") if key in call}
        assert assessment.to_dict(**detail) == answer["ok"], path.stem
