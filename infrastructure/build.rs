//! Migrations are embedded into the program: a new file among them must rebuild this crate, and cargo only watches
//! the files that it already knows.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
