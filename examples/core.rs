//! The core entry of the package: the simulation for programs, without a page. Built for wasm32 with the feature `core` and
//! wrapped by package/core-api.js; natively there is `second-leader`.
#![forbid(unsafe_code)]
#![cfg_attr(not(target_arch = "wasm32"), allow(unused))]

#[cfg(target_arch = "wasm32")]
mod exports {
    use second_leader::native::trial;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// The name and version of the program.
    #[wasm_bindgen]
    pub fn engine() -> String {
        trial::engine().to_string()
    }

    /// Every preset, as JSON.
    #[wasm_bindgen]
    pub fn presets() -> String {
        trial::presets()
    }

    /// Every parameter, as JSON.
    #[wasm_bindgen]
    pub fn params() -> String {
        trial::params()
    }

    /// What is wrong with a scenario file: a list of issues, as JSON.
    #[wasm_bindgen]
    pub fn validate(file: &str) -> String {
        trial::validate(file)
    }

    /// A run that goes on slice by slice.
    #[wasm_bindgen]
    pub struct Trial(trial::Trial);

    #[wasm_bindgen]
    impl Trial {
        /// Prepares a run. Throws a list of issues, as JSON.
        #[wasm_bindgen(constructor)]
        pub fn new(scenario: &str, params: &str, until: &str, trace: bool) -> Result<Trial, String> {
            trial::Trial::new(scenario, params, until, trace).map(Trial).map_err(|issues| trial::issues_json(&issues))
        }

        /// Goes on for a while. True: it has arrived.
        pub fn work(&mut self) -> bool {
            self.0.work()
        }

        /// The result, as JSON.
        pub fn result(&self) -> String {
            self.0.result()
        }

        /// The trace.
        pub fn trace(&self) -> String {
            self.0.trace()
        }

        /// Why it stopped before its time, or "".
        pub fn stopped(&self) -> String {
            self.0.stopped()
        }
    }
}

fn main() {}
