-- Different parameters with which people ran a template lately, newest first. The ledger has no index by
-- template: the newest 5000 runs are looked at.
select used.params
from (
  select distinct on (r.params) r.params, r.created_at
  from (
    select newest.params, newest.created_at, newest.template_slug
    from public.runs as newest
    order by newest.created_at desc, newest.run_id desc
    limit 5000
  ) as r
  where r.template_slug = $1
  order by r.params, r.created_at desc
) as used
order by used.created_at desc
limit $2
