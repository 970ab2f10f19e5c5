//! The workspace that a new crate would lie in.
//!
//! Cargo refuses a crate in a workspace's directory that is neither a member nor a workspace itself. So a new crate is a
//! workspace of its own, unless the `members` of the one around it match it already, when that would be refused.

use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

/// What is around a new crate.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// No workspace.
    Nothing,
    /// The workspace with its root in this directory, of which it is no member.
    Apart(PathBuf),
    /// The workspace with its root in this directory, whose `members` match it.
    Member(PathBuf),
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Option<Workspace>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workspace {
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Around {
    /// What is around a directory that is yet to be made.
    pub(super) fn of(directory: &Path) -> Around {
        let Some(directory) = absolute(directory) else {
            return Around::Nothing;
        };
        for root in directory.ancestors().skip(1) {
            let manifest = fs::read_to_string(root.join("Cargo.toml")).ok();
            let manifest = manifest.and_then(|text| toml::from_str::<Manifest>(&text).ok());
            let Some(workspace) = manifest.and_then(|manifest| manifest.workspace) else {
                continue;
            };
            let within = directory.strip_prefix(root).unwrap_or(&directory);
            let is_in = |patterns: &[String]| patterns.iter().any(|it| matches(it, within));
            let is_excluded = workspace
                .exclude
                .iter()
                .any(|excluded| within.starts_with(excluded));
            return if is_in(&workspace.members) && !is_excluded {
                Around::Member(root.to_owned())
            } else {
                Around::Apart(root.to_owned())
            };
        }
        Around::Nothing
    }

    /// The target directory of the workspace that it is a member of.
    pub(super) fn target(&self) -> Option<String> {
        match self {
            Around::Member(root) => Some(root.join("target").display().to_string()),
            _ => None,
        }
    }
}

/// The path from the root, without looking at what is there.
fn absolute(path: &Path) -> Option<PathBuf> {
    let mut absolute = env::current_dir().ok()?;
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    Some(absolute)
}

/// Whether a pattern of `members` matches a path: each part the other, where `*` stands for any letters.
fn matches(pattern: &str, path: &Path) -> bool {
    let path: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let pattern: Vec<&str> = pattern
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
        .collect();
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(pattern, part)| matches_part(pattern, part))
}

fn matches_part(pattern: &str, part: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == part;
    };
    let Some(rest) = part.strip_prefix(before) else {
        return false;
    };
    let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.into_iter()
        .any(|at| matches_part(after, rest.get(at..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_members_match_as_cargo_has_them() {
        for (pattern, path, does) in [
            ("plugins/*", "plugins/a", true),
            ("./plugins/*/", "plugins/a", true),
            ("plugins/*", "plugins/a/b", false),
            ("plugins/*", "plugins", false),
            ("p*s/a*c", "plugins/abc", true),
            ("a", "a", true),
            ("a", "b", false),
            ("*", "a", true),
        ] {
            assert_eq!(matches(pattern, Path::new(path)), does, "{pattern} {path}");
        }
    }

    #[test]
    fn the_nearest_workspace_counts() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().canonicalize().unwrap();
        fs::write(root.join("Cargo.toml"), "[package]\nname = \"a\"").unwrap();
        let inner = root.join("inner");
        fs::create_dir(&inner).unwrap();
        let manifest = "[workspace]\nmembers = [\"plugins/*\"]\nexclude = [\"plugins/old\"]";
        fs::write(inner.join("Cargo.toml"), manifest).unwrap();
        assert_eq!(
            Around::of(&inner.join("plugins/x")),
            Around::Member(inner.clone())
        );
        assert_eq!(
            Around::of(&inner.join("plugins/old")),
            Around::Apart(inner.clone())
        );
        assert_eq!(
            Around::of(&inner.join("x/../y")),
            Around::Apart(inner.clone())
        );
        assert_ne!(Around::of(&root.join("x")), Around::Member(root.clone()));
    }
}
