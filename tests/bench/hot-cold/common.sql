-- What both designs share: ids, 1 KB of params that do not compress, and one turn of a worker with the
-- time of its claim written down where it costs no WAL.
create function bench.id(n integer) returns text language sql immutable as $$
  select 'run_20260101_000000_' || translate(lpad(n::text, 8, '0'), '0123456789', 'abcdefghij')
$$;
create function bench.params(n integer) returns jsonb language sql as $$
  select jsonb_build_object('text', string_agg(md5(n::text || i), '')) from generate_series(1, 32) as i
$$;
create unlogged table bench.claims (at timestamptz, ms double precision, got integer);

-- Transactions end as they would in a worker: after the claim, after each heartbeat, after the finish.
create procedure bench.turn(worker uuid, want integer, beats integer) language plpgsql as $$
declare
  ids text[];
  begun timestamptz := clock_timestamp();
begin
  ids := bench.claim(worker, want);
  insert into bench.claims values (begun, extract(epoch from clock_timestamp() - begun) * 1000, cardinality(ids));
  commit;
  for beat in 1..beats loop
    perform bench.beat(ids);
    commit;
  end loop;
  perform bench.finish(ids);
  commit;
end
$$;
