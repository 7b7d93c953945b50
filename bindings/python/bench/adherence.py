"""What judging a registry costs: `python bindings/python/bench/adherence.py [PATIENTS]`, with `polars` and `duckdb` installed.

The five rules of `tests/cohort` over the made-up cohort, in this run: by the engine (`cargo bench --bench adherence`), by
DuckDB with the queries that the tests compare it with, and by polars. Every count of every status is the same, or nothing
is timed. The data are in memory before a clock starts; medians, DuckDB and polars on one thread. Figures of a shared
machine vary: quote the ratios.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = "1"

import duckdb
import polars as pl

ROOT = Path(__file__).resolve().parents[3]
COHORT = ROOT / "tests/cohort"
RUNS = 7

PATIENT = "patient"


def minutes(count: int) -> int:
    """In microseconds."""
    return count * 60_000_000


def least(*columns: str) -> pl.Expr:
    return pl.min_horizontal(*columns)


class Tables:
    """The cohort as polars holds it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.events = pl.DataFrame(connection.sql("select patient, ts, name, value from events order by patient, ts"))
        self.patients = pl.DataFrame(connection.sql("select patient, ends from patients order by patient"))
        self.runs = pl.DataFrame(connection.sql("select * from runs order by patient, begun"))

    def named(self, name: str) -> pl.DataFrame:
        return self.events.filter(pl.col("name") == name).select(PATIENT, "ts", "value")


def judged(opened: pl.DataFrame) -> pl.DataFrame:
    """One opening with a deadline, answered by the first action after it."""
    return opened.with_columns(
        status=pl.when(pl.col("before"))
        .then(pl.lit("not_assessable"))
        .when(pl.col("with_it"))
        .then(pl.lit("anticipated"))
        .when(pl.col("first") <= least("due", "over", "ends"))
        .then(pl.lit("met"))
        .when(pl.col("over") < pl.col("due"))
        .then(pl.lit("lapsed"))
        .when(pl.col("ends") < pl.col("due"))
        .then(pl.lit("censored"))
        .when(pl.col("first").is_not_null())
        .then(pl.lit("late"))
        .otherwise(pl.lit("omitted"))
    )


def repeat_lactate(data: Tables) -> pl.DataFrame:
    gap = pl.col("next") - pl.col("ts")
    return (
        data.named("lactate")
        .with_columns(next=pl.col("ts").shift(-1).over(PATIENT))
        .filter(pl.col("value") > 2)
        .join(data.patients, on=PATIENT)
        .with_columns(
            status=pl.when(gap < minutes(120))
            .then(pl.lit("early"))
            .when(gap <= minutes(240))
            .then(pl.lit("met"))
            .when(pl.col("next").is_not_null())
            .then(pl.lit("late"))
            .when(pl.col("ends") < pl.col("ts") + minutes(240))
            .then(pl.lit("censored"))
            .otherwise(pl.lit("omitted"))
        )
    )


def first_after(openings: pl.DataFrame, acts: pl.DataFrame) -> pl.DataFrame:
    """Whether something was done with an opening, and when first after it."""
    both = openings.select(PATIENT, "begun").join(acts.select(PATIENT, "ts"), on=PATIENT)
    found = both.group_by(PATIENT).agg(
        with_it=(pl.col("ts") == pl.col("begun")).any(),
        first=pl.col("ts").filter(pl.col("ts") > pl.col("begun")).min(),
    )
    return openings.join(found, on=PATIENT, how="left").with_columns(pl.col("with_it").fill_null(False))


def catheter_on_device(data: Tables) -> pl.DataFrame:
    runs = data.runs
    pairs = runs.join(runs, on=PATIENT, suffix="_other")
    covers = (pl.col("begun_other") <= pl.col("stopped")) & (
        pl.col("stopped_other").is_null() | (pl.col("stopped_other") > pl.col("stopped"))
    )
    ends = (
        pairs.filter(pl.col("stopped").is_not_null())
        .group_by(PATIENT, "stopped")
        .agg(covered=covers.any())
        .filter(~pl.col("covered"))
        .group_by(PATIENT)
        .agg(over=pl.col("stopped").min())
    )
    firsts = runs.group_by(PATIENT, maintain_order=True).first().select(PATIENT, "begun", "before")
    opened = firsts.join(data.patients, on=PATIENT).join(ends, on=PATIENT, how="left")
    return judged(first_after(opened, data.named("pac_inserted")).with_columns(due=pl.col("begun") + minutes(360)))


def ecmo(data: Tables) -> pl.DataFrame:
    return data.runs.filter(pl.col("name") == "va_ecmo").join(data.patients, on=PATIENT)


def right_radial_gas(data: Tables) -> pl.DataFrame:
    opened = ecmo(data).with_columns(due=pl.col("begun") + minutes(120), over="stopped")
    return judged(first_after(opened, data.named("pao2.right_radial")))


def echo_before_decannulation(data: Tables) -> pl.DataFrame:
    ts, begun, stopped = pl.col("ts"), pl.col("begun"), pl.col("stopped")
    since = pl.max_horizontal(begun, stopped - minutes(1440))
    found = (
        ecmo(data)
        .join(data.named("lvot_vti"), on=PATIENT)
        .group_by(PATIENT)
        .agg(
            with_it=(ts == begun).any(),
            met=ts.filter((ts > begun) & (ts >= since) & (ts <= stopped)).min(),
            early=ts.filter((ts > begun) & (ts < stopped - minutes(1440))).min(),
            late=ts.filter(ts > stopped).min(),
        )
    )
    return (
        ecmo(data)
        .join(found, on=PATIENT, how="left")
        .with_columns(
            status=pl.when("before")
            .then(pl.lit("not_assessable"))
            .when(pl.col("with_it").fill_null(False))
            .then(pl.lit("anticipated"))
            .when(pl.col("stopped").is_null())
            .then(pl.lit("censored"))
            .when(pl.col("met").is_not_null())
            .then(pl.lit("met"))
            .when(pl.col("early").is_not_null())
            .then(pl.lit("early"))
            .when(pl.col("late").is_not_null())
            .then(pl.lit("late"))
            .otherwise(pl.lit("omitted"))
        )
    )


def escalate(data: Tables) -> pl.DataFrame:
    lactates, powers = data.named("lactate"), data.named("cpo")

    def at(table: pl.DataFrame, instant: pl.Expr) -> pl.DataFrame:
        return table.select(PATIENT, ts=instant)

    turns = (
        pl.concat(
            [
                at(lactates, pl.col("ts")),
                at(powers, pl.col("ts")),
                at(lactates, pl.col("ts") + minutes(300) + 1),
                at(powers, pl.col("ts") + minutes(360)),
                at(data.runs, pl.col("begun")),
                at(data.runs.filter(pl.col("stopped").is_not_null()), pl.col("stopped")),
                at(data.patients, pl.lit(minutes(300))),
                at(data.patients, pl.lit(0).cast(pl.Int64)),
            ]
        )
        .unique()
        .join(data.patients, on=PATIENT)
        .filter((pl.col("ts") >= 0) & (pl.col("ts") <= pl.col("ends")))
    )
    window = f"{minutes(300)}i"
    seen = (
        turns.join(lactates.rename({"value": "lactate"}), on=[PATIENT, "ts"], how="left")
        .sort(PATIENT, "ts")
        .with_columns(
            many=pl.col("lactate").is_not_null().cast(pl.Int64).rolling_sum_by("ts", window, closed="both").over(PATIENT),
            least=pl.col("lactate").rolling_min_by("ts", window, closed="both").over(PATIENT),
        )
        .sort("ts")
        .join_asof(
            powers.rename({"value": "power"}).with_columns(charted="ts").sort("ts"),
            on="ts",
            by=PATIENT,
            check_sortedness=False,
        )
        .sort(PATIENT, "ts")
    )
    ts, charted, begun, stopped = pl.col("ts"), pl.col("charted"), pl.col("begun"), pl.col("stopped")
    broken = (
        seen.select(PATIENT, "ts", "charted")
        .join(data.runs, on=PATIENT)
        .filter(
            ((begun > charted) & (begun <= ts))
            | ((stopped > charted) & (stopped <= ts))
            | ((pl.col("name") == "va_ecmo") & (begun <= ts) & (stopped.is_null() | (stopped > charted)))
        )
        .select(PATIENT, "ts")
        .unique()
        .with_columns(broken=True)
    )
    twice = pl.when(pl.col("many") >= 2).then(True).when(ts >= minutes(300)).then(False)
    high = pl.when(pl.col("many") > 0).then(pl.col("least") > 4)
    current = (charted + minutes(360) > ts) & pl.col("broken").is_null()
    weak = pl.when(current).then(pl.col("power") < 0.6)
    known = (
        seen.join(broken, on=[PATIENT, "ts"], how="left")
        .with_columns(holds=twice & high & weak)
        .filter(pl.col("holds").is_not_null())
        .sort(PATIENT, "ts")
        .with_columns(held=pl.col("holds").shift(1).over(PATIENT))
        .with_columns(over=pl.when(~pl.col("holds")).then("ts").shift(-1).backward_fill().over(PATIENT))
    )
    opens = known.filter(pl.col("holds") & ~pl.col("held").fill_null(False)).select(PATIENT, opens="ts", over="over")
    opens = opens.with_columns(again=pl.col("opens").shift(-1).over(PATIENT), due=pl.col("opens") + minutes(60))
    devices = data.runs.filter(pl.col("name").is_in(["impella_cp", "va_ecmo"]))
    runs = opens.join(devices, on=PATIENT)
    found = runs.group_by(PATIENT, "opens").agg(
        running=((begun <= pl.col("opens")) & (stopped.is_null() | (stopped > pl.col("opens")))).any(),
        first=begun.filter(begun > pl.col("opens")).min(),
    )
    return (
        opens.join(data.patients, on=PATIENT)
        .join(found, on=[PATIENT, "opens"], how="left")
        .with_columns(
            status=pl.when(pl.col("running").fill_null(False))
            .then(pl.lit("anticipated"))
            .when(pl.col("first") <= least("due", "over", "ends"))
            .then(pl.lit("met"))
            .when(pl.col("over") < pl.col("due"))
            .then(pl.lit("lapsed"))
            .when(pl.col("ends") < pl.col("due"))
            .then(pl.lit("censored"))
            .when(pl.col("first") <= pl.min_horizontal(pl.col("again").fill_null(pl.col("ends")), "ends"))
            .then(pl.lit("late"))
            .otherwise(pl.lit("omitted"))
        )
    )


POLARS: dict[str, Callable[[Tables], pl.DataFrame]] = {
    "repeat-lactate": repeat_lactate,
    "catheter-on-device": catheter_on_device,
    "escalate": escalate,
    "echo-before-decannulation": echo_before_decannulation,
    "right-radial-gas": right_radial_gas,
}


def median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1e3)
    return statistics.median(taken)


def engine(patients: int) -> dict[str, float]:
    """Milliseconds by rule, and for all together."""
    bench = ["cargo", "bench", "--locked", "--quiet", "--bench", "adherence", "--", str(patients)]
    out = subprocess.run(bench, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    print(out.splitlines()[0])
    return {name.strip(): float(ms) for name, ms in re.findall(r"^(.+?)\s+([\d.]+) ms +\d+ patients/s", out, re.M)}


def main() -> None:
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    queries = {path.stem: path.read_text() for path in COHORT.glob("*.sql") if path.stem != "tables"}
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    with tempfile.TemporaryDirectory() as folder:
        # Of the whole workspace, as the tests in Rust are built: so it is not built a second time.
        build = ["cargo", "build", "--locked", "--quiet", "--workspace", "--example", "cohort"]
        subprocess.run(build, cwd=ROOT, check=True)
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        subprocess.run([target / "debug/examples/cohort", folder, str(patients)], check=True)
        connection.execute(f"set variable folder = '{folder}'")
        connection.execute((COHORT / "tables.sql").read_text())
        counted = f"select status, count(*) from read_csv('{folder}/opportunities.csv') where rule = ? group by all"
        ours = {rule: dict(connection.execute(counted, [rule]).fetchall()) for rule in queries}
    data = Tables(connection)
    for rule, query in queries.items():
        sql = dict(connection.execute(f"select status, count(*) from ({query}) group by all").fetchall())
        table = POLARS[rule](data).group_by("status").len()
        frame = dict(zip(table["status"], table["len"]))
        assert ours[rule] == sql == frame, (rule, ours[rule], sql, frame)
    print("every implementation counts the same: CPU time in ms")
    times = engine(patients)
    print(f"{'':<26} {'shockpath':>10} {'polars':>10} {'DuckDB':>10}")
    sums = [0.0, 0.0]
    for rule, query in queries.items():
        frame_ms = median_ms(lambda: POLARS[rule](data))
        sql_ms = median_ms(lambda: connection.execute(f"create or replace temp table judged as {query}"))
        sums = [sums[0] + frame_ms, sums[1] + sql_ms]
        print(f"{rule:<26} {times[rule]:>10.1f} {frame_ms:>10.1f} {sql_ms:>10.1f}")
    print(f"{'all five rules':<26} {times['all five rules']:>10.1f} {sums[0]:>10.1f} {sums[1]:>10.1f}")


if __name__ == "__main__":
    main()
