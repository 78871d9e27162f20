//! The page: one wasm module that defines what `www/second-leader.js` mounts. It never mounts anything by itself.
#![forbid(unsafe_code)]

/// A third of the size of the standard library's.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Runs when the module is loaded. Linking the library is all it does: what is exported there is the module's API.
#[cfg(target_arch = "wasm32")]
fn main() {
    let _ = second_leader::web::mount;
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("This is the page. Build it for wasm32 with `make site`; the command line is `second-leader`.");
}
