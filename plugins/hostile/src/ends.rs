//! Destructors that do what destructors should not.

use locum_guest::{Proxy, object};

/// Does something when it goes: `call` its callback, `panic`, `trap`, `loop`, `sleep`, or `lend` itself anew.
pub(crate) struct Farewell {
    how: String,
    callback: Option<Proxy>,
}

#[object]
impl Farewell {
    fn new(how: String, callback: Option<Proxy>) -> Self {
        Farewell { how, callback }
    }
}

impl Drop for Farewell {
    fn drop(&mut self) {
        match (&*self.how, &self.callback) {
            ("call", Some(callback)) => {
                let _ = callback.invoke::<()>(("farewell",));
            }
            ("lend", Some(callback)) => {
                let heir = Farewell::new(String::new(), None);
                let _ = callback.invoke::<()>((locum_guest::Shared::new(heir),));
            }
            ("panic", _) => panic!("no, I will stay"),
            ("trap", _) => trap(),
            ("loop", _) => crate::loops::spin(),
            ("sleep", _) => crate::sleeps::sleep(3_600_000),
            _ => {}
        }
    }
}

fn trap() {
    #[cfg(target_family = "wasm")]
    std::arch::wasm32::unreachable();
}
