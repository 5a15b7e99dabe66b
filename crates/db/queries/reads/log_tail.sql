-- The chunks that hold the last $2 lines. A chunk that begins before them is found by one step back.
with last as materialized (
  select c.first_line + c.line_count - 1 as line
  from public.run_log_chunks as c
  where c.run_id = $1
  order by c.first_line desc
  limit 1
),
first as materialized (
  select c.first_line as line
  from public.run_log_chunks as c
  where c.run_id = $1 and c.first_line <= (select last.line - $2 + 1 from last)
  order by c.first_line desc
  limit 1
)
select c.lease_seq, c.seq, c.step, c.first_line, c.line_count, c.at, c.lines, c.offsets_ms, c.streams
from public.run_log_chunks as c
where c.run_id = $1 and c.first_line >= coalesce((select first.line from first), 0)
order by c.first_line
limit 20000
