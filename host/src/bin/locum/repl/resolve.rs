//! What a name stands for, without evaluating anything: from the variables, and from what plugins tell about themselves.

use locum::describe::{AttributeInfo, ClassInfo, FunctionInfo, ModuleInfo};
use locum::expr::{self, Interpreter, Modules};
use locum::{Value, ops};

use crate::session::Session;
use crate::tools;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    /// What modules lie below, or a module of which nothing else is known.
    Package(String),
    Module(ModuleInfo),
    Class(ClassInfo),
    /// An object, by its class.
    Object(ClassInfo),
    Function(FunctionInfo),
    Attribute(AttributeInfo),
    /// Data, and the names of its methods.
    Data(String, &'static [&'static str]),
    /// A function of the language.
    Builtin(String),
}

/// Looks up names in a session and the variables of its interpreter.
#[derive(Clone)]
pub(super) struct Resolver {
    session: Session,
    interpreter: Interpreter,
}

impl Resolver {
    pub(super) fn new(session: &Session, interpreter: &Interpreter) -> Resolver {
        Resolver {
            session: session.clone(),
            interpreter: interpreter.clone(),
        }
    }

    /// What `a.b.c` stands for.
    pub(super) fn chain(&self, names: &[&str]) -> Option<Thing> {
        let (first, rest) = names.split_first()?;
        let mut thing = self.first(first)?;
        for name in rest {
            thing = self.member(&thing, name)?;
        }
        Some(thing)
    }

    /// Every name that may stand at the beginning.
    pub(super) fn firsts(&self) -> Vec<String> {
        let mut names = self.interpreter.names();
        names.extend(expr::builtin_names().map(str::to_owned));
        names.extend(expr::KEYWORDS.iter().map(|word| word.to_string()));
        for (module, members) in self.contents() {
            names.push(module.split('.').next().unwrap_or_default().to_owned());
            names.extend(members);
        }
        names
    }

    /// The names that may follow a dot.
    pub(super) fn members(&self, thing: &Thing) -> Vec<String> {
        let names = |functions: &[FunctionInfo]| -> Vec<String> {
            functions.iter().map(|it| it.name.to_string()).collect()
        };
        match thing {
            Thing::Package(name) => self.below(name),
            Thing::Module(module) => {
                let classes = module.classes.iter().map(|it| it.name.to_string());
                let constants = module.constants.iter().map(|it| it.name.to_string());
                let functions = names(&module.functions);
                let members = classes.chain(constants).chain(functions);
                members.chain(self.below(&module.name)).collect()
            }
            Thing::Class(class) => names(&class.associated),
            Thing::Object(class) => class.attribute_names().map(str::to_owned).collect(),
            Thing::Attribute(attribute) => match self.session.class(&attribute.type_name, None) {
                Some(class) => self.members(&Thing::Object(class)),
                None => Vec::new(),
            },
            Thing::Data(_, methods) => methods.iter().map(|it| it.to_string()).collect(),
            Thing::Function(_) | Thing::Builtin(_) => Vec::new(),
        }
    }

    /// What the function of a chain, when it is called, takes.
    pub(super) fn parameters(&self, names: &[&str]) -> Vec<String> {
        let function = match self.chain(names) {
            Some(Thing::Function(function)) => function,
            Some(Thing::Class(class)) => match class.constructor {
                Some(constructor) => constructor.into_owned(),
                None => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let one = function
            .params
            .iter()
            .filter(|param| param.takes == locum::describe::Takes::One);
        one.map(|param| format!("{}=", param.name)).collect()
    }

    fn first(&self, name: &str) -> Option<Thing> {
        if let Some(value) = self.interpreter.get(name) {
            return Some(self.value(&value));
        }
        if let Some(module) = self.interpreter.module(name) {
            return self.module(&module);
        }
        if expr::builtin_names().any(|builtin| builtin == name) {
            return Some(Thing::Builtin(name.to_owned()));
        }
        if let Some(module) = self.module(name) {
            return Some(module);
        }
        let contents = self.contents();
        let mut homes = contents
            .iter()
            .filter(|(_, members)| members.iter().any(|it| it == name));
        match (homes.next(), homes.next()) {
            (Some((home, _)), None) => self.member(&self.module(home)?, name),
            _ => None,
        }
    }

    fn value(&self, value: &Value) -> Thing {
        match value {
            Value::Object(proxy) => {
                let plugin = proxy.peer().map(|peer| peer.name().to_owned());
                let known = self.session.class(proxy.type_name(), plugin.as_deref());
                match known.or_else(|| proxy.describe().ok()) {
                    Some(class) => Thing::Object(class),
                    None => Thing::Data(proxy.type_name().to_owned(), &[]),
                }
            }
            data => Thing::Data(data.type_name().to_owned(), ops::method_names(data)),
        }
    }

    fn module(&self, name: &str) -> Option<Thing> {
        if name == tools::MODULE {
            return Some(Thing::Module(tools::module().info().clone()));
        }
        match self.session.module(name) {
            Some(mut module) => {
                // The name that it has here.
                module.name = name.to_owned().into();
                Some(Thing::Module(module))
            }
            None if !self.below(name).is_empty() => Some(Thing::Package(name.to_owned())),
            None => None,
        }
    }

    fn member(&self, thing: &Thing, name: &str) -> Option<Thing> {
        let function = |functions: &[FunctionInfo]| {
            let found = functions.iter().find(|it| it.name == name);
            found.cloned().map(Thing::Function)
        };
        match thing {
            Thing::Package(package) => self.module(&format!("{package}.{name}")),
            Thing::Module(module) => {
                let class = module.classes.iter().find(|it| it.name == name).cloned();
                let constant = module.constants.iter().find(|it| it.name == name).cloned();
                class
                    .map(Thing::Class)
                    .or_else(|| function(&module.functions))
                    .or(constant.map(Thing::Attribute))
                    .or_else(|| self.module(&format!("{}.{name}", module.name)))
            }
            Thing::Class(class) => function(&class.associated),
            Thing::Object(class) => {
                let attribute = class.attributes.iter().find(|it| it.name == name).cloned();
                function(&class.methods).or(attribute.map(Thing::Attribute))
            }
            Thing::Attribute(attribute) => {
                let class = self.session.class(&attribute.type_name, None)?;
                self.member(&Thing::Object(class), name)
            }
            Thing::Data(..) | Thing::Function(_) | Thing::Builtin(_) => None,
        }
    }

    /// The next names of modules below that name.
    fn below(&self, name: &str) -> Vec<String> {
        let contents = self.contents();
        let below = contents.iter().filter_map(|(module, _)| {
            let rest = module.strip_prefix(name)?.strip_prefix('.')?;
            rest.split('.').next().map(str::to_owned)
        });
        below.collect()
    }

    fn contents(&self) -> Vec<(String, Vec<String>)> {
        self.session.contents().unwrap_or_default()
    }
}
