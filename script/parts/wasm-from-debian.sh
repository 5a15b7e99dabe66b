# Sourced by script/bootstrap when rustup cannot fetch the wasm target: Debian ships a compiler together with the
# sources of its standard library, from which cargo builds `std` for wasm. The packages are unpacked inside the
# project and not installed, because Debian lets none of them live beside rustup. The linker is rustup's rust-lld.

has apt-get || die "the wasm target is missing and 'rustup target add wasm32-unknown-unknown' failed"
lld=$(ls -d "$(rustc --print sysroot)"/lib/rustlib/*/bin/rust-lld 2>/dev/null | head -n 1)
[ -n "$lld" ] || die "the wasm target is missing and this Rust has no rust-lld to link for it"

warn "rustup cannot fetch the wasm target; unpacking Debian's compiler for the browser bundle"
debian_rust="$TOOLS/debian-rust"
rm -rf "$debian_rust"
mkdir -p "$debian_rust/packages"
first_dependency() { apt-cache depends "$1" | awk -v like="$2" '$1 == "Depends:" && $2 ~ like { print $2; exit }'; }
std_package=$(first_dependency libstd-rust-web-dev '^libstd-rust')
llvm_package=$(first_dependency "$std_package" '^libllvm')
(
  cd "$debian_rust/packages"
  apt-get download -qq rustc-web rust-web-src libstd-rust-web-dev "$std_package" "$llvm_package"
  for package in *.deb; do dpkg -x "$package" ..; done
)
rm -rf "$debian_rust/packages"

cat >"$debian_rust/rustc" <<'WRAPPER'
#!/bin/sh
# Debian's compiler from its unpacked packages.
home=$(cd "$(dirname "$0")" && pwd)
LD_LIBRARY_PATH="$home/usr/lib/$(uname -m)-linux-gnu" exec "$home/usr/bin/rustc" "$@"
WRAPPER
chmod +x "$debian_rust/rustc"
"$debian_rust/rustc" --version >/dev/null || die "Debian's compiler does not start on this machine"
remember "WASM_RUSTC=$debian_rust/rustc"
remember "WASM_LINKER=$lld"
