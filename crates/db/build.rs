//! Recompiles the room when a migration appears or changes, because they are embedded.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
