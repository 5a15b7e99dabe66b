-- The chunks that hold lines from $2 on, $3 of them. A chunk that begins before $2 is found by one step back.
with first as materialized (
  select c.first_line as line
  from public.run_log_chunks as c
  where c.run_id = $1 and c.first_line <= $2
  order by c.first_line desc
  limit 1
)
select c.lease_seq, c.seq, c.step, c.first_line, c.line_count, c.at, c.lines, c.offsets_ms, c.streams
from public.run_log_chunks as c
where c.run_id = $1
  and c.first_line >= coalesce((select first.line from first), 0)
  and c.first_line < $2 + $3
  and c.first_line + c.line_count > $2
order by c.first_line
limit 20000
