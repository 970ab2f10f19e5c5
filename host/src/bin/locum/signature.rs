//! Functions, classes and attributes as one reads them: `pop(index: int = -1) -> any`.
//!
//! All of it comes from a plugin, so each piece is escaped.

use locum::describe::{AttributeInfo, FunctionInfo, ParamInfo, Takes};

use super::escape::line;

/// `name(params) -> returns`.
pub(crate) fn function(function: &FunctionInfo) -> String {
    call(&function.name, function) + &returns(&function.returns)
}

/// `name(params)`, for a constructor, which returns what it is named after.
pub(crate) fn call(name: &str, function: &FunctionInfo) -> String {
    let params: Vec<String> = function.params.iter().map(param).collect();
    format!("{}({})", line(name), params.join(", "))
}

/// `name: type`, and whether it can not be set.
pub(crate) fn attribute(attribute: &AttributeInfo) -> String {
    let read_only = if attribute.settable {
        ""
    } else {
        "  (read only)"
    };
    format!(
        "{}{}{read_only}",
        line(&attribute.name),
        typed(&attribute.type_name)
    )
}

/// `NAME: type`, which nobody expects to be set.
pub(crate) fn constant(constant: &AttributeInfo) -> String {
    format!("{}{}", line(&constant.name), typed(&constant.type_name))
}

/// Whether a method is one of those that operators and functions of a language stand for, as `__len__` is.
pub(crate) fn is_special(method: &FunctionInfo) -> bool {
    method.name.starts_with("__") && method.name.ends_with("__")
}

fn param(param: &ParamInfo) -> String {
    let stars = match param.takes {
        Takes::One => "",
        Takes::Rest => "*",
        Takes::Keywords => "**",
    };
    // What one of the arguments is, rather than what all of them are put into.
    let type_name = match param.takes {
        Takes::One => &param.type_name,
        Takes::Rest => inside(&param.type_name, "list[", "list"),
        Takes::Keywords => inside(&param.type_name, "map[text, ", "map"),
    };
    let default = match &param.default {
        Some(default) => format!(" = {}", line(default)),
        None => String::new(),
    };
    format!("{stars}{}{}{default}", line(&param.name), typed(type_name))
}

fn inside<'a>(type_name: &'a str, start: &str, bare: &str) -> &'a str {
    let inner = type_name
        .strip_prefix(start)
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(if type_name == bare { "" } else { type_name })
}

fn typed(type_name: &str) -> String {
    if type_name.is_empty() {
        String::new()
    } else {
        format!(": {}", line(type_name))
    }
}

fn returns(type_name: &str) -> String {
    if type_name.is_empty() {
        String::new()
    } else {
        format!(" -> {}", line(type_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(
        name: &'static str,
        type_name: &'static str,
        default: Option<&'static str>,
        takes: Takes,
    ) -> ParamInfo {
        ParamInfo {
            name: name.into(),
            type_name: type_name.into(),
            default: default.map(Into::into),
            takes,
        }
    }

    #[test]
    fn a_function_reads_as_it_is_called() {
        let params = vec![
            param("index", "int", Some("-1"), Takes::One),
            param("rest", "list[list[int]]", None, Takes::Rest),
            param("more", "map", None, Takes::Keywords),
        ];
        let info = FunctionInfo {
            name: "pop".into(),
            params: params.into(),
            returns: "any".into(),
            ..Default::default()
        };
        assert_eq!(
            function(&info),
            "pop(index: int = -1, *rest: list[int], **more) -> any"
        );
        assert_eq!(
            function(&FunctionInfo {
                name: "clear".into(),
                ..Default::default()
            }),
            "clear()"
        );
    }

    #[test]
    fn what_a_plugin_says_does_not_reach_the_terminal_raw() {
        let info = FunctionInfo {
            name: "a\x1b[2J".into(),
            returns: "b\nc".into(),
            ..Default::default()
        };
        assert_eq!(function(&info), "a\\x1b[2J() -> b\\nc");
    }
}
