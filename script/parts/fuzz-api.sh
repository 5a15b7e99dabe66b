#!/usr/bin/env bash
# Fuzzes every endpoint of a server on a throw-away database by its own description (schemathesis):
# no 5xx, no answer the description does not know. As admin, as worker, as nobody; some two minutes.
#   script/parts/fuzz-api.sh [WORDS]   only operations whose path contains the words
. "$(dirname "$0")/prelude.sh"

FUZZER="$TOOLS/schemathesis/bin/schemathesis"
RUNBOARD="${RUNBOARD_TEST_BINARY:-target/debug/runboard}"
LOGS=target/test-logs/api
[ -x "$FUZZER" ] || die "schemathesis is missing: run script/bootstrap --test"
mkdir -p "$LOGS"

# Not below target: the private Postgres belongs to another user, who must reach it.
place=$(mktemp -d)
chmod 711 "$place"
server=""
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$place"
}
trap finish EXIT
trap 'exit 130' INT TERM

env -u DATABASE_URL -u RUNBOARD_URL RUNBOARD_LOG=warn "$RUNBOARD" serve --embedded --data-dir "$place/data" --listen 127.0.0.1:0 >"$LOGS/server.log" 2>&1 &
server=$!
for _ in $(seq 120); do
  [ -s "$place/data/dev.env" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$LOGS/server.log" >&2; die "the server did not start"; }
  sleep 0.5
done
set -a
# shellcheck disable=SC1091
. "$place/data/dev.env"
set +a
"$RUNBOARD" --data-dir "$place/data" demo >/dev/null
# The limits are tested elsewhere; here they would hide what lies behind them.
curl -sf -X PATCH "$RUNBOARD_URL/api/settings" -H "Authorization: Bearer $RUNBOARD_TOKEN" -H 'Content-Type: application/json' \
  -d '{"writes_per_minute": 1000000, "worker_calls_per_minute": 1000000}' >/dev/null

code=0
# An event stream has no end, so /live is tested by hand (server/tests/it/live.rs).
fuzz() { # name, examples, more options
  local name=$1 examples=$2
  shift 2
  "$FUZZER" run "$RUNBOARD_URL/openapi.json" --no-color --exclude-path /live ${WORDS:+--include-path-regex "$WORDS"} \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method \
    --phases examples,coverage,fuzzing --max-examples "$examples" --seed "${RUNBOARD_TEST_SEED:-1}" --request-timeout 35 \
    --continue-on-failure --warnings off "$@" >"$LOGS/$name.log" 2>&1 || {
    code=1
    sed -n '/FAILURES/,$p' "$LOGS/$name.log" | head -200
    [ -n "${WORDS:-}" ] || warn "the whole report is $LOGS/$name.log"
  }
  say "api as $name: $(sed -n '/Test cases/{n;s/^ *//;p;}' "$LOGS/$name.log")"
}

WORDS=${1:-}
fuzz admin 12 -H "Authorization: Bearer $RUNBOARD_TOKEN"
fuzz worker 20 -H "Authorization: Bearer $RUNBOARD_WORKER_TOKEN" --include-tag worker
fuzz nobody 2
if grep -q ' ERROR ' "$LOGS/server.log"; then
  code=1
  grep ' ERROR ' "$LOGS/server.log" | head -20
fi
exit "$code"
