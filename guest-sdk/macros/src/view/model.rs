//! What was meant: which far method each method of the trait calls, and with what. Every mistake of a trait is reported
//! at once.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Ident, ItemTrait, LitStr, Pat, PatType, Result, ReturnType};
use syn::{Signature, TraitItem, TraitItemFn, Type};

use crate::mistakes::Mistakes;
use crate::model::plain;
use crate::parse::{self, MethodAttributes, Role};
use crate::types;

/// A trait and what its view does.
pub(crate) struct View {
    /// The trait without the helper attributes.
    pub(crate) item: ItemTrait,
    /// The name by which the object is imported.
    pub(crate) module: Option<LitStr>,
    pub(crate) methods: Vec<Method>,
}

/// A method of the trait that is answered over there.
pub(crate) struct Method {
    pub(crate) signature: Signature,
    /// The attributes that hold for whatever is made of the method.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) asks: Asks,
    pub(crate) params: Vec<Param>,
    /// `R` of its `Result<R>`.
    pub(crate) result: Type,
}

/// What it asks the object.
pub(crate) enum Asks {
    Call(String),
    Get(String),
    Set(String),
    Value,
}

pub(crate) struct Param {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    pub(crate) takes: Takes,
}

/// How an argument is passed on.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Takes {
    One,
    /// Left out when it is `None`.
    Optional,
    Rest,
    Keywords,
}

/// What every view has, or everything that can be cloned or shown.
const TAKEN: &[&str] = &[
    "as_proxy",
    "into_proxy",
    "clone",
    "to_owned",
    "to_string",
    "into",
    "try_into",
];

/// The view that a trait means.
pub(crate) fn view(mut item: ItemTrait, module: Option<LitStr>) -> Result<View> {
    let mut mistakes = Mistakes::default();
    if let Some(token) = &item.unsafety {
        mistakes.at(token, "a view is safe to implement: write a plain `trait`");
    }
    if let Some(token) = &item.auto_token {
        mistakes.at(token, "a view has methods: write a plain `trait`");
    }
    if !item.generics.params.is_empty() || item.generics.where_clause.is_some() {
        mistakes.at(
            &item.generics,
            "a view has no type parameters, since the object has its types already: use concrete types, or `Value`",
        );
    }
    let mut methods = Vec::new();
    for item in &mut item.items {
        match item {
            TraitItem::Fn(method) => methods.extend(self::method(method, &mut mistakes)),
            TraitItem::Const(item) => mistakes.at(
                item,
                "an object has no constants but attributes: write `#[getter] fn limit(&self) -> Result<i64>;`",
            ),
            TraitItem::Type(item) => mistakes.at(
                item,
                "a view has no associated types: name the type where it is used",
            ),
            other => mistakes.at(other, "only methods can be in a view: `fn add(&self, by: i64) -> Result<i64>;`"),
        }
    }
    refuse_taken_names(&methods, &mut mistakes);
    mistakes.finish(View {
        item,
        module,
        methods,
    })
}

/// The methods that the macro adds must not hide those of the trait.
fn refuse_taken_names(methods: &[Method], mistakes: &mut Mistakes) {
    for method in methods {
        let ident = &method.signature.ident;
        let name = plain(ident);
        if TAKEN.contains(&&*name) {
            let message = format!(
                "every view has a method `{name}` already: give this one another name, with `#[name(\"{name}\")]`"
            );
            mistakes.at(ident, &message);
        }
        for prefix in ["start_", "post_"] {
            let started = name.strip_prefix(prefix).and_then(|rest| {
                let called = |it: &&Method| matches!(it.asks, Asks::Call(_));
                methods
                    .iter()
                    .filter(called)
                    .find(|it| plain(&it.signature.ident) == rest)
            });
            if let Some(started) = started {
                let message = format!(
                    "`{name}` is what the view adds for `{}`: give this method another name, with `#[name(\"{name}\")]`",
                    plain(&started.signature.ident)
                );
                mistakes.at(ident, &message);
            }
        }
    }
}

/// The far method that a method of the trait means; `None` for one of the trait's own, and where there are mistakes.
fn method(method: &mut TraitItemFn, mistakes: &mut Mistakes) -> Option<Method> {
    let attributes = mistakes.take(parse::method_attributes(&mut method.attrs))?;
    let is_own = matches!(attributes.role, Some((Role::Skip, _)));
    match (&method.default, is_own) {
        (Some(_), true) => return None,
        (None, true) => {
            mistakes.at(&method.sig, "a method with `#[skip]` is the trait's own: give it a body");
            return None;
        }
        (Some(body), false) => mistakes.at(
            body,
            "the object over there has the body: end the method with `;`, or mark it `#[skip]` as the trait's own",
        ),
        (None, false) => {}
    }
    check_signature(&method.sig, mistakes);
    let params: Vec<Param> = method
        .sig
        .inputs
        .iter_mut()
        .filter_map(|input| match input {
            FnArg::Typed(argument) => param(argument, mistakes),
            FnArg::Receiver(_) => None,
        })
        .collect();
    check_order(&params, mistakes);
    let asks = asks(&method.sig, attributes, mistakes);
    let result = result(&method.sig, mistakes);
    let kept = method.attrs.iter().filter(|attribute| {
        ["cfg", "deprecated"]
            .iter()
            .any(|name| attribute.path().is_ident(name))
    });
    Some(Method {
        attributes: kept.cloned().collect(),
        asks: asks?,
        params,
        result: result?,
        signature: method.sig.clone(),
    })
}

fn check_signature(signature: &Signature, mistakes: &mut Mistakes) {
    if let Some(token) = &signature.asyncness {
        let message = format!(
            "a method of a view is a plain `fn`: await `start_{}`, which the view adds",
            plain(&signature.ident)
        );
        mistakes.at(token, &message);
    }
    if let Some(token) = &signature.constness {
        mistakes.at(token, "a call happens at run time: write a plain `fn`");
    }
    if let Some(token) = &signature.unsafety {
        mistakes.at(token, "a call of another side is safe: write a plain `fn`");
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(abi, "a method of a view is a plain `fn`");
    }
    let is_lifetime = |it: &&syn::GenericParam| matches!(it, syn::GenericParam::Lifetime(_));
    if let Some(parameter) = signature.generics.params.iter().find(|it| !is_lifetime(it)) {
        mistakes.at(
            parameter,
            "a method of a view has no type parameters: take `impl Serialize`, and return a concrete type or `Value`",
        );
    }
    match signature.inputs.first() {
        Some(FnArg::Receiver(own)) if is_ref_self(own) => {}
        Some(FnArg::Receiver(own)) => mistakes.at(
            own,
            "a proxy is shared, and the object changes over there: take `&self`",
        ),
        _ => {
            let message = format!(
                "a method of a view is one of an object: write `fn {}(&self, ..)`",
                signature.ident
            );
            mistakes.at(&signature.ident, &message);
        }
    }
}

fn is_ref_self(own: &syn::Receiver) -> bool {
    own.reference.is_some() && own.mutability.is_none() && own.colon_token.is_none()
}

fn asks(
    signature: &Signature,
    attributes: MethodAttributes,
    mistakes: &mut Mistakes,
) -> Option<Asks> {
    let own = plain(&signature.ident);
    let name = attributes.name.map(|name| name.value());
    let arguments = signature
        .inputs
        .iter()
        .filter(|input| matches!(input, FnArg::Typed(_)))
        .count();
    let Some((role, span)) = attributes.role else {
        return Some(Asks::Call(name.unwrap_or(own)));
    };
    match role {
        Role::Getter(_) if arguments > 0 => {
            mistakes.at(
                span,
                "a getter takes `&self` and nothing else: `#[getter] fn zoom(&self) -> Result<f64>;`",
            );
            None
        }
        Role::Value if arguments > 0 => {
            mistakes.at(
                span,
                "the value form takes `&self` and nothing else: `#[value] fn to_data(&self) -> Result<i64>;`",
            );
            None
        }
        Role::Setter(_) if arguments != 1 => {
            mistakes.at(
                span,
                "a setter takes `&self` and the new value: `#[setter] fn set_zoom(&self, zoom: f64) -> Result<()>;`",
            );
            None
        }
        Role::Getter(given) => Some(Asks::Get(given.or(name).unwrap_or(own))),
        Role::Setter(given) => {
            let own = own.strip_prefix("set_").unwrap_or(&own).to_owned();
            Some(Asks::Set(given.or(name).unwrap_or(own)))
        }
        Role::Value => Some(Asks::Value),
        // A method with `#[skip]` is not asked for.
        Role::Constructor | Role::Skip => {
            mistakes.at(
                span,
                "an object is constructed by calling its class: in the view of the module, write \
                 `#[name(\"Counter\")] fn counter(&self, start: i64) -> Result<CounterProxy>;`",
            );
            None
        }
    }
}

/// `R` of `Result<R>`.
fn result(signature: &Signature, mistakes: &mut Mistakes) -> Option<Type> {
    let ty = match &signature.output {
        ReturnType::Default => {
            mistakes.at(
                &signature.ident,
                "a call can fail, whatever it returns: end the method with `-> Result<()>;`",
            );
            return None;
        }
        ReturnType::Type(_, ty) => ty,
    };
    if !types::is_result(ty) {
        let shown = ty
            .to_token_stream()
            .to_string()
            .replace(" < ", "<")
            .replace(" >", ">");
        mistakes.at(
            ty,
            &format!("a call can fail, whatever it returns: write `Result<{shown}>`"),
        );
        return None;
    }
    let Some(result) = types::success(ty) else {
        mistakes.at(
            ty,
            "what does it return? Write `Result<i64>`, or `Result<()>` for nothing",
        );
        return None;
    };
    match &result {
        Type::Reference(_) => mistakes.at(
            &result,
            "a result arrives as a copy: write `String` rather than `&str`, `Vec<..>` rather than a slice",
        ),
        Type::ImplTrait(_) => mistakes.at(
            &result,
            "what arrives is decoded into a concrete type: write `Items<i64>` for an iterator, or `Value` for anything",
        ),
        _ => return Some(result),
    }
    None
}

fn param(argument: &mut PatType, mistakes: &mut Mistakes) -> Option<Param> {
    let attributes = mistakes.take(parse::arg_attributes(&mut argument.attrs))?;
    let Pat::Ident(pat) = &*argument.pat else {
        mistakes.at(
            &argument.pat,
            "an argument needs a name, by which it can be given: `point: (i64, i64)`",
        );
        return None;
    };
    let takes = match (attributes.rest, attributes.keywords, attributes.default) {
        (false, false, None) => Takes::One,
        (true, false, None) => Takes::Rest,
        (false, true, None) => Takes::Keywords,
        (false, false, Some(Some(value))) => {
            mistakes.at(
                value,
                "the default is the other side's to say: write `#[arg(default)]` on an `Option`, whose `None` leaves it out",
            );
            return None;
        }
        (false, false, Some(None)) if types::is_option(&argument.ty) => Takes::Optional,
        (false, false, Some(None)) => {
            mistakes.at(
                &argument.ty,
                "an argument that may be left out is an `Option`: its `None` leaves it out, and the other side's default counts",
            );
            return None;
        }
        _ => {
            mistakes.at(
                &argument.pat,
                "one of `default`, `rest` and `keywords`, not several",
            );
            return None;
        }
    };
    let name = attributes
        .name
        .map_or_else(|| plain(&pat.ident), |name| name.value());
    Some(Param {
        ident: pat.ident.clone(),
        name,
        takes,
    })
}

fn check_order(params: &[Param], mistakes: &mut Mistakes) {
    let rest = params.iter().filter(|param| param.takes == Takes::Rest);
    for param in rest.skip(1) {
        mistakes.at(&param.ident, "only one argument can be the rest");
    }
    for param in params.iter().rev().skip(1) {
        if param.takes == Takes::Keywords {
            mistakes.at(
                &param.ident,
                "the argument that has the keywords comes last: put it behind the others",
            );
        }
    }
}

impl Method {
    /// Where the type of the result was written, to show there what is wrong with it.
    pub(crate) fn span(&self) -> proc_macro2::Span {
        self.result.span()
    }
}
