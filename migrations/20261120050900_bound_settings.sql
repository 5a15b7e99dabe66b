-- The clockwork is editable, but not into a clock that stops: each number has bounds.
alter table runboard_internal.settings
  add column lowest integer not null default 1,
  add column highest integer not null default 2147483647;
comment on column runboard_internal.settings.lowest is 'Lowest value that an edit may give.';
comment on column runboard_internal.settings.highest is 'Highest value that an edit may give.';
update runboard_internal.settings as s
set lowest = bound.lowest, highest = bound.highest
from (values
  ('lease', 501, 3600000), ('heartbeat', 500, 600000), ('sweep', 500, 600000), ('max_crashes', 1, 100), ('backoff_initial', 1, 86400000),
  ('backoff_cap', 500, 86400000), ('cancel_grace', 500, 3600000), ('idempotency_ttl', 1, 31536000), ('timeout_grace', 500, 3600000)
) as bound(key, lowest, highest)
where s.key = bound.key;

-- How often one caller may write, per server. Reads are not counted; workers have a wide limit of their own.
insert into runboard_internal.settings (key, value, unit, meaning, lowest, highest) values
  ('writes_per_minute', 6000, 'count', 'Writes that one caller may make in a minute, at each server.', 1, 1000000),
  ('worker_calls_per_minute', 60000, 'count', 'Calls that one worker token may make in a minute, at each server.', 60, 10000000);
