//! What was meant: classes, methods and parameters, checked. Every mistake of a block is reported at once.

use syn::spanned::Spanned;
use syn::{Expr, FnArg, ImplItem, ItemFn, ItemImpl, Pat, Result, ReturnType, Signature, Type};

use crate::mistakes::Mistakes;
use crate::parse::{self, MethodAttributes, ObjectArguments, Role};
use crate::types;

/// A type whose methods are served.
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    pub(crate) constructor: Option<Callable>,
    pub(crate) methods: Vec<Callable>,
    pub(crate) associated: Vec<Callable>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) value: Option<Callable>,
}

/// A function that is called by name.
pub(crate) struct Callable {
    pub(crate) ident: syn::Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) receiver: Receiver,
    pub(crate) params: Vec<Param>,
    pub(crate) returns: String,
    pub(crate) output: Output,
}

/// How a method takes its object.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Receiver {
    /// None: an associated function.
    None,
    Ref,
    RefMut,
    /// `this: &Shared<Self>`.
    Shared,
}

/// What a function gives back.
pub(crate) struct Output {
    pub(crate) fallible: bool,
    pub(crate) span: proc_macro2::Span,
}

pub(crate) struct Param {
    pub(crate) ident: syn::Ident,
    pub(crate) name: String,
    pub(crate) ty: Type,
    /// The type in Locum's words.
    pub(crate) words: String,
    pub(crate) takes: Takes,
}

pub(crate) enum Takes {
    Required,
    /// The default, and how it is written.
    Optional(Option<Expr>, String),
    Rest,
    Keywords,
}

/// A getter and perhaps a setter.
pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) getter: Option<Callable>,
    pub(crate) setter: Option<Callable>,
}

/// The class that an `impl` block means; the block comes back without the helper attributes.
pub(crate) fn class(mut block: ItemImpl, arguments: &ObjectArguments) -> Result<(ItemImpl, Class)> {
    let mut mistakes = Mistakes::default();
    if let Some((_, path, _)) = &block.trait_ {
        mistakes.at(
            path,
            "`#[object]` serves the methods of an inherent `impl` block: write `impl Type { .. }`",
        );
    }
    if let Some(parameter) = block.generics.params.first() {
        mistakes.at(
            parameter,
            "an object's class has no type parameters: write the block for one concrete type",
        );
    }
    let doc = parse::doc(&block.attrs);
    let mut class = Class {
        name: class_name(&block.self_ty, arguments, &mut mistakes),
        doc,
        ty: (*block.self_ty).clone(),
        constructor: None,
        methods: Vec::new(),
        associated: Vec::new(),
        attributes: Vec::new(),
        value: None,
    };
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item {
            let Some(attributes) = mistakes.take(parse::method_attributes(&mut method.attrs))
            else {
                continue;
            };
            add_method(&mut class, &mut method.sig, attributes, &mut mistakes);
        }
    }
    for attribute in &class.attributes {
        if let (None, Some(setter)) = (&attribute.getter, &attribute.setter) {
            let message = format!(
                "`{0}` has a setter but no getter: add `#[getter] fn {0}(&self)`",
                attribute.name
            );
            mistakes.at(&setter.ident, &message);
        }
        let method = class
            .methods
            .iter()
            .find(|method| method.name == attribute.name);
        if let Some(method) = method {
            let message = format!(
                "`{}` is an attribute and a method: rename one with `#[name(\"...\")]`",
                attribute.name
            );
            mistakes.at(&method.ident, &message);
        }
    }
    class.refuse_objects_by_value(&mut mistakes);
    class.name_self();
    mistakes.finish((block, class))
}

impl Class {
    /// A type is either an object or data: one of this very class can not be an argument by value.
    fn refuse_objects_by_value(&self, mistakes: &mut Mistakes) {
        let own = &self.ty;
        let own = quote::quote!(#own).to_string();
        let setters = self.attributes.iter().filter_map(|it| it.setter.as_ref());
        let callables = self.methods.iter().chain(&self.associated);
        for callable in callables.chain(&self.constructor).chain(setters) {
            for param in &callable.params {
                let ty = &param.ty;
                let written = quote::quote!(#ty).to_string();
                if written == own || written == "Self" {
                    let message = format!(
                        "an object is not copied into a call: take `Shared<{written}>` for one of this plugin, or \
                         `Proxy` for any"
                    );
                    mistakes.at(ty, &message);
                }
            }
        }
    }

    /// Where Rust says `Self`, or the name of the type, people read the name of the class.
    fn name_self(&mut self) {
        let own = match &self.ty {
            Type::Path(path) => path.path.segments.last(),
            _ => None,
        };
        let own = own.map_or_else(|| "Self".to_owned(), |segment| plain(&segment.ident));
        let name = &self.name;
        let told = |words: &str| types::renamed(words, &["Self", &own], name);
        let attributes = self
            .attributes
            .iter_mut()
            .flat_map(|attribute| attribute.getter.iter_mut());
        let callables = self
            .methods
            .iter_mut()
            .chain(&mut self.associated)
            .chain(&mut self.constructor);
        for callable in callables.chain(attributes) {
            callable.returns = told(&callable.returns);
            for param in &mut callable.params {
                param.words = told(&param.words);
            }
        }
    }
}

fn class_name(ty: &Type, arguments: &ObjectArguments, mistakes: &mut Mistakes) -> String {
    if let Some(name) = &arguments.name {
        return name.value();
    }
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        other => {
            mistakes.at(
                other,
                "`#[object]` goes on the `impl` block of a struct or enum of your own",
            );
            String::new()
        }
    }
}

fn add_method(
    class: &mut Class,
    signature: &mut Signature,
    attributes: MethodAttributes,
    mistakes: &mut Mistakes,
) {
    let role = attributes.role.as_ref().map(|(role, _)| role.clone());
    if role == Some(Role::Skip) {
        return;
    }
    let span = attributes
        .role
        .as_ref()
        .map_or(signature.ident.span(), |(_, span)| *span);
    let name = attributes
        .name
        .as_ref()
        .map_or_else(|| plain(&signature.ident), syn::LitStr::value);
    let Some(callable) = callable(signature, name, attributes.doc, mistakes) else {
        return;
    };
    match role {
        Some(Role::Getter(name)) => add_getter(class, callable, name, span, mistakes),
        Some(Role::Setter(name)) => add_setter(class, callable, name, span, mistakes),
        Some(Role::Value) => {
            if callable.receiver == Receiver::None || !callable.params.is_empty() {
                mistakes.at(span, "the value form takes `&self` and nothing else: `#[value] fn to_data(&self) -> Data`");
            } else if class.value.is_some() {
                mistakes.at(span, "an object has one value form");
            } else {
                class.value = Some(callable);
            }
        }
        Some(Role::Constructor) => add_constructor(class, callable, span, mistakes),
        _ if callable.receiver != Receiver::None => {
            add_callable(&mut class.methods, callable, mistakes)
        }
        // The usual name of a constructor in Rust; `#[name(..)]` makes it an ordinary function.
        _ if callable.name == "new" && class.constructor.is_none() => {
            add_constructor(class, callable, span, mistakes)
        }
        _ => add_callable(&mut class.associated, callable, mistakes),
    }
}

fn add_constructor(
    class: &mut Class,
    mut callable: Callable,
    span: proc_macro2::Span,
    mistakes: &mut Mistakes,
) {
    if callable.receiver != Receiver::None {
        mistakes.at(
            span,
            "a constructor makes the object, so it can not take `self`",
        );
    } else if class
        .constructor
        .as_ref()
        .is_some_and(|known| known.ident != "new")
    {
        mistakes.at(span, "a class has one constructor; the others are associated functions, called by their names");
    } else {
        // A marked constructor takes the place of an unmarked `new`, which then is a function like others.
        callable.name = class.name.clone();
        if let Some(mut new) = class.constructor.replace(callable) {
            new.name = "new".to_owned();
            class.associated.push(new);
        }
    }
}

fn add_getter(
    class: &mut Class,
    callable: Callable,
    name: Option<String>,
    span: proc_macro2::Span,
    mistakes: &mut Mistakes,
) {
    if callable.receiver == Receiver::None || !callable.params.is_empty() {
        mistakes.at(
            span,
            "a getter takes `&self` and nothing else: `#[getter] fn zoom(&self) -> f64`",
        );
        return;
    }
    let name = name.unwrap_or_else(|| callable.name.clone());
    let attribute = attribute(class, name);
    if attribute.getter.is_some() {
        mistakes.at(span, "this attribute has a getter already");
        return;
    }
    attribute.getter = Some(callable);
}

fn add_setter(
    class: &mut Class,
    callable: Callable,
    name: Option<String>,
    span: proc_macro2::Span,
    mistakes: &mut Mistakes,
) {
    if callable.receiver == Receiver::None || callable.params.len() != 1 {
        mistakes.at(span, "a setter takes `&mut self` and the new value: `#[setter] fn set_zoom(&mut self, zoom: f64)`");
        return;
    }
    let own = callable
        .name
        .strip_prefix("set_")
        .unwrap_or(&callable.name)
        .to_owned();
    let attribute = attribute(class, name.unwrap_or(own));
    if attribute.setter.is_some() {
        mistakes.at(span, "this attribute has a setter already");
        return;
    }
    attribute.setter = Some(callable);
}

fn attribute(class: &mut Class, name: String) -> &mut Attribute {
    let at = class
        .attributes
        .iter()
        .position(|attribute| attribute.name == name)
        .unwrap_or_else(|| {
            class.attributes.push(Attribute {
                name,
                getter: None,
                setter: None,
            });
            class.attributes.len() - 1
        });
    &mut class.attributes[at]
}

fn add_callable(list: &mut Vec<Callable>, callable: Callable, mistakes: &mut Mistakes) {
    if list.iter().any(|known| known.name == callable.name) {
        let message = format!(
            "two methods are called `{}`: rename one with `#[name(\"...\")]`",
            callable.name
        );
        mistakes.at(&callable.ident, &message);
    }
    list.push(callable);
}

/// The function that a free `fn` means.
pub(crate) fn free_function(
    mut function: ItemFn,
    arguments: &ObjectArguments,
) -> Result<(ItemFn, Callable)> {
    let mut mistakes = Mistakes::default();
    let name = arguments
        .name
        .as_ref()
        .map_or_else(|| plain(&function.sig.ident), syn::LitStr::value);
    let doc = parse::doc(&function.attrs);
    let callable = callable(&mut function.sig, name, doc, &mut mistakes);
    match callable {
        Some(callable) => mistakes.finish((function, callable)),
        None => Err(mistakes.into_error().unwrap_or_else(|| {
            syn::Error::new_spanned(&function, "a function that can not be read")
        })),
    }
}

fn callable(
    signature: &mut Signature,
    name: String,
    doc: String,
    mistakes: &mut Mistakes,
) -> Option<Callable> {
    if let Some(token) = &signature.asyncness {
        mistakes.at(
            token,
            "an object's method can not be `async`, since a plugin runs one call at a time: write a plain `fn`",
        );
    }
    if let Some(parameter) = signature
        .generics
        .params
        .iter()
        .find(|p| !matches!(p, syn::GenericParam::Lifetime(_)))
    {
        mistakes.at(
            parameter,
            "a method that is called by name can not be generic: take a concrete type, or `Value`",
        );
    }
    let mut receiver = Receiver::None;
    let mut params: Vec<Param> = Vec::new();
    for (index, input) in signature.inputs.iter_mut().enumerate() {
        match input {
            FnArg::Receiver(own) if own.reference.is_none() || own.colon_token.is_some() => {
                mistakes.at(
                    own,
                    "the object stays where it is: take `&self` or `&mut self`",
                );
            }
            FnArg::Receiver(own) => {
                receiver = if own.mutability.is_some() {
                    Receiver::RefMut
                } else {
                    Receiver::Ref
                };
            }
            FnArg::Typed(argument) if index == 0 && is_this(argument) => {
                receiver = Receiver::Shared
            }
            FnArg::Typed(argument) => {
                if let Some(param) = param(argument, mistakes) {
                    params.push(param);
                }
            }
        }
    }
    check_order(&params, mistakes);
    let returns = types::returned(&signature.output);
    let output = match &signature.output {
        ReturnType::Default => Output {
            fallible: false,
            span: signature.ident.span(),
        },
        ReturnType::Type(_, ty) => Output {
            fallible: types::is_result(ty),
            span: ty.span(),
        },
    };
    Some(Callable {
        ident: signature.ident.clone(),
        name,
        doc,
        receiver,
        params,
        returns,
        output,
    })
}

/// `this: &Shared<Self>`.
fn is_this(argument: &syn::PatType) -> bool {
    let named = matches!(&*argument.pat, Pat::Ident(pat) if pat.ident == "this");
    named
        && matches!(&*argument.ty, Type::Reference(reference) if matches!(&*reference.elem, Type::Path(path)
            if path.path.segments.last().is_some_and(|segment| segment.ident == "Shared")))
}

fn param(argument: &mut syn::PatType, mistakes: &mut Mistakes) -> Option<Param> {
    let attributes = mistakes.take(parse::arg_attributes(&mut argument.attrs))?;
    let Pat::Ident(pat) = &*argument.pat else {
        mistakes.at(
            &argument.pat,
            "an argument needs a name, by which it can be given: `point: (i64, i64)`",
        );
        return None;
    };
    if let Type::Reference(reference) = &*argument.ty {
        if reference.mutability.is_some() {
            mistakes.at(
                &argument.ty,
                "an argument arrives as a copy: take it by value, and return what changed",
            );
            return None;
        }
        if !is_borrowable(&reference.elem) {
            mistakes.at(
                &argument.ty,
                "only `&str` and `&[u8]` can be borrowed from a message: take it by value",
            );
            return None;
        }
    }
    if let Type::ImplTrait(implied) = &*argument.ty {
        mistakes.at(
            implied,
            "a method that is called by name can not be generic: take a concrete type, or `Value`",
        );
        return None;
    }
    let takes = match (attributes.rest, attributes.keywords, attributes.default) {
        (true, false, None) => Takes::Rest,
        (false, true, None) => Takes::Keywords,
        (false, false, Some(default)) => {
            let shown = default
                .as_ref()
                .map_or_else(|| types::default(&argument.ty), shown);
            Takes::Optional(default, shown)
        }
        (false, false, None) if types::is_option(&argument.ty) => {
            Takes::Optional(None, "null".to_owned())
        }
        (false, false, None) => Takes::Required,
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
    let words = types::words(&argument.ty);
    Some(Param {
        ident: pat.ident.clone(),
        name,
        ty: (*argument.ty).clone(),
        words,
        takes,
    })
}

fn is_borrowable(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.is_ident("str"),
        Type::Slice(slice) => matches!(&*slice.elem, Type::Path(path) if path.path.is_ident("u8")),
        _ => false,
    }
}

fn check_order(params: &[Param], mistakes: &mut Mistakes) {
    let mut optional = false;
    let mut rest = false;
    for (index, param) in params.iter().enumerate() {
        match param.takes {
            Takes::Required if optional && !rest => {
                mistakes.at(
                    &param.ident,
                    "an argument without a default can not follow one that has a default: put it first, or give it one too",
                );
            }
            Takes::Required => {}
            Takes::Optional(..) => optional = true,
            Takes::Rest if rest => mistakes.at(&param.ident, "only one argument can take the rest"),
            Takes::Rest => rest = true,
            Takes::Keywords if index + 1 < params.len() => {
                mistakes.at(
                    &param.ident,
                    "the argument that takes the keywords comes last: put it behind the others",
                );
            }
            Takes::Keywords => {}
        }
    }
}

/// How a default is told to people.
fn shown(expression: &Expr) -> String {
    let text = quote::quote!(#expression).to_string();
    match text.as_str() {
        "None" => "null".to_owned(),
        _ => text
            .replace("String :: new ()", "\"\"")
            .replace(" :: ", "::")
            .replace("- ", "-"),
    }
}

/// An identifier without `r#`.
pub(crate) fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}
