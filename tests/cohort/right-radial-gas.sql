with opened as (
    select r.patient, before, begun, begun + minutes(120) as due, stopped as over, ends,
        bool_or(e.ts = begun) as with_it, min(e.ts) filter (e.ts > begun) as first
    from runs r join patients using (patient)
    left join events e on e.patient = r.patient and e.name = 'pao2.right_radial'
    where r.name = 'va_ecmo' group by all)
select patient, 'right-radial-gas' as rule, begun as opened,
    case when before then 'not_assessable'
         when with_it then 'anticipated'
         when first <= least(due, coalesce(over, due), ends) then 'met'
         when over < due then 'lapsed'
         when ends < due then 'censored'
         when first is not null then 'late'
         else 'omitted' end as status,
    case when status in ('met', 'late') then first when status = 'anticipated' then begun end as done
from opened
