-- Different parameters with which people ran a template lately, newest first: of its newest 1000 runs. `any` keeps
-- the template in the order, which only one index has.
select used.params
from (
  select distinct on (r.params) r.params, r.created_at
  from (
    select newest.params, newest.created_at
    from public.runs as newest
    where newest.template_slug = any (array[$1::text])
    order by newest.template_slug, newest.created_at desc, newest.run_id desc
    limit 1000
  ) as r
  order by r.params, r.created_at desc
) as used
order by used.created_at desc
limit $2
