"""The five rules of the made-up cohort against queries that share nothing with the engine.

The example `cohort` writes the cohort and what the engine makes of it; DuckDB judges the same cohort by SQL. Every
opportunity must be the same: when it opened, what became of it, and when it was done.
"""

import os
import subprocess
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENTS = 10_000

# Instants are microseconds after the start of the stay.
SETUP = """
create macro minutes(m) as m::bigint * 60000000;
create table patients as select patient, minutes(to_min) as ends, ended from read_csv('{folder}/patients.csv');
create table events as select patient, minutes(at_min) as ts, what, name, value from read_csv('{folder}/events.csv');
create table engine as select * from read_csv('{folder}/opportunities.csv',
    types = {{'opened': 'bigint', 'done': 'bigint'}});
-- Each device runs once: from its start, or from when it was found running on arrival, to its stop.
create table runs as
    select patient, name,
        min(ts) filter (what in ('start', 'running')) as begun,
        min(ts) filter (what = 'stop') as stopped,
        count(*) filter (what = 'start') = 0 or min(ts) filter (what = 'start') < 0 as before
    from events where name in ('iabp', 'impella_cp', 'va_ecmo') group by all;
"""

LACTATE = """
with values_ as (
    select patient, ts, value, lead(ts) over (partition by patient order by ts) as next
    from events where name = 'lactate')
select patient, 'repeat-lactate' as rule, ts as opened,
    case when next - ts < minutes(120) then 'early'
         when next - ts <= minutes(240) then 'met'
         when next is not null then 'late'
         when ends < ts + minutes(240) then 'censored'
         else 'omitted' end as status,
    next as done
from values_ join patients using (patient) where value > 2
"""

# One opening with a deadline: `begun`, `due`, when its condition ended, and the first action after it opened.
JUDGED = """
select patient, '{rule}' as rule, begun as opened,
    case when before then 'not_assessable'
         when with_it then 'anticipated'
         when first <= least(due, coalesce(over, due), ends) then 'met'
         when over < due then 'lapsed'
         when ends < due then 'censored'
         when first is not null then 'late'
         else 'omitted' end as status,
    case when status in ('met', 'late') then first when status = 'anticipated' then begun end as done
from opened
"""

CATHETER = """
with ends_ as (
    -- When no device ran any more.
    select patient, min(stopped) as over from runs a
    where stopped is not null and not exists (
        select 1 from runs b where b.patient = a.patient and b.begun <= a.stopped
            and (b.stopped is null or b.stopped > a.stopped))
    group by patient),
firsts as (select patient, arg_min(before, begun) as before, min(begun) as begun from runs group by patient),
opened as (
    select f.patient, f.before, f.begun, f.begun + minutes(360) as due, over, ends,
        bool_or(e.ts = f.begun) as with_it, min(e.ts) filter (e.ts > f.begun) as first
    from firsts f join patients using (patient) left join ends_ using (patient)
    left join events e on e.patient = f.patient and e.name = 'pac_inserted'
    group by all)
""" + JUDGED.format(rule="catheter-on-device")

GAS = """
with opened as (
    select r.patient, before, begun, begun + minutes(120) as due, stopped as over, ends,
        bool_or(e.ts = begun) as with_it, min(e.ts) filter (e.ts > begun) as first
    from runs r join patients using (patient)
    left join events e on e.patient = r.patient and e.name = 'pao2.right_radial'
    where r.name = 'va_ecmo' group by all)
""" + JUDGED.format(rule="right-radial-gas")

ECHO = """
with opened as (
    select r.patient, before, begun, stopped, ends, greatest(begun, stopped - minutes(1440)) as since,
        bool_or(e.ts = begun) as with_it,
        min(e.ts) filter (e.ts > begun and e.ts >= greatest(begun, stopped - minutes(1440)) and e.ts <= stopped) as met,
        min(e.ts) filter (e.ts > begun and e.ts < stopped - minutes(1440)) as early,
        min(e.ts) filter (e.ts > stopped) as late
    from runs r join patients using (patient)
    left join events e on e.patient = r.patient and e.name = 'lvot_vti'
    where r.name = 'va_ecmo' group by all)
select patient, 'echo-before-decannulation' as rule, begun as opened,
    case when before then 'not_assessable'
         when with_it then 'anticipated'
         when stopped is null then 'censored'
         when met is not null then 'met'
         when early is not null then 'early'
         when late is not null then 'late'
         else 'omitted' end as status,
    case status when 'met' then met when 'early' then early when 'late' then late when 'anticipated' then begun end as done
from opened
"""

ESCALATE = """
with turns as (
    -- Every instant at which the condition can change.
    select patient, ts from events where name in ('lactate', 'cpo')
    union select patient, ts + minutes(300) + 1 from events where name = 'lactate'
    union select patient, ts + minutes(360) from events where name = 'cpo'
    union select patient, begun from runs
    union select patient, stopped from runs where stopped is not null
    union select patient, minutes(300) from patients
    union select patient, 0 from patients),
seen as (select t.patient, t.ts, ends from turns t join patients using (patient) where t.ts between 0 and ends),
lactates as (
    select s.patient, s.ts, count(e.ts) as many, min(e.value) as least
    from seen s left join events e
        on e.patient = s.patient and e.name = 'lactate' and e.ts between s.ts - minutes(300) and s.ts
    group by all),
powers as (
    select s.patient, s.ts, max(e.ts) as charted, arg_max(e.value, e.ts) as power
    from seen s left join events e on e.patient = s.patient and e.name = 'cpo' and e.ts <= s.ts
    group by all),
-- A power is not current for longer than six hours, nor after a device started or stopped, nor valid on VA-ECMO.
parts as (
    select patient, ts,
        case when many >= 2 then true when ts >= minutes(300) then false end as twice,
        case when many > 0 then least > 4 end as high,
        case when charted + minutes(360) > ts and not exists (
            select 1 from runs r where r.patient = p.patient
                and (r.begun > charted and r.begun <= p.ts or r.stopped > charted and r.stopped <= p.ts
                    or r.name = 'va_ecmo' and r.begun <= p.ts and (r.stopped is null or r.stopped > charted)))
            then power < 0.6 end as weak
    from lactates join powers p using (patient, ts)),
-- Three values, as SQL has them: unknown neither opens nor closes.
known as (
    select patient, ts, twice and high and weak as holds from parts where (twice and high and weak) is not null),
edges as (
    select *, lag(holds) over w as held, lead(ts) over w as later from known window w as (partition by patient order by ts)),
opens as (
    select e.patient, e.ts as begun, min(k.ts) as over, lead(e.ts) over (partition by e.patient order by e.ts) as again
    from edges e left join known k on k.patient = e.patient and k.ts > e.ts and not k.holds
    where e.holds and held is distinct from true group by e.patient, e.ts),
opened as (
    select o.patient, o.begun, o.over, o.again, ends, o.begun + minutes(60) as due,
        arg_min(r.begun, r.name) filter (r.begun <= o.begun and (r.stopped is null or r.stopped > o.begun)) as running,
        min(r.begun) filter (r.begun > o.begun) as first
    from opens o join patients using (patient)
    left join runs r on r.patient = o.patient and r.name in ('impella_cp', 'va_ecmo')
    group by all)
select patient, 'escalate' as rule, begun as opened,
    case when running is not null then 'anticipated'
         when first <= least(due, coalesce(over, due), ends) then 'met'
         when over < due then 'lapsed'
         when ends < due then 'censored'
         when first <= coalesce(again, ends) then 'late'
         else 'omitted' end as status,
    case when status = 'anticipated' then running when status in ('met', 'late') then first end as done
from opened
"""

RULES = {
    "repeat-lactate": LACTATE,
    "catheter-on-device": CATHETER,
    "escalate": ESCALATE,
    "echo-before-decannulation": ECHO,
    "right-radial-gas": GAS,
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("cohort")
    # Of the whole workspace, as the tests in Rust are built: so it is not built a second time.
    build = ["cargo", "build", "--locked", "--quiet", "--workspace", "--example", "cohort"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run([target / "debug/examples/cohort", folder, str(PATIENTS)], check=True)
    connection = duckdb.connect()
    connection.execute(SETUP.format(folder=folder))
    return connection


@pytest.mark.parametrize("rule", RULES)
def test_every_opportunity_is_what_a_query_makes_of_it(cohort: duckdb.DuckDBPyConnection, rule: str) -> None:
    ours = cohort.execute(
        "select status, count(*) from engine where rule = ? group by all order by all", [rule]
    ).fetchall()
    theirs = cohort.execute(f"select status, count(*) from ({RULES[rule]}) group by all order by all").fetchall()
    assert ours == theirs
    assert len(ours) >= 4, "a rule that reaches few statuses compares little"
    columns = "patient, opened, status, done"
    missing = cohort.execute(
        f"(select {columns} from engine where rule = ? except select {columns} from ({RULES[rule]})) order by all limit 5",
        [rule],
    ).fetchall()
    assert missing == []
