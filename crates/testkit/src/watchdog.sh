# Stops the throw-away cluster when nobody has used it for ten minutes. $1: its directory.
# A test touches `used` before it connects, so a busy cluster is never stopped.
cd "$1" || exit 0
port=$(cat port) || exit 0
while sleep 30; do
  [ -f data/postmaster.pid ] || exit 0
  [ "$(cat port)" = "$port" ] || exit 0
  [ -n "$(find used -mmin -10 2>/dev/null)" ] && continue
  clients=$(psql -h 127.0.0.1 -p "$port" -U runboard -d postgres -Atc \
    "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")
  [ "${clients:-0}" -gt 0 ] && continue
  pg_ctl -D data -m immediate stop
  exit 0
done
