//! What the author wrote: the attributes of `#[object]` and those inside of it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Path, Result, Token};

/// `#[object(name = "list", crate = locum_protocol)]`.
pub(crate) struct ObjectArguments {
    pub(crate) name: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

impl Parse for ObjectArguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let advice = "`#[object]` takes `name = \"...\"`";
        let (name, krate) = arguments(input, "name", advice)?;
        Ok(ObjectArguments { name, krate })
    }
}

/// `KEY = "...", crate = path`, each of which may be left out, in any order.
pub(crate) fn arguments(
    input: ParseStream<'_>,
    key: &str,
    advice: &str,
) -> Result<(Option<LitStr>, Option<Path>)> {
    let (mut value, mut krate) = (None, None);
    while !input.is_empty() {
        if input.peek(Token![crate]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            krate = Some(input.call(Path::parse_mod_style)?);
        } else {
            let found: Ident = input.parse()?;
            if found != key {
                return Err(syn::Error::new(found.span(), advice));
            }
            input.parse::<Token![=]>()?;
            value = Some(input.parse()?);
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((value, krate))
}

/// The attributes that mean something on a method.
#[derive(Default)]
pub(crate) struct MethodAttributes {
    pub(crate) doc: String,
    pub(crate) name: Option<LitStr>,
    pub(crate) role: Option<(Role, proc_macro2::Span)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Constructor,
    Getter(Option<String>),
    Setter(Option<String>),
    Value,
    Skip,
}

/// Takes those attributes out of the list, which keeps the others.
pub(crate) fn method_attributes(attributes: &mut Vec<Attribute>) -> Result<MethodAttributes> {
    let mut found = MethodAttributes {
        doc: doc(attributes),
        ..MethodAttributes::default()
    };
    let mut kept = Vec::new();
    for attribute in attributes.drain(..) {
        let role = match attribute
            .path()
            .get_ident()
            .map(Ident::to_string)
            .as_deref()
        {
            Some("constructor") => Role::Constructor,
            Some("getter") => Role::Getter(attribute_name(&attribute)?),
            Some("setter") => Role::Setter(attribute_name(&attribute)?),
            Some("value") => Role::Value,
            Some("skip") => Role::Skip,
            Some("name") => {
                found.name = Some(name_of(&attribute)?);
                continue;
            }
            _ => {
                kept.push(attribute);
                continue;
            }
        };
        if found.role.is_some() {
            return Err(syn::Error::new_spanned(
                &attribute,
                "one method has one role: keep one of `#[constructor]`, `#[getter]`, `#[setter]`, `#[value]` and `#[skip]`",
            ));
        }
        found.role = Some((role, attribute.path().span()));
    }
    *attributes = kept;
    Ok(found)
}

/// `#[getter]`, `#[getter(zoom)]` or `#[getter("zoom")]`.
fn attribute_name(attribute: &Attribute) -> Result<Option<String>> {
    match &attribute.meta {
        Meta::Path(_) => Ok(None),
        Meta::List(list) => match syn::parse2::<Lit>(list.tokens.clone()) {
            Ok(Lit::Str(name)) => Ok(Some(name.value())),
            _ => syn::parse2::<Ident>(list.tokens.clone()).map(|name| Some(name.to_string())),
        },
        Meta::NameValue(_) => Err(syn::Error::new_spanned(
            attribute,
            "write the attribute's name in parentheses: `#[getter(zoom)]`",
        )),
    }
}

/// `#[name("append")]` or `#[name = "append"]`.
fn name_of(attribute: &Attribute) -> Result<LitStr> {
    match &attribute.meta {
        Meta::List(list) => syn::parse2(list.tokens.clone()),
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(name),
                ..
            }) => Ok(name.clone()),
            other => Err(syn::Error::new_spanned(
                other,
                "a name is text: `#[name(\"append\")]`",
            )),
        },
        Meta::Path(path) => Err(syn::Error::new_spanned(
            path,
            "which name? Write `#[name(\"append\")]`",
        )),
    }
}

/// `#[arg(default = 1, name = "by")]`, `#[arg(rest)]`, `#[arg(keywords)]`.
#[derive(Default)]
pub(crate) struct ArgAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) default: Option<Option<Expr>>,
    pub(crate) rest: bool,
    pub(crate) keywords: bool,
}

pub(crate) fn arg_attributes(attributes: &mut Vec<Attribute>) -> Result<ArgAttributes> {
    let mut found = ArgAttributes::default();
    let mut kept = Vec::new();
    for attribute in attributes.drain(..) {
        if !attribute.path().is_ident("arg") {
            kept.push(attribute);
            continue;
        }
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("default") {
                let value = if meta.input.peek(Token![=]) { Some(meta.value()?.parse()?) } else { None };
                found.default = Some(value);
            } else if meta.path.is_ident("name") {
                found.name = Some(meta.value()?.parse()?);
            } else if meta.path.is_ident("rest") {
                found.rest = true;
            } else if meta.path.is_ident("keywords") {
                found.keywords = true;
            } else {
                return Err(meta.error(
                    "`#[arg]` takes `default`, `default = value`, `name = \"...\"`, `rest` or `keywords`",
                ));
            }
            Ok(())
        })?;
    }
    *attributes = kept;
    Ok(found)
}

/// The doc comment, its lines without the space that follows `///`.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
    let lines: Vec<String> = lines
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The author's item with the helper attributes taken out, for when the rest could not be made.
pub(crate) fn without_helpers(item: TokenStream) -> TokenStream {
    match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Impl(mut block)) => {
            for item in &mut block.items {
                if let syn::ImplItem::Fn(method) = item {
                    let _ = method_attributes(&mut method.attrs);
                    strip_args(&mut method.sig);
                }
            }
            block.into_token_stream()
        }
        Ok(syn::Item::Trait(mut item)) => {
            for item in &mut item.items {
                if let syn::TraitItem::Fn(method) = item {
                    let _ = method_attributes(&mut method.attrs);
                    strip_args(&mut method.sig);
                }
            }
            item.into_token_stream()
        }
        Ok(syn::Item::Fn(mut function)) => {
            strip_args(&mut function.sig);
            function.into_token_stream()
        }
        _ => item,
    }
}

fn strip_args(signature: &mut syn::Signature) {
    for input in &mut signature.inputs {
        if let syn::FnArg::Typed(argument) = input {
            argument
                .attrs
                .retain(|attribute| !attribute.path().is_ident("arg"));
        }
    }
}
