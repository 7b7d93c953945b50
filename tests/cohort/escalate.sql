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
