//! `#[proxy]`: typed views of proxies, from a trait to the struct that implements it by calling.

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, Result};

pub(crate) use expand::Importer;
use parse::ViewArguments;

/// The trait, and its view. Where there are mistakes, the trait as it is, the view without methods, and the errors.
pub(crate) fn view(
    krate: TokenStream,
    importer: Importer,
    arguments: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let original = item.clone();
    let result: Result<TokenStream> = syn::parse2::<ViewArguments>(arguments).and_then(|arguments| {
        let (krate, importer) = match &arguments.krate {
            None => (krate.clone(), importer),
            Some(path) => (quote!(#path), Importer::Host),
        };
        match syn::parse2::<Item>(item)? {
            Item::Trait(item) => {
                let view = model::view(item, arguments.module)?;
                Ok(expand::view(&krate, importer, &view))
            }
            other => Err(syn::Error::new_spanned(
                other,
                "`#[proxy]` goes on a trait, whose methods call those of an object: `trait Counter { .. }`",
            )),
        }
    });
    result.unwrap_or_else(|error| {
        let errors = error.to_compile_error();
        let shell = match syn::parse2::<Item>(original.clone()) {
            Ok(Item::Trait(item)) => expand::shell(&krate, &item.ident, &item.vis),
            _ => quote!(),
        };
        let original = crate::parse::without_helpers(original);
        quote!(#original #shell #errors)
    })
}
