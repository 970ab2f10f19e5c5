//! `plugin! { mod counters { Counter, total, LIMIT = 10 } }`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitStr, Path, Result, Token, braced};

use crate::parse;

pub(crate) struct PluginInput {
    name: Option<LitStr>,
    modules: Vec<ModuleInput>,
}

struct ModuleInput {
    name: String,
    doc: String,
    members: Vec<Member>,
}

enum Member {
    Named(Path),
    Constant(Ident, Expr),
}

impl Parse for PluginInput {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut name = None;
        if input.peek(Ident) && input.peek2(Token![:]) {
            let key: Ident = input.parse()?;
            if key != "name" {
                return Err(syn::Error::new(
                    key.span(),
                    "only `name: \"...\"` may stand before the modules",
                ));
            }
            input.parse::<Token![:]>()?;
            name = Some(input.parse()?);
            input.parse::<Option<Token![,]>>()?;
        }
        let mut modules: Vec<ModuleInput> = Vec::new();
        while !input.is_empty() {
            let span = input.span();
            let module: ModuleInput = input.parse()?;
            if modules.iter().any(|known| known.name == module.name) {
                return Err(syn::Error::new(
                    span,
                    format!(
                        "the module `{}` is there twice: write all its members in one place",
                        module.name
                    ),
                ));
            }
            modules.push(module);
        }
        if modules.is_empty() {
            let span = proc_macro2::Span::call_site();
            let message = "a plugin offers modules: `plugin! { mod counters { Counter } }`";
            return Err(syn::Error::new(span, message));
        }
        Ok(PluginInput { name, modules })
    }
}

impl Parse for ModuleInput {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(syn::Attribute::parse_outer)?;
        if !input.peek(Token![mod]) {
            return Err(input.error("a module begins with `mod`: `mod counters { Counter }`"));
        }
        input.parse::<Token![mod]>()?;
        let parts =
            Punctuated::<Ident, Token![.]>::parse_separated_nonempty_with(input, Ident::parse_any)?;
        let name = parts
            .iter()
            .map(Ident::to_string)
            .collect::<Vec<_>>()
            .join(".");
        let content;
        braced!(content in input);
        let members = content
            .parse_terminated(Member::parse, Token![,])?
            .into_iter()
            .collect();
        Ok(ModuleInput {
            name,
            doc: parse::doc(&attributes),
            members,
        })
    }
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident) && input.peek2(Token![=]) {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            return Ok(Member::Constant(name, input.parse()?));
        }
        input.call(Path::parse_mod_style).map(Member::Named).map_err(|error| {
            syn::Error::new(error.span(), "a member is a class or function with `#[object]`, or a constant `NAME = value`")
        })
    }
}

pub(crate) fn expand(plugin: &PluginInput) -> TokenStream {
    let name = match &plugin.name {
        Some(name) => quote!(#name),
        None => quote!(::core::env!("CARGO_PKG_NAME")),
    };
    let modules = plugin.modules.iter().map(|module| {
        let (name, doc) = (&module.name, &module.doc);
        let members = module.members.iter().map(|member| match member {
            Member::Named(path) => quote!(.member::<#path>()),
            Member::Constant(name, value) => {
                let name = name.to_string();
                quote!(.constant(#name, &#value).expect("a constant that can travel"))
            }
        });
        quote!(.with(::locum_guest::Module::new(#name).doc(#doc) #(#members)*))
    });
    quote! {
        /// What this crate offers to a host.
        #[doc(hidden)]
        pub struct LocumPlugin;

        impl ::locum_guest::Plugin for LocumPlugin {
            fn offers() -> ::std::sync::Arc<dyn ::locum_guest::Offers> {
                ::std::sync::Arc::new(
                    ::locum_guest::Modules::new(#name, ::core::env!("CARGO_PKG_VERSION")) #(#modules)*
                )
            }
        }

        #[cfg(target_family = "wasm")]
        ::locum_guest::__export!(LocumPlugin);
    }
}
