-- Content decides the name: the same bytes lie in the store once, whoever brings them.
create function runboard_internal.name_object(sha256 text, size_bytes bigint) returns text
language plpgsql immutable set search_path = '' as $$
begin
  if name_object.sha256 is null or name_object.sha256 !~ '^[0-9a-f]{64}$' then
    perform runboard_internal.refuse(422, 'invalid_checksum', 'A checksum is 64 hexadecimal digits in lower case.', 'Send the SHA-256 of the bytes.', 'sha256');
  end if;
  if name_object.size_bytes is null or name_object.size_bytes < 0 then
    perform runboard_internal.refuse(422, 'invalid_size', 'A size is a number of bytes.', 'Send the number of bytes that follow.', 'size_bytes');
  end if;
  return 'store:artifacts/' || left(name_object.sha256, 2) || '/' || name_object.sha256;
end
$$;
comment on function runboard_internal.name_object(text, bigint) is 'The storage_url of bytes with this checksum.';
revoke execute on function runboard_internal.name_object(text, bigint) from public;
