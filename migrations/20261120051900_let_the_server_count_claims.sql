-- Every claim takes a number of this sequence, so its last value counts them for /metrics.
grant select on sequence runboard_internal.lease_seq to authenticated, service_role;
