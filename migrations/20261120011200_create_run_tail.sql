-- The random part of a run's id for many runs at once: five bits of each of eight random bytes. (Bytes 6
-- and 8 of a random UUID carry its version and variant; the variant leaves the low five bits of byte 8 free.)
create function runboard_internal.run_tail(bytes bytea) returns text
language sql immutable
return substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 0) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 1) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 2) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 3) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 4) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 5) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 7) & 31) + 1, 1)
  || substr('abcdefghijklmnopqrstuvwxyz234567', (get_byte(bytes, 8) & 31) + 1, 1);
comment on function runboard_internal.run_tail(bytea) is 'Eight letters of base32 from the bytes of a random UUID.';
revoke execute on function runboard_internal.run_tail(bytea) from public;
