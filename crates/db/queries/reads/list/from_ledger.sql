select r.*
from public.runs as r
where true
