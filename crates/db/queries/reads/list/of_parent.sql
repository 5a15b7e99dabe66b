-- The runs that one run started: few.
select child.*
from public.runs as child
where child.parent_run_id = $15::text
offset 0
