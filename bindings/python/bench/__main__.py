"""What Python costs: `python bindings/python/bench`, with `shockpath`, `polars` and `zen-engine` installed.

Every implementation gives the same answer for every patient, or nothing is timed. Figures are CPU time of this thread,
medians of many runs; quote the ratios.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import polars
import shockpath
import zen
from shockpath import _native

import rules

EXAMPLE = Path(__file__).resolve().parents[3] / "examples/data/papillary-muscle-rupture.yaml"
NAMED = {"true": True, "false": False, "unknown": None}


def once(work: Callable[[], object]) -> float:
    """CPU seconds."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def seconds(work: Callable[[], object], runs: int = 15) -> float:
    """Median of CPU seconds."""
    work()
    return statistics.median(once(work) for _ in range(runs))


def main() -> None:
    rows = rules.patients()
    library = shockpath.Library().with_documents({"benchmark.yaml": rules.protocol()})
    columns = {name: [row[name] for row in rows] for name, *_ in rules.VARIABLES}
    table = polars.DataFrame(
        {"patient": [f"p{index}" for index in range(len(rows))], **columns},
        schema_overrides={name: polars.Float64 for name, *_ in rules.VARIABLES},
    )
    units = {name: unit for name, _, _, unit in rules.VARIABLES}
    at = "2026-03-01T08:00:00+00:00"
    plain = rules.plain()
    assert callable(plain)
    decision = zen.ZenEngine().create_decision(rules.zen())

    def many() -> shockpath.TableResult:
        # No patient has a device, and that is captured: on one that is not known of, an output would not be believed.
        coverage: shockpath.Coverage = {"devices": "complete"}
        return library.assess_table(table, ["benchmark"], at=at, units=units, coverage=coverage)

    def each() -> list[tuple[bool | None, ...]]:
        return [plain(row) for row in rows]

    def by_zen() -> list[dict[str, bool]]:
        return [decision.evaluate(row)["result"] for row in rows]

    # All agree, or nothing is timed. ZEN knows no unknown, so that there only what is true counts.
    result = many()
    assert result.issues.num_rows == 0
    found = polars.DataFrame(result.recommendations)
    truths = [NAMED[text] for text in found["truth"].cast(polars.String)]
    wanted = each()
    assert truths == [truth for row in wanted for truth in row]
    hits = by_zen()
    assert [held[f"rule_{index:02}"] for held in hits for index in range(len(rules.RULES))] == [
        truth is True for truth in truths
    ]

    missing = sum(value is None for row in rows for value in row.values()) / (len(rows) * len(rules.VARIABLES))
    print(f"{len(rules.RULES)} rules, {len(rows)} patients, {100 * missing:.1f} % of values missing\n")
    ours, python, other = seconds(many), seconds(each), seconds(by_zen, 5)
    count = len(rules.RULES) * len(rows)
    for name, took in (("shockpath, table", ours), ("plain Python", python), ("zen-engine", other)):
        print(f"{name:20} {1e6 * took / len(rows):9.2f} us per patient {count / took / 1e6:9.2f} M rules per second")
    print(f"\nplain Python / shockpath, table  {python / ours:8.2f}")
    print(f"zen-engine / shockpath, table    {other / ours:8.2f}")
    print(f"rules per second                 {count / ours / 1e6:8.2f} M  (at least 1 M)")

    print("\nOne assessment with its result held as an object, in microseconds:")
    record = library.record(EXAMPLE)
    worst = 0.0
    for name, protocols in (("scai-stage", ["scai-stage"]), ("benchmark", ["benchmark"]), ("whole library", [])):
        times = 2000 if protocols else 200

        def held() -> None:
            for _ in range(times):
                library.assess(record, protocols)

        def alone() -> None:
            _native.assess_in_rust(library._native, record._native, protocols, times)

        held()
        alone()
        # In turn, so that whatever else the machine does falls on both.
        runs = [(once(held), once(alone)) for _ in range(25)]
        in_python, in_rust, above = (
            1e6 * statistics.median(all) / times
            for all in ([run[0] for run in runs], [run[1] for run in runs], [run[0] - run[1] for run in runs])
        )
        worst = max(worst, above)
        print(f"  {name:16} Python {in_python:9.2f}   Rust {in_rust:9.2f}   above {above:6.2f}")
    print(f"  most above Rust  {worst:.2f}  (at most 10)")


if __name__ == "__main__":
    main()
