# Sourced by script/bench: installs Lighthouse, and the Node it asks for, below .runboard/tools and nowhere else.
lighthouse_home="$TOOLS/lighthouse"
lighthouse_pins="lighthouse@13.5.0 node@22"

install_lighthouse() {
  if [ "$(cat "$lighthouse_home/installed" 2>/dev/null)" != "$lighthouse_pins" ]; then
    step "Installing Lighthouse"
    has npm || die "Lighthouse needs npm; run script/bootstrap"
    mkdir -p "$lighthouse_home"
    # shellcheck disable=SC2086
    (cd "$lighthouse_home" && npm install --silent --no-audit --no-fund --no-save --prefix . $lighthouse_pins)
    printf '%s\n' "$lighthouse_pins" >"$lighthouse_home/installed"
  fi
}
