-- Up to $7 chunks between the lines $2 and $3 in which lines may be that are asked for: of step $4, loud enough to bear
-- one of the signs $5 or to be on the error stream, with the text $6. The reader judges line by line.
-- The statement says which end comes first. A chunk has at most 64 KiB and so as many lines: one that holds $2 begins no earlier.
select c.lease_seq, c.seq, c.step, c.first_line, c.line_count, c.at, c.lines, c.offsets_ms, c.streams
from public.run_log_chunks as c
where c.run_id = $1
  and c.first_line <= $3
  and c.first_line > $2 - 65536
  and c.first_line + c.line_count > $2
  and ($4::text is null or c.step = $4)
  and ($5::text[] is null or position('e' in c.streams) > 0 or lower(c.lines) like any ($5))
  and ($6::text is null or position(lower($6) in lower(case
    when position(chr(27) in c.lines) > 0 then regexp_replace(c.lines, '\x1b\[[0-9;:?]*[ -/]*[@-~]', '', 'g')
    else c.lines
  end)) > 0)
