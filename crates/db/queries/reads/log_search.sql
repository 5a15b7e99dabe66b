-- Lines from $3 on that contain $2, letter case and colours aside. Whole chunks are looked at first and
-- at most $4 of them are opened, because each gives at least one line.
with hit as materialized (
  select c.step, c.first_line, c.line_count, plain.lines
  from public.run_log_chunks as c
  cross join lateral (
    select case
      when position(chr(27) in c.lines) > 0 then regexp_replace(c.lines, '\x1b\[[0-9;:?]*[ -/]*[@-~]', '', 'g')
      else c.lines
    end as lines
  ) as plain
  where c.run_id = $1
    and c.first_line + c.line_count > $3
    and position(lower($2) in lower(plain.lines)) > 0
  order by c.first_line
  limit $4 + 1
)
select hit.first_line + part.place - 1 as line, hit.step, left(part.text, 2000) as text
from hit
cross join lateral unnest(string_to_array(hit.lines, e'\n')) with ordinality as part (text, place)
where part.place <= hit.line_count
  and hit.first_line + part.place - 1 >= $3
  and position(lower($2) in lower(part.text)) > 0
order by line
limit $4
