-- The made-up cohort as a source would hold it. Instants are microseconds after the start of the stay.
create macro minutes(m) as m::bigint * 60000000;
create table patients as select patient, minutes(to_min) as ends, ended from read_csv(getvariable('folder') || '/patients.csv');
create table events as select patient, minutes(at_min) as ts, what, name, value from read_csv(getvariable('folder') || '/events.csv');
-- Each device runs once: from its start, or from when it was found running on arrival, to its stop.
create table runs as
    select patient, name,
        min(ts) filter (what in ('start', 'running')) as begun,
        min(ts) filter (what = 'stop') as stopped,
        count(*) filter (what = 'start') = 0 or min(ts) filter (what = 'start') < 0 as before
    from events where name in ('iabp', 'impella_cp', 'va_ecmo') group by all;
