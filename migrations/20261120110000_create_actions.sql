-- The registry of actions stands in the code of the server, but people may also enqueue by SQL and through
-- PostgREST. What decides who may start an action has to be where every one of these doors can read it.
create table runboard_internal.actions (
  name text not null,
  role text not null,
  kept_at timestamptz not null,
  constraint actions_pkey primary key (name),
  constraint actions_role_known check (role in ('viewer', 'planner', 'operator', 'admin'))
);
comment on table runboard_internal.actions is 'Actions that people may start, as the servers of this installation know them; written by keep_actions.';
comment on column runboard_internal.actions.name is 'Name of the action.';
comment on column runboard_internal.actions.role is 'Lowest role that may start it.';
comment on column runboard_internal.actions.kept_at is 'When a server last said so.';
alter table runboard_internal.actions enable row level security;

-- Before the first server has spoken.
insert into runboard_internal.actions (name, role, kept_at)
values
  ('artifacts.sweep', 'admin', runboard_internal.clock()),
  ('retention.apply', 'admin', runboard_internal.clock()),
  ('runs.bulk', 'operator', runboard_internal.clock()),
  ('template.run', 'planner', runboard_internal.clock());
