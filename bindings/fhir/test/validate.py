"""Validates FHIR R4 MeasureReports: `python validate.py FILE…`, by the package `fhir.resources`."""

import json
import sys
from pathlib import Path

from fhir.resources.R4B.measurereport import MeasureReport
from pydantic import ValidationError

for name in sys.argv[1:]:
    text = Path(name).read_text(encoding="utf-8")
    MeasureReport.model_validate_json(text)
    # A validator that accepts anything would say nothing.
    for field, value in {"rate": 1, "group": {}, "period": "2026"}.items():
        broken = {**json.loads(text), field: value}
        try:
            MeasureReport.model_validate(broken)
        except ValidationError:
            continue
        raise SystemExit(f"{name}: a copy with another `{field}` is accepted")
    print(f"{name} is valid")
