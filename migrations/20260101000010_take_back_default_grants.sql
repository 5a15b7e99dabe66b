-- Supabase gives every new table and function of the schema public to anon, authenticated and service_role. What
-- is granted here is granted by name, so what these roles would get beside that is taken back before there is
-- anything to get. It reaches what this role makes in this schema, and nothing that others make.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
