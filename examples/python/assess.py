"""Assesses a published patient, and follows one recommendation down to the charted values."""

from pathlib import Path

import shockpath

DATA = Path(__file__).resolve().parents[1] / "data"

assessment = shockpath.assess(DATA / "papillary-muscle-rupture.yaml")

stage = assessment["scai-stage"].classifications[0]
print(f"{stage.title}: {stage.level}")

for rule in assessment.recommended:
    print(f"{rule.urgency:8} {rule.title} ({rule.protocol})")

first = assessment.recommended[0]
print(f"\nWhy: {first.title}")
print(first.trace)
