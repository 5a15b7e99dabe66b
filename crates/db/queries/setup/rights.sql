with needed (role_name) as (
  values ('anon'), ('authenticated'), ('service_role'), ('runboard_worker')
),
me as (
  select r.rolsuper, r.rolcreaterole
  from pg_roles as r
  where r.rolname = current_user
),
-- Since Postgres 16 a member may lack the right to act as the role.
word (acting) as (
  select case when current_setting('server_version_num')::integer >= 160000 then 'SET' else 'MEMBER' end
)
select json_build_object(
  'version', current_setting('server_version_num')::integer,
  'login', current_user,
  'database', current_database(),
  'is_superuser', me.rolsuper,
  'may_create_roles', me.rolsuper or me.rolcreaterole,
  'may_create_schemas', has_database_privilege(current_database(), 'create'),
  'has_public', to_regnamespace('public') is not null,
  'may_create_tables', coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'create'), false),
  'missing_roles', (
    select coalesce(json_agg(role_name), '[]')
    from needed
    where not exists (select from pg_roles where rolname = role_name)
  ),
  'foreign_roles', (
    select coalesce(json_agg(role_name), '[]')
    from needed
    join pg_roles on rolname = role_name
    where not pg_has_role(current_user, pg_roles.oid, word.acting)
  ),
  'foreign_owner', (
    select pg_get_userbyid(nspowner)
    from pg_namespace
    where nspname = 'runboard_internal'
      and not pg_has_role(current_user, nspowner, 'MEMBER')
  ),
  'is_read_only', pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean
)
from me, word
