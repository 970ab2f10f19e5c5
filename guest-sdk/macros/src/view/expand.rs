//! The code that `#[proxy]` stands for: a struct that holds the proxy and implements the trait by calling.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{FnArg, ReturnType, Signature, Visibility, parse_quote};

use super::model::{Asks, Method, Takes, View};
use crate::model::plain;

/// From whom a module is imported.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Importer {
    /// A host has many plugins: from a peer.
    Host,
    /// A plugin has one host.
    Guest,
}

/// Tuples of arguments are no longer than this.
const LONGEST_TUPLE: usize = 12;

pub(crate) fn view(krate: &TokenStream, importer: Importer, view: &View) -> TokenStream {
    let item = &view.item;
    let (ident, visibility) = (&item.ident, &item.vis);
    let view_ident = view_ident(ident);
    let shell = shell(krate, ident, visibility);
    let import = import(krate, importer, view);
    let methods = view.methods.iter().map(|method| {
        let (signature, body) = (&method.signature, body(krate, method));
        let attributes = &method.attributes;
        quote!(#(#attributes)* #signature { #body })
    });
    let started = view
        .methods
        .iter()
        .map(|method| started(krate, view, method));
    quote! {
        // It tells what the other side is like; this side need not use everything, nor like it.
        #[allow(dead_code, clippy::wrong_self_convention, clippy::should_implement_trait)]
        #[allow(clippy::len_without_is_empty, clippy::new_ret_no_self, clippy::too_many_arguments)]
        #item
        #shell
        #[allow(dead_code, clippy::too_many_arguments)]
        impl #view_ident {
            #import
            #(#started)*
        }
        #[automatically_derived]
        #[allow(deprecated)]
        impl #ident for #view_ident {
            #(#methods)*
        }
    }
}

/// The struct without the methods of the trait: all that it can do because it is a proxy.
pub(crate) fn shell(krate: &TokenStream, ident: &Ident, visibility: &Visibility) -> TokenStream {
    let view = view_ident(ident);
    let doc = format!(
        "A proxy as a [`{ident}`]. What object it is shows when it is called: one without the method answers \
         `NoSuchAttribute`."
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #visibility struct #view(#krate::Proxy);

        #[allow(dead_code)]
        impl #view {
            /// The view of a proxy. No crossing.
            #visibility fn new(proxy: #krate::Proxy) -> Self {
                Self(proxy)
            }
            /// The proxy itself.
            #visibility fn as_proxy(&self) -> &#krate::Proxy {
                &self.0
            }
            /// The proxy itself, to keep.
            #visibility fn into_proxy(self) -> #krate::Proxy {
                self.0
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#krate::Proxy> for #view {
            fn from(proxy: #krate::Proxy) -> Self {
                Self(proxy)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<#view> for #krate::Proxy {
            fn from(view: #view) -> Self {
                view.0
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Debug for #view {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #view {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        #[automatically_derived]
        impl #krate::private::Serialize for #view {
            fn serialize<S: #krate::private::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #krate::private::Serialize::serialize(&self.0, serializer)
            }
        }

        #[automatically_derived]
        impl<'de> #krate::private::Deserialize<'de> for #view {
            fn deserialize<D: #krate::private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                <#krate::Proxy as #krate::private::Deserialize<'de>>::deserialize(deserializer).map(Self)
            }
        }
    }
}

fn view_ident(ident: &Ident) -> Ident {
    format_ident!("{}Proxy", plain(ident), span = ident.span())
}

fn import(krate: &TokenStream, importer: Importer, view: &View) -> Option<TokenStream> {
    let (module, visibility) = (view.module.as_ref()?, &view.item.vis);
    let doc = format!(
        "Imports `{}`.\n\n# Errors\n`NoSuchModule`, saying which there are.",
        module.value()
    );
    let (parameter, peer) = match importer {
        Importer::Host => (
            quote!(peer: impl ::core::convert::AsRef<#krate::Peer>),
            quote!(peer.as_ref().),
        ),
        Importer::Guest => (quote!(), quote!(#krate::)),
    };
    Some(quote! {
        #[doc = #doc]
        #visibility fn import(#parameter) -> #krate::Result<Self> {
            #peer import(#module).map(Self)
        }
    })
}

/// The body of a method of the trait.
fn body(krate: &TokenStream, method: &Method) -> TokenStream {
    let (this, result) = (this(&method.signature), &method.result);
    // What is wrong with the type of a result is shown where it was written.
    let span = method.span();
    match &method.asks {
        Asks::Call(name) => {
            let arguments = arguments(krate, method);
            quote_spanned!(span=> #this.0.call::<#result>(#name, #arguments))
        }
        Asks::Get(name) => quote_spanned!(span=> #this.0.get::<#result>(#name)),
        Asks::Set(name) => {
            let value = method.params.iter().map(|param| &param.ident);
            quote!(#this.0.set(#name, #(#value)*))
        }
        Asks::Value => quote_spanned!(span=> #this.0.value::<#result>()),
    }
}

/// `start_add` and `post_add` for `add`; nothing for an attribute.
fn started(krate: &TokenStream, view: &View, method: &Method) -> TokenStream {
    let Asks::Call(name) = &method.asks else {
        return quote!();
    };
    let (visibility, attributes, result) = (&view.item.vis, &method.attributes, &method.result);
    let (this, span) = (this(&method.signature), method.span());
    let start = renamed(method, "start", parse_quote!(-> #krate::Pending<#result>));
    let post = renamed(method, "post", parse_quote!(-> #krate::Result<()>));
    let arguments = arguments(krate, method);
    let link = format!("[`{0}`]({1}::{0})", method.signature.ident, view.item.ident);
    let start_doc = format!("Starts {link}, whose result is collected later.");
    let post_doc = format!(
        "Calls {link} without waiting for what it answers.\n\n# Errors\nWhen the arguments can not travel; everything \
         else shows later."
    );
    let started = quote_spanned!(span=> #this.0.start::<#result>(#name, #arguments));
    let posted = quote_spanned!(span=> #this.0.post(#name, #arguments));
    quote! {
        #[doc = #start_doc]
        #(#attributes)*
        #visibility #start { #started }

        #[doc = #post_doc]
        #(#attributes)*
        #visibility #post { #posted }
    }
}

fn renamed(method: &Method, prefix: &str, output: ReturnType) -> Signature {
    let ident = &method.signature.ident;
    Signature {
        ident: format_ident!("{prefix}_{}", plain(ident), span = ident.span()),
        output,
        ..method.signature.clone()
    }
}

/// `self`, as the author's own.
fn this(signature: &Signature) -> TokenStream {
    match signature.inputs.first() {
        Some(FnArg::Receiver(own)) => {
            let this = own.self_token;
            quote!(#this)
        }
        _ => quote!(self),
    }
}

/// What the method passes on: a tuple, or where that can not say it, arguments put together one by one.
fn arguments(krate: &TokenStream, method: &Method) -> TokenStream {
    let params = &method.params;
    let idents = params.iter().map(|param| &param.ident);
    if params.len() <= LONGEST_TUPLE && params.iter().all(|param| param.takes == Takes::One) {
        return quote!((#(#idents,)*));
    }
    let steps = params.iter().map(|param| {
        let (ident, name) = (&param.ident, &param.name);
        match param.takes {
            Takes::One => quote!(.one(#name, &#ident)),
            Takes::Optional => quote!(.optional(#name, &#ident)),
            Takes::Rest => quote!(.rest(#name, #ident)),
            Takes::Keywords => quote!(.keywords(#ident)),
        }
    });
    quote!(#krate::private::Assembled::new() #(#steps)*)
}
