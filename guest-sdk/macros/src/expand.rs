//! The code that `#[object]` stands for: what a class tells about itself, and names to method calls.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::model::{Callable, Class, Param, Receiver, Takes};

/// `impl Class for T`.
pub(crate) fn class(krate: &TokenStream, block: &syn::ItemImpl, class: &Class) -> TokenStream {
    let ty = &class.ty;
    let (name, doc) = (&class.name, &class.doc);
    let methods = infos(&class.methods);
    let associated = infos(&class.associated);
    let attributes = class.attributes.iter().map(attribute_info);
    let (constructor_info, constructor) = match &class.constructor {
        Some(constructor) => {
            let info = info(constructor);
            (
                quote!(static CONSTRUCTOR: FunctionInfo = #info;),
                quote!(Some(Cow::Borrowed(&CONSTRUCTOR))),
            )
        }
        None => (quote!(), quote!(None)),
    };
    let dispatch = class.methods.iter().enumerate().map(|(index, method)| {
        let (name, body) = (
            &method.name,
            method_body(class, method, quote!(&METHODS[#index])),
        );
        quote!(#name => #body)
    });
    let associated_calls = class
        .associated
        .iter()
        .enumerate()
        .map(|(index, function)| {
            let (name, body) = (
                &function.name,
                function_body(class, function, quote!(&ASSOCIATED[#index])),
            );
            quote!(#name => #body)
        });
    let construct = class.constructor.iter().map(|constructor| {
        let body = function_body_named("", class, constructor, quote!(&CONSTRUCTOR));
        quote!("" => #body)
    });
    let reads = class.attributes.iter().filter_map(|attribute| {
        let getter = attribute.getter.as_ref()?;
        let name = &attribute.name;
        let call = call_on_object(class, getter, &[]);
        Some(quote!(#name => || -> Result<Outcome> { #call }()))
    });
    let writes = class.attributes.iter().filter_map(|attribute| {
        let setter = attribute.setter.as_ref()?;
        let name = &attribute.name;
        let owner = &class.name;
        let value = format_ident!("__value");
        let ty = &setter.params.first()?.ty;
        let call = call_on_object(class, setter, &[&value]);
        Some(quote!(#name => || -> Result<()> {
            let #value: #ty = private::set(#owner, #name, value)?;
            let __outcome: Result<Outcome> = { #call };
            __outcome.map(drop)
        }()))
    });
    let to_value = class.value.as_ref().map(|value| {
        let call = call_on_object(class, value, &[]);
        quote! {
            fn to_value(this: &Shared<Self>) -> Result<Parcel> {
                let __outcome: Result<Outcome> = { #call };
                match __outcome? {
                    Outcome::Data(parcel) => Ok(parcel),
                    Outcome::Object(proxy) => proxy.value::<Value>().and_then(|value| Parcel::encode(&value)),
                }
            }
        }
    });
    let prelude = prelude(krate);
    quote! {
        #block
        const _: () = {
            #prelude
            #constructor_info
            static METHODS: &[FunctionInfo] = &[#(#methods),*];
            static ASSOCIATED: &[FunctionInfo] = &[#(#associated),*];
            static ATTRIBUTES: &[AttributeInfo] = &[#(#attributes),*];
            static CLASS: ClassInfo = ClassInfo {
                name: Cow::Borrowed(#name),
                doc: Cow::Borrowed(#doc),
                constructor: #constructor,
                methods: Cow::Borrowed(METHODS),
                associated: Cow::Borrowed(ASSOCIATED),
                attributes: Cow::Borrowed(ATTRIBUTES),
            };
            #[automatically_derived]
            #[allow(unreachable_code)]
            impl #krate::Class for #ty {
                const INFO: &'static ClassInfo = &CLASS;
                fn dispatch(this: &Shared<Self>, name: &str, args: &Args) -> Option<Result<Outcome>> {
                    Some(match name { #(#dispatch,)* _ => return None })
                }
                fn read(this: &Shared<Self>, name: &str) -> Option<Result<Outcome>> {
                    Some(match name { #(#reads,)* _ => return None })
                }
                fn write(this: &Shared<Self>, name: &str, value: &Parcel) -> Option<Result<()>> {
                    Some(match name { #(#writes,)* _ => return None })
                }
                fn associated(name: &str, args: &Args) -> Option<Result<Outcome>> {
                    Some(match name { #(#construct,)* #(#associated_calls,)* _ => return None })
                }
                #to_value
            }
            #[automatically_derived]
            impl #krate::Member for #ty {
                fn add_to(module: #krate::Module) -> #krate::Module {
                    module.class::<Self>()
                }
            }
        };
    }
}

/// A type of the function's name that stands for it, and `impl Function` for that.
pub(crate) fn free_function(
    krate: &TokenStream,
    function: &syn::ItemFn,
    model: &Callable,
) -> TokenStream {
    let (ident, visibility) = (&function.sig.ident, &function.vis);
    let info = info(model);
    let reads = reads(&model.params);
    let names = model.params.iter().map(|param| &param.ident);
    let outcome = outcome(model, quote!(#ident(#(#names),*)));
    let prelude = prelude(krate);
    let doc = format!("The function [`{ident}`](fn@{ident}), as a member of a module.");
    quote! {
        #function
        #[doc = #doc]
        #[allow(non_camel_case_types)]
        #visibility struct #ident {}
        const _: () = {
            #prelude
            static FUNCTION: FunctionInfo = #info;
            #[automatically_derived]
            impl #krate::Function for #ident {
                const INFO: &'static FunctionInfo = &FUNCTION;
                fn call(args: &Args) -> Result<Outcome> {
                    let mut __bound = args.bind("", &FUNCTION)?;
                    #reads
                    #outcome
                }
            }
            #[automatically_derived]
            impl #krate::Member for #ident {
                fn add_to(module: #krate::Module) -> #krate::Module {
                    module.function::<Self>()
                }
            }
        };
    }
}

/// Names for the generated code, inside of a block of its own.
fn prelude(krate: &TokenStream) -> TokenStream {
    quote! {
        #[allow(unused_imports)]
        use #krate::private::{
            self, AttributeInfo, ClassInfo, Cow, FunctionInfo, ParamInfo, Takes,
            ChainedKind as _, NeitherKind as _, OursKind as _, ProxyKind as _, ShownKind as _, StandardKind as _,
            UnknownKind as _, ValueKind as _,
        };
        #[allow(unused_imports)]
        use #krate::{Args, Outcome, Parcel, Shared, Value};
        #[allow(unused_imports)]
        use ::core::{option::Option::{self, None, Some}, result::Result::{Err, Ok}};
        type Result<T> = ::core::result::Result<T, #krate::Error>;
    }
}

fn infos(callables: &[Callable]) -> Vec<TokenStream> {
    callables.iter().map(info).collect()
}

fn info(callable: &Callable) -> TokenStream {
    let (name, doc, returns) = (&callable.name, &callable.doc, &callable.returns);
    let params = callable.params.iter().map(|param| {
        let (name, words) = (&param.name, &param.words);
        let (default, takes) = match &param.takes {
            Takes::Required => (quote!(None), quote!(Takes::One)),
            Takes::Optional(_, shown) => (quote!(Some(Cow::Borrowed(#shown))), quote!(Takes::One)),
            Takes::Rest => (quote!(None), quote!(Takes::Rest)),
            Takes::Keywords => (quote!(None), quote!(Takes::Keywords)),
        };
        quote!(ParamInfo {
            name: Cow::Borrowed(#name),
            type_name: Cow::Borrowed(#words),
            default: #default,
            takes: #takes,
        })
    });
    quote!(FunctionInfo {
        name: Cow::Borrowed(#name),
        doc: Cow::Borrowed(#doc),
        params: { static PARAMS: &[ParamInfo] = &[#(#params),*]; Cow::Borrowed(PARAMS) },
        returns: Cow::Borrowed(#returns),
    })
}

fn attribute_info(attribute: &crate::model::Attribute) -> TokenStream {
    let name = &attribute.name;
    let (doc, words) = match &attribute.getter {
        Some(getter) => (getter.doc.as_str(), getter.returns.as_str()),
        None => ("", ""),
    };
    let settable = attribute.setter.is_some();
    quote!(AttributeInfo {
        name: Cow::Borrowed(#name),
        doc: Cow::Borrowed(#doc),
        type_name: Cow::Borrowed(#words),
        settable: #settable,
    })
}

/// Reads the arguments into variables of the parameters' names.
fn reads(params: &[Param]) -> TokenStream {
    let reads = params.iter().map(|param| {
        let (ident, ty) = (&param.ident, &param.ty);
        // What is wrong with a type or a default is shown where it was written.
        let span = ty.span();
        let value = match &param.takes {
            Takes::Required => quote_spanned!(span=> __bound.required()?),
            Takes::Optional(Some(default), _) => {
                let span = default.span();
                let default = if param.words == "int" && is_integer(default) {
                    // Through `Into`, a bare number would be an `i32` first.
                    quote!(#default)
                } else {
                    quote_spanned!(span=> ::core::convert::Into::<#ty>::into(#default))
                };
                quote_spanned!(span=> __bound.optional(|| #default)?)
            }
            Takes::Optional(None, _) => {
                quote_spanned!(span=> __bound.optional(::core::default::Default::default)?)
            }
            Takes::Rest => quote_spanned!(span=> __bound.rest()?),
            Takes::Keywords => quote_spanned!(span=> __bound.keywords()?),
        };
        quote!(let #ident: #ty = #value;)
    });
    quote!(#(#reads)*)
}

/// Whether it is a whole number, perhaps negative.
fn is_integer(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Lit(literal) => matches!(literal.lit, syn::Lit::Int(_)),
        syn::Expr::Unary(unary) => is_integer(&unary.expr),
        _ => false,
    }
}

fn method_body(class: &Class, method: &Callable, info: TokenStream) -> TokenStream {
    let owner = &class.name;
    let reads = reads(&method.params);
    let names: Vec<&Ident> = method.params.iter().map(|param| &param.ident).collect();
    let call = call_on_object(class, method, &names);
    quote!(|| -> Result<Outcome> {
        let mut __bound = args.bind(#owner, #info)?;
        #reads
        #call
    }())
}

fn function_body(class: &Class, function: &Callable, info: TokenStream) -> TokenStream {
    function_body_named(&class.name, class, function, info)
}

fn function_body_named(
    owner: &str,
    class: &Class,
    function: &Callable,
    info: TokenStream,
) -> TokenStream {
    let (ty, ident) = (&class.ty, &function.ident);
    let reads = reads(&function.params);
    let names = function.params.iter().map(|param| &param.ident);
    let outcome = outcome(function, quote!(<#ty>::#ident(#(#names),*)));
    quote!(|| -> Result<Outcome> {
        let mut __bound = args.bind(#owner, #info)?;
        #reads
        #outcome
    }())
}

/// Borrows the object as the method takes it, and calls. The result is turned into an outcome before the object is
/// given back, since it may borrow from it.
fn call_on_object(class: &Class, method: &Callable, arguments: &[&Ident]) -> TokenStream {
    let (ty, ident) = (&class.ty, &method.ident);
    match method.receiver {
        Receiver::Shared => outcome(method, quote!(<#ty>::#ident(this #(, #arguments)*))),
        Receiver::RefMut => {
            let outcome = outcome(
                method,
                quote!(<#ty>::#ident(&mut *__object #(, #arguments)*)),
            );
            quote!(let mut __object = this.borrow_mut()?; #outcome)
        }
        Receiver::Ref | Receiver::None => {
            let outcome = outcome(method, quote!(<#ty>::#ident(&*__object #(, #arguments)*)));
            quote!(let __object = this.borrow()?; #outcome)
        }
    }
}

/// The outcome of a call. What kind of result it is, its type decides (see `private`).
fn outcome(callable: &Callable, call: TokenStream) -> TokenStream {
    let span = callable.output.span;
    let of_value = quote_spanned!(span=> (&&&private::Tagged(&__result)).kind().outcome(__result));
    if callable.output.fallible {
        let of_error =
            quote_spanned!(span=> (&&&&&private::Tagged(&__error)).error_kind().error(__error));
        quote! {
            let __outcome = match #call {
                Ok(__result) => #of_value,
                Err(__error) => Err(#of_error),
            };
            __outcome
        }
    } else {
        quote! {
            let __outcome = match #call { __result => #of_value };
            __outcome
        }
    }
}
