"""What the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
import shockpath

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "examples/data"

RECORD = """\
id: made-up
coverage: {devices: complete, infusions: complete, problems: complete, events: complete}
entries:
  - {at: 2026-03-01T08:00:00+09:00, event: shock_onset}
  - at: 2026-03-01T08:10:00+09:00
    observe: {sbp: "82 mm[Hg]", map: "58 mm[Hg]", lactate: 5.2 mmol/L}
  - at: 2026-03-01T09:30:00+09:00
    observe: {lactate: 2.1 mmol/L}
"""


@pytest.fixture(scope="session")
def library() -> shockpath.Library:
    return shockpath.Library()


@pytest.fixture(scope="session")
def rupture(library: shockpath.Library) -> shockpath.Record:
    return library.record(DATA / "papillary-muscle-rupture.yaml")
