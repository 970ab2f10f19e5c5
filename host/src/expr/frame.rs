//! What one call of a script knows: its own variables, and what it shares with all others.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use locum_protocol::{Error, Result, Value};

use super::function::Function;
use super::interrupt::Interrupter;
use super::library::Library;
use super::scope::{Binding, Scope};

/// What all scripts and functions of an interpreter share. Functions are called from other threads too, and while a
/// statement is being evaluated: so no lock is held while anything crosses, also not by letting go of an object.
pub(super) struct Shared {
    globals: Mutex<Scope>,
    pub(super) library: Library,
    print: Mutex<Print>,
    pub(super) interrupter: Interrupter,
}

/// Where what is printed goes.
pub(super) type Print = Box<dyn FnMut(&str) + Send>;

impl Shared {
    pub(super) fn new(library: Library, print: Print) -> Shared {
        Shared {
            globals: Mutex::default(),
            library,
            print: Mutex::new(print),
            interrupter: Interrupter::default(),
        }
    }

    /// The variables that are no function's.
    pub(super) fn globals(&self) -> MutexGuard<'_, Scope> {
        lock(&self.globals)
    }

    pub(super) fn print(&self, text: &str) {
        lock(&self.print)(text);
    }
}

/// What a mutex holds, also when a thread has panicked with it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A run of a script, or a call of a function.
pub(super) struct Frame<'s> {
    pub(super) shared: &'s Arc<Shared>,
    /// What the spans of the statements that run are about.
    pub(super) source: &'s Arc<str>,
    /// The function that is called; `None` for a script.
    function: Option<&'s Function>,
    /// The variables of the call.
    locals: Scope,
    /// The variables of comprehensions that are being gone through, innermost last.
    inner: Vec<Scope>,
    /// So many interrupts do not end it any more: it was told of them already, and does what there is still to do.
    pub(super) tolerated: u32,
    /// The errors whose `except` blocks are running, innermost last: what a mere `raise` raises again.
    pub(super) caught: Vec<super::Error>,
    /// What a function of the script raised when a builtin called it, with its place.
    pub(super) failed: Option<super::Error>,
}

impl<'s> Frame<'s> {
    pub(super) fn new(shared: &'s Arc<Shared>, source: &'s Arc<str>) -> Frame<'s> {
        Frame {
            shared,
            source,
            function: None,
            locals: Scope::default(),
            inner: Vec::new(),
            tolerated: 0,
            caught: Vec::new(),
            failed: None,
        }
    }

    /// The frame of a call, with the function's parameters bound.
    pub(super) fn of(
        shared: &'s Arc<Shared>,
        function: &'s Function,
        parameters: Scope,
        tolerated: u32,
    ) -> Frame<'s> {
        Frame {
            function: Some(function),
            locals: parameters,
            tolerated,
            ..Frame::new(shared, &function.source)
        }
    }

    /// An error when the script was interrupted.
    #[inline]
    pub(super) fn check_interrupt(&self) -> Result<()> {
        self.shared.interrupter.check(self.tolerated)
    }

    /// What a name is bound to: in the innermost comprehension, in the function, where the function was made, and last
    /// among the globals.
    pub(super) fn with<R>(&self, name: &str, read: impl FnOnce(Option<&Binding>) -> R) -> R {
        for scope in self.inner.iter().rev() {
            if let Some(binding) = scope.get(name) {
                return read(Some(binding));
            }
        }
        if let Some(function) = self.function {
            if let Some(binding) = self.locals.get(name) {
                return read(Some(binding));
            }
            if function.definition.is_local(name) {
                return read(None);
            }
            if let Some(binding) = function.captured.get(name) {
                return read(Some(binding));
            }
        }
        read(self.shared.globals().get(name))
    }

    /// What a name is bound to among the variables of functions and comprehensions.
    pub(super) fn local(&self, name: &str) -> Option<Binding> {
        let in_function = || {
            let function = self.function?;
            let own = self.locals.get(name);
            own.or_else(|| function.captured.get(name))
        };
        let mut inner = self.inner.iter().rev();
        inner
            .find_map(|scope| scope.get(name))
            .or_else(in_function)
            .cloned()
    }

    pub(super) fn is_in_function(&self) -> bool {
        self.function.is_some()
    }

    /// Whether a name is one that this function assigns to, and has not yet.
    pub(super) fn is_unbound_local(&self, name: &str) -> bool {
        let is_local = |function: &Function| function.definition.is_local(name);
        self.function.is_some_and(is_local) && self.local(name).is_none()
    }

    /// Reads what is in a variable, at these keys.
    pub(super) fn look<R>(
        &self,
        name: &str,
        keys: &[Value],
        read: impl FnOnce(Option<&Value>) -> R,
    ) -> R {
        self.with(name, |binding| read(binding.and_then(|it| it.at(keys))))
    }

    /// Binds a name.
    pub(super) fn set(&mut self, name: &str, binding: Binding) {
        let before = if let Some(scope) = self.inner.last_mut() {
            scope.set(name, binding)
        } else if self
            .function
            .is_some_and(|it| !it.definition.is_global(name))
        {
            self.locals.set(name, binding)
        } else {
            self.shared.globals().set(name, binding)
        };
        drop(before);
    }

    /// Unbinds a name; whether it was bound.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = if self
            .function
            .is_some_and(|it| !it.definition.is_global(name))
        {
            self.locals.remove(name)
        } else {
            self.shared.globals().remove(name)
        };
        before.is_some()
    }

    /// Changes data where it is. What `change` does crosses to nobody: it may run under a lock.
    pub(super) fn change<R>(
        &mut self,
        name: &str,
        keys: &[Value],
        change: impl FnOnce(&mut Value) -> Result<R>,
    ) -> Result<R> {
        for scope in self.inner.iter_mut().rev() {
            if scope.get(name).is_some() {
                return scope.change(name, keys, change);
            }
        }
        if let Some(function) = self.function {
            if self.locals.get(name).is_some() {
                return self.locals.change(name, keys, change);
            }
            if function.captured.get(name).is_some() {
                let message = format!(
                    "`{name}` is a copy that the function took when it was made, so the change would be lost; keep what \
                     changes in a variable outside of all functions, or in an object"
                );
                return Err(Error::type_error(message));
            }
        }
        self.shared.globals().change(name, keys, change)
    }

    /// Runs something whose new variables are gone afterwards.
    pub(super) fn in_own_scope<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        self.inner.push(Scope::default());
        let result = run(self);
        self.inner.pop();
        result
    }

    /// All names that are bound here.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.shared.globals().names().map(str::to_owned).collect();
        let function = self.function.iter().flat_map(|it| it.captured.names());
        let inner = self.inner.iter().flat_map(Scope::names);
        let local = inner.chain(self.locals.names()).chain(function);
        names.extend(local.map(str::to_owned));
        names
    }
}
