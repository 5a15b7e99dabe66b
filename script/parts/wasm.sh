# Sourced by whoever compiles for the browser: `wasm_cargo build …` is cargo for wasm, in a target directory of its own.
wasm_cargo() {
  local verb=$1
  shift
  if [ -z "${WASM_RUSTC:-}" ]; then
    cargo "$verb" --target wasm32-unknown-unknown --target-dir target/front "$@"
  else
    # No ready-made std: cargo builds it from the sources beside that compiler.
    RUSTC="$WASM_RUSTC" RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$WASM_LINKER" \
      cargo "$verb" -Z build-std=std,panic_abort --target wasm32-unknown-unknown --target-dir target/front "$@"
  fi
}
