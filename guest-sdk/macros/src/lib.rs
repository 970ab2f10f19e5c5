//! The macros of Locum. Use them through `locum-guest` (in a plugin) or `locum` (in a host); their documentation is
//! there.
//!
//! Each goes three steps, one module each: `parse` reads what the author wrote, `model` is what was meant, checked,
//! with every mistake reported at once, `expand` writes the code. `types` puts Rust's types into Locum's words. `view`
//! goes the same steps for `#[proxy]`.

mod expand;
mod mistakes;
mod model;
mod parse;
mod plugin;
mod types;
mod view;

use proc_macro::TokenStream;
use quote::quote;

/// `#[object]` for plugins: paths lead to `locum_guest`.
#[proc_macro_attribute]
pub fn object(arguments: TokenStream, item: TokenStream) -> TokenStream {
    object_in(quote!(::locum_guest), arguments, item)
}

/// `#[object]` for hosts: paths lead to `locum`.
#[proc_macro_attribute]
pub fn host_object(arguments: TokenStream, item: TokenStream) -> TokenStream {
    object_in(quote!(::locum), arguments, item)
}

/// `#[proxy]` for plugins: paths lead to `locum_guest`.
#[proc_macro_attribute]
pub fn proxy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    view::view(
        quote!(::locum_guest),
        view::Importer::Guest,
        arguments.into(),
        item.into(),
    )
    .into()
}

/// `#[proxy]` for hosts: paths lead to `locum`.
#[proc_macro_attribute]
pub fn host_proxy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    view::view(
        quote!(::locum),
        view::Importer::Host,
        arguments.into(),
        item.into(),
    )
    .into()
}

/// `plugin!`: what a plugin offers, module by module.
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    match syn::parse::<plugin::PluginInput>(input) {
        Ok(input) => plugin::expand(&input).into(),
        Err(error) => error.to_compile_error().into(),
    }
}

fn object_in(
    krate: proc_macro2::TokenStream,
    arguments: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let original = proc_macro2::TokenStream::from(item.clone());
    let result = syn::parse::<parse::ObjectArguments>(arguments).and_then(|arguments| {
        let krate = arguments.krate.clone().map_or(krate, |path| quote!(#path));
        match syn::parse::<syn::Item>(item)? {
            syn::Item::Impl(block) => {
                let (block, class) = model::class(block, &arguments)?;
                Ok(expand::class(&krate, &block, &class))
            }
            syn::Item::Fn(function) => {
                let (function, model) = model::free_function(function, &arguments)?;
                Ok(expand::free_function(&krate, &function, &model))
            }
            other => Err(syn::Error::new_spanned(
                other,
                "`#[object]` goes on an `impl` block, whose methods it serves, or on a function",
            )),
        }
    });
    // The author's code stays, so that one mistake does not bring a hundred errors about a missing type.
    result
        .unwrap_or_else(|error| {
            let errors = error.to_compile_error();
            let original = parse::without_helpers(original);
            quote!(#original #errors)
        })
        .into()
}
