with chosen as materialized (
  select wanted.run_id, wanted.place
  from unnest($1::text[]) with ordinality as wanted (run_id, place)
)
