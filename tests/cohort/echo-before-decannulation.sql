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
