//! What is written of what a plugin tells, and what is not.

use std::borrow::Cow;

use super::*;
use crate::Kind;
use crate::describe::{AttributeInfo, ClassInfo, FunctionInfo, ParamInfo, Takes};

fn param(name: &'static str, type_name: &'static str, default: Option<&'static str>) -> ParamInfo {
    ParamInfo {
        name: name.into(),
        type_name: type_name.into(),
        default: default.map(Into::into),
        takes: Takes::One,
    }
}

fn function(name: &'static str, params: Vec<ParamInfo>, returns: &'static str) -> FunctionInfo {
    FunctionInfo {
        name: name.into(),
        doc: "Does it.".into(),
        params: params.into(),
        returns: returns.into(),
    }
}

fn attribute(name: &'static str, type_name: &'static str) -> AttributeInfo {
    AttributeInfo {
        name: name.into(),
        type_name: type_name.into(),
        ..AttributeInfo::default()
    }
}

fn class(name: &'static str, methods: Vec<FunctionInfo>) -> ClassInfo {
    ClassInfo {
        name: name.into(),
        methods: methods.into(),
        ..ClassInfo::default()
    }
}

fn module(name: &'static str, classes: Vec<ClassInfo>, functions: Vec<FunctionInfo>) -> ModuleInfo {
    ModuleInfo {
        name: name.into(),
        classes: classes.into(),
        functions: functions.into(),
        ..ModuleInfo::default()
    }
}

fn bindings(modules: Vec<ModuleInfo>) -> Bindings {
    let plugin = PluginInfo {
        name: "p".into(),
        version: "1".into(),
        modules: modules.into(),
        ..PluginInfo::default()
    };
    Bindgen::new(&plugin)
        .write()
        .expect("there is something to write")
}

/// The bindings of one module `m` with these functions; each is one that has text.
#[track_caller]
fn written(functions: Vec<FunctionInfo>, expected: &[&str]) {
    let bindings = bindings(vec![module("m", vec![class("list", vec![])], functions)]);
    assert_eq!(bindings.left_out, [""; 0]);
    for line in expected {
        assert!(
            bindings.source.contains(line),
            "no {line:?} in {}",
            bindings.source
        );
    }
}

#[test]
fn words_become_the_types_of_rust() {
    for (words, returned, taken) in [
        ("", "()", "impl Serialize"),
        ("int", "i64", "i64"),
        ("float", "f64", "f64"),
        ("text", "String", "&str"),
        ("bytes", "Bytes", "&Bytes"),
        ("any", "Value", "impl Serialize"),
        ("object", "Proxy", "&Proxy"),
        ("list[float]", "Vec<f64>", "&[f64]"),
        // A class of this plugin.
        ("list", "ListProxy", "&ListProxy"),
        ("iterator", "Items<Value>", "&Items<Value>"),
        (
            "list[text or null]",
            "Vec<Option<String>>",
            "&[Option<String>]",
        ),
        (
            "map[text, list[int]]",
            "HashMap<String, Vec<i64>>",
            "&HashMap<String, Vec<i64>>",
        ),
        ("map[float, int]", "Map", "&Map"),
        (
            "[int, [text, bool]]",
            "(i64, (String, bool))",
            "(i64, (String, bool))",
        ),
        ("text or null", "Option<String>", "Option<&str>"),
        ("iterator[list]", "Items<ListProxy>", "&Items<ListProxy>"),
        ("Unknown", "Value", "impl Serialize"),
        ("array[f64]", "Array<f64>", "&Array<f64>"),
        ("array[f16]", "Value", "impl Serialize"),
        ("list[Unknown]", "Vec<Value>", "&[Value]"),
        ("fn() -> !", "Value", "impl Serialize"),
        ("list[int", "Value", "impl Serialize"),
        ("set[int]", "Value", "impl Serialize"),
    ] {
        let line = format!("fn f(&self, a: {taken}) -> Result<{returned}>;");
        written(
            vec![function("f", vec![param("a", words, None)], words)],
            &[&line],
        );
    }
}

#[test]
fn arguments_with_a_default_are_options() {
    let params = vec![
        param("by", "int", Some("1")),
        param("to", "text or null", Some("null")),
        param("type", "any", Some("0")),
    ];
    let expected = "        #[arg(default)] by: Option<i64>,\n        #[arg(default)] to: Option<&str>,\n        \
                    #[arg(default)] r#type: Option<&Value>,\n    ) -> Result<()>;";
    let docs = "    /// `add_to_it_all(by: int = 1, to: text or null = null, type: any = 0)`\n";
    written(
        vec![function("add_to_it_all", params, "")],
        &[expected, docs],
    );
}

#[test]
fn names_are_those_that_rust_would_have() {
    let functions = vec![
        function("addItem", vec![param("theItem", "int", None)], ""),
        function("match", vec![], ""),
        function("self", vec![], ""),
        function("start", vec![], ""),
        function("start_match", vec![], ""),
        function("clone", vec![], ""),
    ];
    written(
        functions,
        &[
            "#[name(\"addItem\")]\n    fn add_item(&self, #[arg(name = \"theItem\")] the_item: i64) -> Result<()>;",
            "    /// Does it.\n    fn r#match(&self)",
            "#[name(\"self\")]\n    fn self_(&self)",
            "    /// Does it.\n    fn start(&self)",
            "#[name(\"start_match\")]\n    fn start_match_(&self)",
            "#[name(\"clone\")]\n    fn clone_(&self)",
        ],
    );
}

#[test]
fn traits_that_would_be_called_the_same_have_two_names() {
    let modules = vec![
        module(
            "shapes",
            vec![class("Circle", vec![]), class("Shapes", vec![])],
            vec![],
        ),
        module(
            "flat",
            vec![class("Circle", vec![])],
            vec![function("f", vec![], "Circle")],
        ),
        module(
            "other",
            vec![class("CircleProxy", vec![])],
            vec![function("g", vec![], "Circle")],
        ),
    ];
    let source = bindings(modules).source;
    for line in [
        "pub trait Circle {}",
        "pub trait FlatCircle {}",
        "pub trait OtherCircleProxy {}",
        "pub trait Shapes {}",
        "#[proxy(module = \"shapes\")]\npub trait ShapesModule {}",
        // Its own module's; and where two could be meant, any.
        "fn f(&self) -> Result<FlatCircleProxy>;",
        "fn g(&self) -> Result<Value>;",
    ] {
        assert!(source.contains(line), "no {line:?} in {source}");
    }
}

#[test]
fn a_class_that_is_called_as_a_type_of_rust_hides_none() {
    let methods = vec![
        function(
            "get",
            vec![param("key", "text or null", None)],
            "any or null",
        ),
        function("string", vec![], "text"),
    ];
    let classes = vec![
        class("Value", methods),
        class("Option", vec![]),
        class("String", vec![]),
    ];
    let source = bindings(vec![module("m", classes, vec![])]).source;
    assert!(source.contains("use locum::{Result, proxy};"), "{source}");
    for line in [
        "fn get(&self, key: std::option::Option<&str>) -> Result<std::option::Option<locum::Value>>;",
        "fn string(&self) -> Result<std::string::String>;",
        "pub trait Value {",
    ] {
        assert!(source.contains(line), "no {line:?} in {source}");
    }
}

#[test]
fn special_methods_are_renamed_and_those_of_expressions_left_to_them() {
    let names = [
        "__len__",
        "__add__",
        "__iadd__",
        "__radd__",
        "__str__",
        "__getattr__",
        "add",
    ];
    let methods = names.map(|name| function(name, vec![], "int"));
    let source = bindings(vec![module(
        "m",
        vec![class("c", methods.to_vec())],
        vec![],
    )])
    .source;
    for line in [
        "#[name(\"__len__\")]\n    fn len(",
        "fn add(",
        "#[name(\"__add__\")]\n    fn add_(",
        "fn add_assign(",
    ] {
        assert!(source.contains(line), "no {line:?} in {source}");
    }
    assert!(
        !["radd", "str", "getattr"]
            .iter()
            .any(|name| source.contains(name)),
        "{source}"
    );
}

#[test]
fn what_has_no_name_in_rust_is_left_out_and_told() {
    let mut rest = param("a", "list[int]", None);
    rest.takes = Takes::Rest;
    let functions = vec![
        function("good", vec![], ""),
        function("good", vec![], "int"),
        function("a-b", vec![], ""),
        function("a.b", vec![], ""),
        function("x(&self); fn evil", vec![], ""),
        function("f", vec![param("a b", "int", None)], ""),
        function("g", vec![rest.clone(), rest], ""),
        function("\u{430}dd", vec![], ""),
    ];
    let mut first = module(
        "m",
        vec![class("a b", vec![]), class("C", vec![]), class("C", vec![])],
        functions,
    );
    first.constants = vec![attribute("\n}", "int")].into();
    let bindings = bindings(vec![
        first,
        module("a/b", vec![], vec![]),
        module("m\"]", vec![], vec![]),
    ]);
    assert_eq!(
        bindings.left_out,
        [
            "`m.a b` is left out: its name is no identifier, or is there twice.",
            "`m.C` is left out: its name is no identifier, or is there twice.",
            "`a/b` is left out: its name is no identifier, or is there twice.",
            "`m\"]` is left out: its name is no identifier, or is there twice.",
            "`m.good` is left out: its name is no identifier, or is there twice.",
            "`m.a-b` is left out: its name is no identifier, or is there twice.",
            "`m.a.b` is left out: its name is no identifier, or is there twice.",
            "`m.x(&self); fn evil` is left out: its name is no identifier, or is there twice.",
            "`m.f` is left out: the name of its argument 1 is no identifier.",
            "`m.g` is left out: two of its arguments take the rest.",
            "`m.\u{430}dd` is left out: its name is no identifier, or is there twice.",
            "`m.\\u{a}}` is left out: its name is no identifier, or is there twice.",
        ]
    );
    for sentence in &bindings.left_out {
        assert!(
            bindings.source.contains(&format!("// {sentence}\n")),
            "{sentence}"
        );
    }
    let code: Vec<&str> = bindings
        .source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//") && !line.is_empty())
        .collect();
    assert_eq!(
        code,
        [
            "use locum::{Result, proxy};",
            "#[proxy(module = \"m\")]",
            "pub trait M {",
            "    fn good(&self) -> Result<()>;",
            "}",
            "#[proxy]",
            "pub trait C {}",
        ]
    );
}

#[test]
fn what_a_plugin_says_stays_in_comments() {
    let evil = "a\n*/ fn evil() {}\r\n#![evil]\u{2028}evil\n```\nevil()\n```\n\n    evil()";
    let mut class = class(
        "C",
        vec![function(
            "f",
            vec![param("a", "`\nevil`", Some("`\n*/"))],
            "\nevil",
        )],
    );
    class.doc = Cow::Borrowed(evil);
    class.attributes = vec![attribute("x", "int\nevil")].into();
    let mut module = module("m", vec![class], vec![]);
    module.doc = Cow::Borrowed(evil);
    let plugin = PluginInfo {
        name: "p\nevil".into(),
        version: "1\rfn evil() {}".into(),
        modules: vec![module].into(),
        ..PluginInfo::default()
    };
    let bindings = Bindgen::new(&plugin)
        .from_file("a\nevil.wasm")
        .write()
        .unwrap();
    let stray = |line: &&str| line.contains("evil") && !line.trim_start().starts_with("//");
    assert_eq!(bindings.source.lines().find(stray), None);
    assert_eq!(bindings.source.matches('\r').count(), 0);
}

#[test]
fn types_that_are_too_deep_are_anything() {
    let deep = "list[".repeat(100_000) + &"]".repeat(100_000);
    let info = FunctionInfo {
        returns: deep.into(),
        ..function("f", vec![], "")
    };
    let source = bindings(vec![module("m", vec![], vec![info])]).source;
    assert!(
        source.contains("Vec<Value>>>>>>>>>>>>>>>>>"),
        "{source:.500}"
    );
}

#[test]
fn a_module_that_is_not_there_is_an_error_and_so_is_nothing() {
    let plugin = PluginInfo {
        modules: vec![module("one", vec![], vec![]), module("two", vec![], vec![])].into(),
        ..PluginInfo::default()
    };
    let source = Bindgen::new(&plugin)
        .modules(["two"])
        .write()
        .unwrap()
        .source;
    assert!(source.contains("trait Two") && !source.contains("trait One"));
    let error = Bindgen::new(&plugin).modules(["tow"]).write().unwrap_err();
    assert_eq!(error.kind(), Kind::NoSuchModule);
    let error = Bindgen::new(&PluginInfo::default()).write().unwrap_err();
    assert!(error.message().contains("describes no modules"), "{error}");
}
