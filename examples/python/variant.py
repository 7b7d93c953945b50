"""Compares a protocol with the same one under another threshold, at every instant of a patient."""

from pathlib import Path

import shockpath

DATA = Path(__file__).resolve().parents[1] / "data"

library = shockpath.Library()
NAME, OTHER = "lactate_extreme", "12 mmol/L"
print(f"{NAME} is {library.show('scai-stage').parameters[NAME]}; and if it were {OTHER}?")

record = library.record(DATA / "papillary-muscle-rupture.yaml")
for at in record.instants:
    original = library.assess(record, "scai-stage", at=at)
    variant = library.assess(record, "scai-stage", at=at, set={"scai-stage": {NAME: OTHER}})
    before, after = (held.classifications[0].possible for held in (original, variant))
    print(f"{at:%H:%M}  {' | '.join(before):12} {' | '.join(after):12} {'differs' if before != after else ''}")
