//! The command line. It only connects [`second_leader::native::run`] to the process.
#![forbid(unsafe_code)]

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::io::{BufWriter, Write};
    std::panic::set_hook(Box::new(|panic| {
        let _ = writeln!(std::io::stderr(), "second-leader: internal error, please report it: {panic}");
        std::process::exit(1);
    }));
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let code = second_leader::native::run::main(std::env::args_os().skip(1), &mut out, &mut std::io::stderr());
    std::process::ExitCode::from(code)
}

#[cfg(target_arch = "wasm32")]
fn main() {}
