"""Twenty-seven rules over thirty variables: data, a protocol of shockpath, plain Python, and a decision of ZEN."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping

PATIENTS = 1000

# Names, lowest and highest value, unit.
VARIABLES: tuple[tuple[str, float, float, str], ...] = (
    ("sbp", 50.0, 140.0, "mm[Hg]"),
    ("dbp", 30.0, 90.0, "mm[Hg]"),
    ("map", 40.0, 100.0, "mm[Hg]"),
    ("hr", 50.0, 150.0, "/min"),
    ("spo2", 75.0, 100.0, "%"),
    ("rr", 8.0, 40.0, "/min"),
    ("temp", 34.0, 40.0, "Cel"),
    ("urine_output", 0.0, 120.0, "mL/h"),
    ("cvp", 2.0, 25.0, "mm[Hg]"),
    ("pasp", 20.0, 70.0, "mm[Hg]"),
    ("padp", 8.0, 35.0, "mm[Hg]"),
    ("pcwp", 5.0, 35.0, "mm[Hg]"),
    ("co", 1.5, 7.0, "L/min"),
    ("svo2", 30.0, 80.0, "%"),
    ("lactate", 0.5, 12.0, "mmol/L"),
    ("ph", 7.0, 7.5, "[pH]"),
    ("pao2", 50.0, 200.0, "mm[Hg]"),
    ("hco3", 10.0, 30.0, "mmol/L"),
    ("fio2", 0.21, 1.0, "1"),
    ("creatinine", 0.5, 5.0, "mg/dL"),
    ("bun", 8.0, 90.0, "mg/dL"),
    ("alt", 10.0, 1500.0, "U/L"),
    ("bilirubin", 0.3, 8.0, "mg/dL"),
    ("hb", 6.0, 16.0, "g/dL"),
    ("platelets", 20.0, 400.0, "10*3/uL"),
    ("potassium", 2.8, 6.5, "mmol/L"),
    ("lvef", 8.0, 65.0, "%"),
    ("lvot_vti", 4.0, 22.0, "cm"),
    ("tapse", 6.0, 28.0, "mm"),
    ("age", 20.0, 90.0, "a"),
)

PARAMETERS: dict[str, tuple[float, str]] = {
    "sbp_low": (90.0, "mm[Hg]"),
    "sbp_very_low": (60.0, "mm[Hg]"),
    "map_low": (60.0, "mm[Hg]"),
    "map_very_low": (50.0, "mm[Hg]"),
    "hr_high": (100.0, "/min"),
    "lactate_high": (2.0, "mmol/L"),
    "lactate_higher": (5.0, "mmol/L"),
    "lactate_extreme": (8.0, "mmol/L"),
    "ph_low": (7.2, "[pH]"),
    "ph_lower": (7.3, "[pH]"),
    "urine_low": (30.0, "mL/h"),
    "creatinine_high": (2.0, "mg/dL"),
    "alt_high": (200.0, "U/L"),
    "alt_higher": (500.0, "U/L"),
    "cvp_high": (15.0, "mm[Hg]"),
    "pcwp_high": (15.0, "mm[Hg]"),
    "svo2_low": (55.0, "%"),
    "spo2_low": (90.0, "%"),
    "rr_high": (25.0, "/min"),
    "lvef_low": (25.0, "%"),
    "vti_low": (10.0, "cm"),
    "tapse_low": (14.0, "mm"),
    "hb_low": (8.0, "g/dL"),
    "platelets_low": (50.0, "10*3/uL"),
    "potassium_high": (5.5, "mmol/L"),
    "cpo_low": (0.6, "W"),
    "papi_low": (0.9, "1"),
    "ratio_high": (0.63, "1"),
    "pulse_low": (25.0, "mm[Hg]"),
    "divisor": (451.0, "mm[Hg].L/min/W"),
}

DERIVED: dict[str, tuple[str, str]] = {
    "cpo_now": ("map * co / divisor", "W"),
    "papi_now": ("(pasp - padp) / cvp", "1"),
    "pulse": ("sbp - dbp", "mm[Hg]"),
    "ratio": ("cvp / pcwp", "1"),
    "index": ("hr / sbp", "/min/mm[Hg]"),
}

RULES: tuple[str, ...] = (
    # Stages, most severe first.
    "sbp < sbp_very_low || map < map_very_low",
    "lactate >= lactate_extreme || ph < ph_low",
    "lactate >= lactate_higher && map < map_low",
    "cpo_now < cpo_low && lactate >= lactate_higher",
    "alt > alt_higher && map < map_low",
    "svo2 < svo2_low && lactate >= lactate_high",
    "cpo_now < cpo_low && pcwp > pcwp_high",
    "lactate >= lactate_high && sbp < sbp_low",
    "urine_output < urine_low && map < map_low",
    "creatinine >= creatinine_high && lactate >= lactate_high",
    "alt > alt_high && sbp < sbp_low",
    "papi_now < papi_low && cvp > cvp_high",
    "sbp < sbp_low || map < map_low",
    "hr >= hr_high && pulse < pulse_low",
    "hr >= hr_high || lactate >= lactate_high",
    # Recommendations.
    "cpo_now < cpo_low && papi_now >= papi_low",
    "cpo_now < cpo_low && papi_now < papi_low",
    "ratio > ratio_high && cvp > cvp_high",
    "spo2 < spo2_low || rr > rr_high",
    "lvef < lvef_low && lactate >= lactate_high",
    "lvot_vti < vti_low && lvef < lvef_low",
    "tapse < tapse_low && cvp > cvp_high",
    "hb < hb_low || platelets < platelets_low",
    "potassium >= potassium_high && urine_output < urine_low",
    "ph < ph_lower && lactate >= lactate_higher",
    "pulse < pulse_low && map < map_low && lactate >= lactate_high",
    "svo2 < svo2_low && cpo_now < cpo_low && hr >= hr_high",
)


def patients() -> list[dict[str, float | None]]:
    """The same patients in every run: 13 % of the values are missing."""
    state = 0x9E37_79B9_7F4A_7C15

    def draw() -> float:
        nonlocal state
        state = (state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (state >> 33) / 2**31

    rows = []
    for _ in range(PATIENTS):
        row: dict[str, float | None] = {}
        for name, low, high, _ in VARIABLES:
            value = low + (high - low) * draw()
            row[name] = math.floor(value * 100.0 + 0.5) / 100.0 if draw() >= 0.13 else None
        rows.append(row)
    return rows


def protocol() -> dict[str, object]:
    """The rules as a protocol."""

    def both(text: str) -> dict[str, str]:
        return {"en": text, "ko": text}

    def number(value: float, unit: str) -> str | float:
        return value if unit == "1" else f"{value!r} {unit}"

    return {
        "shockpath": 1,
        "id": "benchmark",
        "version": "1.0.0",
        "status": "active",
        "effective": {"from": "2026-01-01"},
        "title": both("Benchmark"),
        "purpose": {key: both("A benchmark.") for key in ("use", "users", "population", "not_for")},
        "approval": [],
        "source_attributes": {
            key: "None."
            for key in (
                "bibliographic_citation",
                "developer",
                "funding",
                "release_date",
                "use_of_race",
                "use_of_ethnicity",
                "use_of_language",
                "use_of_sexual_orientation",
                "use_of_gender_identity",
                "use_of_sex",
                "use_of_date_of_birth",
                "use_of_social_determinants",
                "use_of_health_status_assessments",
            )
        },
        "sources": {"none": {"citation": "No source: numbers of a benchmark"}},
        "parameters": {
            name: {"value": number(value, unit), "source": "none", "verified": "recalled", "title": both(name)}
            for name, (value, unit) in PARAMETERS.items()
        },
        "define": {
            name: {"as": text, "unit": unit, "title": both(name), "sources": ["none"]}
            for name, (text, unit) in DERIVED.items()
        },
        "recommend": {
            f"rule-{index:02}": {
                "title": both(f"Rule {index}"),
                "when": text,
                "action": "consult",
                "of": ["treating_team"],
                "urgency": "soon",
                "strength": "none",
                "sources": ["none"],
                "because": both("It holds."),
            }
            for index, text in enumerate(RULES)
        },
    }


def _literals(text: str) -> str:
    return re.sub(r"[a-z_]\w*", lambda word: repr(PARAMETERS[word[0]][0]) if word[0] in PARAMETERS else word[0], text)


def plain() -> object:
    """The rules as one function of plain Python over a dictionary, in three-valued logic: `True`, `False`, `None`."""
    lines = ["def rules(row):"]
    used = sorted({word for text in (*RULES, *(t for t, _ in DERIVED.values())) for word in re.findall(r"[a-z_]\w*", text)})
    lines += [f"    {name} = row['{name}']" for name, *_ in VARIABLES if name in used]
    for name, (text, _) in DERIVED.items():
        if name not in used:
            continue
        inputs = [word for word in re.findall(r"[a-z_]\w*", text) if word not in PARAMETERS]
        known = " or ".join(f"{word} is None" for word in inputs)
        lines.append(f"    {name} = None if {known} else {_literals(text)}")
    seen: dict[str, str] = {}
    results = []
    for text in RULES:
        joint = "||" if "||" in text else "&&"
        parts = []
        for part in text.split(joint):
            part = _literals(part.strip())
            if part not in seen:
                seen[part] = f"c{len(seen)}"
                lines.append(f"    {seen[part]} = None if {part.split()[0]} is None else {part}")
            parts.append(seen[part])
        decided = " or ".join(f"{part} is {joint == '||'}" for part in parts)
        unknown = " or ".join(f"{part} is None" for part in parts)
        results.append(f"({joint == '||'} if {decided} else None if {unknown} else {joint != '||'})")
    lines.append("    return (" + ", ".join(results) + ",)")
    space: dict[str, object] = {}
    exec("\n".join(lines), space)  # noqa: S102 - written above
    return space["rules"]


def zen() -> str:
    """The rules as a decision of ZEN: derived values, then each rule as an expression that is true where it holds.

    ZEN knows no unknown: a missing value is null, and each condition asks first whether it is there.
    """

    def guard(part: str) -> str:
        return f"({part.split()[0]} != null and {_literals(part)})"

    words = {"||": "or", "&&": "and"}

    def rule(text: str) -> str:
        joint = "||" if "||" in text else "&&"
        return f" {words[joint]} ".join(guard(part.strip()) for part in text.split(joint))

    def derived(text: str) -> str:
        inputs = [word for word in re.findall(r"[a-z_]\w*", text) if word not in PARAMETERS]
        return " and ".join(f"{word} != null" for word in inputs) + f" ? {_literals(text)} : null"

    def node(id: str, rows: Mapping[str, str]) -> dict[str, object]:
        expressions = [{"id": f"{id}-{key}", "key": key, "value": value} for key, value in rows.items()]
        content = {"expressions": expressions, "passThrough": True}
        return {"id": id, "type": "expressionNode", "name": id, "content": content}

    first = node("derived", {name: derived(text) for name, (text, _) in DERIVED.items()})
    second = node("rules", {f"rule_{index:02}": rule(text) for index, text in enumerate(RULES)})
    second["content"]["passThrough"] = False  # type: ignore[index]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        first,
        second,
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b}
        for a, b in (("in", "derived"), ("derived", "rules"), ("rules", "out"))
    ]
    return json.dumps({"nodes": nodes, "edges": edges})
