    and ($6::timestamptz is null or r.created_at >= $6)
    and ($7::timestamptz is null or r.created_at < $7)
    and ($8::timestamptz is null or (r.created_at, r.run_id) < ($8, $9::text))
