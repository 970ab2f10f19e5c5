//! Rust's types in Locum's words, for `describe`.

use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// `list[int]` for `Vec<i64>`; empty for nothing.
pub(crate) fn words(ty: &Type) -> String {
    match ty {
        Type::Reference(reference) => words(&reference.elem),
        Type::Paren(inner) => words(&inner.elem),
        Type::Group(inner) => words(&inner.elem),
        Type::Slice(slice) => list(&slice.elem),
        Type::Array(array) => list(&array.elem),
        Type::Tuple(tuple) if tuple.elems.is_empty() => String::new(),
        Type::Tuple(tuple) => format!(
            "[{}]",
            tuple.elems.iter().map(words).collect::<Vec<_>>().join(", ")
        ),
        Type::Path(path) => match path.path.segments.last() {
            Some(segment) => named(&segment.ident.to_string(), &arguments(&segment.arguments)),
            None => "any".to_owned(),
        },
        _ => "any".to_owned(),
    }
}

/// Words in which a type of any of these names is called by another.
pub(crate) fn renamed(words: &str, names: &[&str], name: &str) -> String {
    let mut told = String::with_capacity(words.len());
    let mut rest = words;
    while !rest.is_empty() {
        let in_word = |c: char| c.is_alphanumeric() || c == '_';
        let len = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
        let word = &rest[..len];
        told.push_str(if names.contains(&word) { name } else { word });
        let after = rest[len..].find(in_word).map_or(rest.len(), |at| len + at);
        told.push_str(&rest[len..after]);
        rest = &rest[after..];
    }
    told
}

/// How the default of a type is told to people.
pub(crate) fn default(ty: &Type) -> String {
    let words = words(ty);
    match words.split('[').next().unwrap_or("") {
        "int" => "0",
        "float" => "0.0",
        "bool" => "false",
        "text" => "\"\"",
        "bytes" => "b\"\"",
        "list" => "[]",
        "map" => "{}",
        "array" => "array([])",
        "any" => "null",
        _ => "default",
    }
    .to_owned()
}

/// The words of what a function returns; `Result` is not told, since every call can fail.
pub(crate) fn returned(output: &ReturnType) -> String {
    match output {
        ReturnType::Default => String::new(),
        ReturnType::Type(_, ty) => match success(ty) {
            Some(inner) => words(&inner),
            None => words(ty),
        },
    }
}

/// `T` of a `Result<T, E>`.
pub(crate) fn success(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    if segment.ident != "Result" {
        return None;
    }
    arguments(&segment.arguments).into_iter().next()
}

/// Whether it is spelled `Result`, with or without its types.
pub(crate) fn is_result(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Result"))
}

/// Whether it is spelled `Option<..>`: such a parameter may be left out.
pub(crate) fn is_option(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}

fn arguments(arguments: &PathArguments) -> Vec<Type> {
    match arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn list(element: &Type) -> String {
    match words(element).as_str() {
        "int" if is_byte(element) => "bytes".to_owned(),
        element => format!("list[{element}]"),
    }
}

/// The Rust name of a type, as arrays have it.
fn element(ty: &Type) -> String {
    let name = match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    name.map_or_else(|| "any".to_owned(), |segment| segment.ident.to_string())
}

fn is_byte(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("u8"))
}

fn named(name: &str, inner: &[Type]) -> String {
    let word = |index: usize| inner.get(index).map_or_else(|| "any".to_owned(), words);
    match name {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" => "int".into(),
        "f32" | "f64" => "float".into(),
        "bool" => "bool".into(),
        "str" | "String" | "char" => "text".into(),
        "Bytes" => "bytes".into(),
        "Slice" => "slice".into(),
        // By its Rust name: of another element type it is refused.
        "Array" if !inner.is_empty() => format!("array[{}]", element(&inner[0])),
        "AnyArray" => "array".into(),
        "Value" => "any".into(),
        "Map" => "map".into(),
        "Proxy" | "ObjectRef" | "Outcome" => "object".into(),
        "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "IndexSet" => match inner.first() {
            Some(element) => list(element),
            None => "list".into(),
        },
        "HashMap" | "BTreeMap" | "IndexMap" => format!("map[{}, {}]", word(0), word(1)),
        "Option" => format!("{} or null", word(0)),
        "Items" => format!("iterator[{}]", word(0)),
        "Box" | "Arc" | "Rc" | "Cow" | "Shared" => {
            inner.first().map_or_else(|| "any".to_owned(), words)
        }
        // A view, by what it is a view of.
        other => other
            .strip_suffix("Proxy")
            .filter(|viewed| !viewed.is_empty())
            .unwrap_or(other)
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ty: &str) -> String {
        words(&syn::parse_str(ty).unwrap())
    }

    #[test]
    fn types_are_told_in_the_words_of_no_language() {
        assert_eq!(told("Vec<i64>"), "list[int]");
        assert_eq!(told("HashMap<String, Vec<u8>>"), "map[text, bytes]");
        assert_eq!(told("Option<(f64, &str)>"), "[float, text] or null");
        assert_eq!(told("Items<Value>"), "iterator[any]");
        assert_eq!(told("Shared<Camera>"), "Camera");
        assert_eq!(
            told("CameraProxy"),
            "Camera",
            "a view, by what it is a view of"
        );
        assert_eq!(told("Proxy"), "object");
    }

    #[test]
    fn whole_words_are_renamed() {
        assert_eq!(renamed("list[Set]", &["Self", "Set"], "set"), "list[set]");
        assert_eq!(
            renamed("map[text, Settings]", &["Self", "Set"], "set"),
            "map[text, Settings]"
        );
        assert_eq!(renamed("Self or null", &["Self"], "List"), "List or null");
    }
}
