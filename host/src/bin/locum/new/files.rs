//! The files of a new crate, made of templates.
//!
//! The templates are a crate that works, called `demo-plugin`; what is different elsewhere is replaced.

use std::path::Path;

use super::around::Around;
use super::checkout::Checkout;
use super::name::Name;

macro_rules! template {
    ($file:literal) => {
        include_str!(concat!("templates/", $file))
    };
}

/// The files, each by its path in the new directory.
pub(super) fn of(
    name: &Name,
    checkout: Option<&Checkout>,
    around: &Around,
    host: bool,
) -> Vec<(String, String)> {
    let named = |text: &str| {
        text.replace("demo-plugin", &name.package)
            .replace("demo_plugin", &name.module)
    };
    let mut manifest = named(template!("plugin/manifest.toml"))
        .replace("LOCUM_GUEST", &dependency(checkout, "guest-sdk", ""));
    if !matches!(around, Around::Member(_)) {
        manifest.push_str(template!("plugin/workspace.toml"));
    }
    let mut readme = named(template!("plugin/README.md"));
    if let Some(target) = around.target() {
        readme = readme.replace("target/wasm32", &format!("{target}/wasm32"));
    }
    let home = checkout.map(|checkout| checkout.root.join("README.md"));
    let home = home.map_or("https://crates.io/crates/locum".to_owned(), |home| {
        address(&home)
    });
    readme = readme.replace("LOCUM_HOME", &home);
    if host {
        readme.push_str(template!("host/README.part.md"));
    }
    let mut files = vec![
        ("Cargo.toml".to_owned(), manifest),
        ("src/lib.rs".to_owned(), named(template!("plugin/lib.rs"))),
        (
            format!("tests/{}.rs", name.module),
            named(template!("plugin/test.rs")),
        ),
        (
            "plugin.toml".to_owned(),
            named(template!("plugin/plugin.toml")),
        ),
        ("README.md".to_owned(), readme),
        (
            ".gitignore".to_owned(),
            template!("plugin/gitignore").to_owned(),
        ),
    ];
    // With the versions that this Locum was tested with, of which cargo keeps those that are needed.
    let lock = checkout.and_then(Checkout::lock);
    if let (Some(lock), false) = (&lock, matches!(around, Around::Member(_))) {
        files.push(("Cargo.lock".to_owned(), lock.clone()));
    }
    if host {
        let manifest = named(template!("host/manifest.toml")).replace(
            "LOCUM_HOST",
            &dependency(checkout, "host", ", default-features = false"),
        );
        files.push(("host/Cargo.toml".to_owned(), manifest));
        files.push((
            "host/src/main.rs".to_owned(),
            named(template!("host/main.rs")),
        ));
        if let Some(lock) = lock {
            files.push(("host/Cargo.lock".to_owned(), lock));
        }
    }
    files
}

/// What a crate of Locum's is, as a dependency.
fn dependency(checkout: Option<&Checkout>, part: &str, more: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match checkout {
        Some(checkout) => format!(
            "{{ path = {}{more} }} # this checkout; of a registry: version = \"{version}\" instead of path",
            checkout.part(part)
        ),
        None => format!(
            "{{ version = \"{version}\"{more} }} # of a checkout: path = \".../{part}\" instead of version"
        ),
    }
}

/// A file as a link in Markdown leads to it.
fn address(file: &Path) -> String {
    format!(
        "<{}>",
        file.to_string_lossy().replace(['<', '>', '\n'], "_")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_templates_name_is_left() {
        let name = Name::check("word-counts").unwrap();
        for checkout in [None, Checkout::of_this_build()] {
            let files = of(&name, checkout.as_ref(), &Around::Nothing, true);
            for (file, content) in files.iter().filter(|(file, _)| !file.ends_with(".lock")) {
                for token in ["demo", "LOCUM_"] {
                    assert!(!content.contains(token), "{token} in {file}");
                }
            }
        }
    }

    #[test]
    fn manifests_are_toml_with_the_dependency_that_was_chosen() {
        let name = Name::check("counts").unwrap();
        let checkout = Checkout {
            root: "/a \"quoted\" place".into(),
        };
        for (checkout, key, value) in [
            (None, "version", env!("CARGO_PKG_VERSION")),
            (Some(&checkout), "path", "/a \"quoted\" place/host"),
        ] {
            let files = of(&name, checkout, &Around::Nothing, true);
            let (_, manifest) = files
                .iter()
                .find(|(file, _)| file == "host/Cargo.toml")
                .unwrap();
            let manifest: toml::Table = toml::from_str(manifest).unwrap();
            assert_eq!(manifest["dependencies"]["locum"][key].as_str(), Some(value));
            assert!(manifest.contains_key("workspace"));
        }
    }

    #[test]
    fn a_member_of_a_workspace_has_no_profiles_and_no_workspace_of_its_own() {
        let name = Name::check("counts").unwrap();
        let around = Around::Member("/outer".into());
        let files = of(&name, None, &around, false);
        assert!(!files.iter().any(|(file, _)| file == "Cargo.lock"));
        let (_, manifest) = files.iter().find(|(file, _)| file == "Cargo.toml").unwrap();
        let manifest: toml::Table = toml::from_str(manifest).unwrap();
        assert!(!manifest.contains_key("workspace") && !manifest.contains_key("profile"));
    }
}
