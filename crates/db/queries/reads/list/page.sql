-- The page, newest first, out of `found`, which holds one more than fits when there is more. The next page
-- begins after the last run of a full page; after one that is not full, where the look stopped, if it did.
select
  array(select f.run_id from found as f order by f.created_at desc, f.run_id desc limit $10) as run_ids,
  next.created_at,
  next.run_id
from (select $18::bigint, $19::text[]) as look
left join lateral (
  (
    select f.created_at, f.run_id
    from found as f
    where (select count(*) from found) > $10
    order by f.created_at desc, f.run_id desc
    offset $10 - 1
    limit 1
  )
  union all
  select stop.created_at, stop.run_id from stop where (select count(*) from found) <= $10
) as next on true
