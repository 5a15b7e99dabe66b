-- An id begins with the second in which its run was made: ids that begin alike stand together.
select r.*
from public.runs as r
where r.created_at >= (
    select edge.created_at - interval '1 second'
    from public.runs as edge
    where edge.run_id = (select min(i.run_id) from public.runs as i where i.run_id >= $17::text and i.run_id < $17 || '~')
  )
  and r.created_at < (
    select edge.created_at + interval '1 second'
    from public.runs as edge
    where edge.run_id = (select max(i.run_id) from public.runs as i where i.run_id >= $17 and i.run_id < $17 || '~')
  )
