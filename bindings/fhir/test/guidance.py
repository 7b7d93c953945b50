"""Validates FHIR R4 resources, one on each line: `python guidance.py FILE…`, by the package `fhir.resources`."""

import json
import sys
from collections import Counter
from pathlib import Path

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

counts: Counter[str] = Counter()
for name in sys.argv[1:]:
    for line in Path(name).read_text(encoding="utf-8").splitlines():
        resource = json.loads(line)
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate(resource)
        # A validator that accepts anything would say nothing.
        try:
            model.model_validate({**resource, "unexpected": 1})
        except ValidationError:
            counts[resource["resourceType"]] += 1
        else:
            raise SystemExit(f"{resource['id']}: a broken copy is accepted")
if not counts:
    raise SystemExit("there was no resource")
print(dict(counts))
