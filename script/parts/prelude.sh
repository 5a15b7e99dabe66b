# Sourced by every script: strict mode, the project's root, the tools' path, one way to speak.
# Works in the bash 3.2 of macOS as well.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS="$ROOT/.runboard/tools"
cd "$ROOT"

export PATH="$TOOLS/bin:$TOOLS/node/bin:$PATH:$HOME/.cargo/bin"
# Written by script/bootstrap when the usual way was closed (another toolchain, another wasm build).
if [ -f "$TOOLS/env" ]; then
  # shellcheck disable=SC1091
  . "$TOOLS/env"
fi

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Whether a program can be found.
has() { command -v "$1" >/dev/null 2>&1; }

# Whether version $1 is at least version $2 (dotted numbers).
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]; }

# The version of a crate as Cargo.lock pins it.
locked_version() {
  awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

# Where Postgres keeps initdb and pg_ctl, newest first; empty when there is none.
postgres_bin() {
  local dir
  for dir in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin 2>/dev/null | sort -rV); do
    if [ -x "$dir/initdb" ]; then
      say "$dir"
      return
    fi
  done
  if has initdb; then dirname "$(command -v initdb)"; fi
}

# The Chromium of the browser tests; empty when there is none.
chromium_path() {
  local name
  if [ -n "${CHROMIUM:-}" ]; then
    say "$CHROMIUM"
    return
  fi
  for name in chromium chromium-browser google-chrome; do
    if has "$name"; then
      command -v "$name"
      return
    fi
  done
  if [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]; then
    say "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
  fi
}
