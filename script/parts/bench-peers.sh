# Sourced by script/bench: installs the pinned peers of tests/bench/peers below .runboard/tools and nowhere else.
# The adapters are copied beside the modules, where Node looks for what they import.
peers_home="$TOOLS/bench-peers"
pins=$(cat tests/bench/peers/package.json tests/bench/peers/requirements.txt)
mkdir -p "$peers_home"

install_peers() {
  if [ "$(cat "$peers_home/installed" 2>/dev/null)" != "$pins" ]; then
    step "Installing the peers"
    has node || die "the peers need Node; run script/bootstrap"
    python3 -c 'import ensurepip, venv' 2>/dev/null || die "the peers need Python with venv (Debian: python3-venv)"
    cp tests/bench/peers/package.json "$peers_home/"
    (cd "$peers_home" && npm install --silent --no-audit --no-fund)
    [ -x "$peers_home/venv/bin/python" ] || python3 -m venv "$peers_home/venv"
    "$peers_home/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/bench/peers/requirements.txt
    printf '%s\n' "$pins" >"$peers_home/installed"
  fi
  rm -rf "$peers_home/adapters"
  cp -r tests/bench/peers "$peers_home/adapters"
}
