-- One line of numbers about the burn-down that just ended.
select :'design', :'holder', done.runs, round(done.runs / :seconds), round((pg_current_wal_insert_lsn() - :'wal'::pg_lsn) / done.runs),
  claim.p50, claim.p99, tail.p50, stat.dead, stat.hot, stat.size
from (select sum(got) as runs from bench.claims) as done,
  (select round(percentile_cont(0.5) within group (order by ms)::numeric, 2) as p50,
    round(percentile_cont(0.99) within group (order by ms)::numeric, 2) as p99 from bench.claims) as claim,
  (select round(percentile_cont(0.5) within group (order by t.ms)::numeric, 2) as p50
    from (select ms from bench.claims order by at desc limit (select count(*) / 10 from bench.claims)) as t) as tail,
  (select sum(s.n_dead_tup) as dead, round(100.0 * sum(s.n_tup_hot_upd) / nullif(sum(s.n_tup_upd), 0), 1) as hot,
    round(sum(pg_total_relation_size(s.relid)) / 1048576.0, 1) as size
    from pg_stat_user_tables as s join bench.tables as t on t.name = s.relid) as stat;
