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
select patient, 'catheter-on-device' as rule, begun as opened,
    case when before then 'not_assessable'
         when with_it then 'anticipated'
         when first <= least(due, coalesce(over, due), ends) then 'met'
         when over < due then 'lapsed'
         when ends < due then 'censored'
         when first is not null then 'late'
         else 'omitted' end as status,
    case when status in ('met', 'late') then first when status = 'anticipated' then begun end as done
from opened
