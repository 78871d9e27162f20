//! The page: one wasm module that defines what `www/second-leader.js` mounts. It never mounts anything by itself.
#![forbid(unsafe_code)]

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    eprintln!("This is the page. Build it for wasm32 with `make site`; the command line is `second-leader`.");
}
