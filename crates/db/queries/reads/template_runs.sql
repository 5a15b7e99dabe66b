-- The last runs of every template in the list. `any` keeps the template in the order, which only one index has.
select t.slug, last.run_id, last.status, last.created_at
from public.run_templates as t
cross join lateral (
  select newest.run_id, newest.status, newest.created_at
  from public.runs as newest
  where newest.template_slug = any (array[t.slug])
  order by newest.template_slug, newest.created_at desc, newest.run_id desc
  limit $1
) as last
where t.archived_at is null
order by t.slug, last.created_at desc
limit 5000
