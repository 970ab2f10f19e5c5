//! What is wrong with what the author wrote.

use syn::Result;
use syn::spanned::Spanned;

/// Collects mistakes, so that an author sees all of them.
#[derive(Default)]
pub(crate) struct Mistakes(Option<syn::Error>);

impl Mistakes {
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn at(&mut self, span: impl Spanned, message: &str) {
        self.add(syn::Error::new(span.span(), message));
    }

    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn finish<T>(self, value: T) -> Result<T> {
        self.0.map_or(Ok(value), Err)
    }

    pub(crate) fn into_error(self) -> Option<syn::Error> {
        self.0
    }
}
