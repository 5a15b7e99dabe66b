-- Who may edit a template depends on what its steps may do on the machine of a worker. The rule stands here
-- as well as in Rust, so that no other way to save can be softer.
create function runboard_internal.template_editor(definition jsonb) returns text
language sql immutable set search_path = '' as $$
  select case
    when exists (
      select
      from jsonb_array_elements(definition -> 'steps') as s(step)
      where s.step ->> 'kind' in ('shell', 'docker', 'agent')
        or (s.step ->> 'kind' = 'mcp' and s.step -> 'with' -> 'server' ? 'command')
    ) then 'admin'
    else 'operator'
  end
$$;
comment on function runboard_internal.template_editor(jsonb) is 'Lowest role that may save a template with this definition: admin when a step starts a program, a container or an agent.';
revoke execute on function runboard_internal.template_editor(jsonb) from public;
