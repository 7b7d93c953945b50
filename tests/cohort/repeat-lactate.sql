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
