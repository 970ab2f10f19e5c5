//! The crate of a plugin, and cargo for it.

use std::env;
use std::ffi::OsString;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{CrateType, Error, Message, Metadata, MetadataCommand, Package, PackageId};
use serde::Deserialize;

use super::CargoArgs;
use super::target::TARGET;
use crate::failure::Failure;
use crate::out;

/// The profile that plugins are built with.
const PROFILE: &str = "plugin";

/// What that is where the workspace does not say.
const SETTINGS: [&str; 6] = [
    "inherits=\"release\"",
    "lto=true",
    "codegen-units=1",
    "panic=\"abort\"",
    "debug=false",
    "strip=\"debuginfo\"",
];

/// A plugin's crate.
pub(crate) struct Cargo {
    manifest: PathBuf,
    directory: PathBuf,
    arguments: CargoArgs,
    pub(super) package: String,
    pub(super) version: String,
    id: PackageId,
    /// Whether the workspace has a profile for plugins.
    has_profile: bool,
}

impl Cargo {
    /// The crate in a directory, or in the one that this process runs in.
    pub(crate) fn find(path: Option<&Path>, arguments: &CargoArgs) -> Result<Cargo, Failure> {
        let manifest = manifest(path)?;
        let metadata = metadata(&manifest)?;
        let package = choose(&metadata, &manifest, arguments.package.as_deref())?;
        let is_cdylib = |package: &Package| {
            let crate_types = package
                .targets
                .iter()
                .flat_map(|target| &target.crate_types);
            crate_types.into_iter().any(|it| *it == CrateType::CDyLib)
        };
        if !is_cdylib(package) {
            return Err(Failure::Usage(format!(
                "`{}` is no plugin: its library is no `cdylib`; write `[lib]` and `crate-type = [\"cdylib\", \"rlib\"]` \
                 in {}, or make a plugin with `locum new NAME`",
                package.name, package.manifest_path
            )));
        }
        Ok(Cargo {
            has_profile: has_profile(metadata.workspace_root.as_std_path()),
            package: package.name.to_string(),
            version: package.version.to_string(),
            id: package.id.clone(),
            directory: package
                .manifest_path
                .parent()
                .map(PathBuf::from)
                .unwrap_or_default(),
            arguments: arguments.clone(),
            manifest,
        })
    }

    /// Where its manifest lies.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// A command of cargo's for this crate.
    fn command(&self, command: &str) -> Command {
        let mut cargo = Command::new(program());
        cargo
            .arg(command)
            .arg("--manifest-path")
            .arg(&self.manifest)
            .args(["--package", &self.package])
            .stdin(Stdio::null());
        for features in &self.arguments.features {
            cargo.args(["--features", features]);
        }
        let flags = [
            (self.arguments.no_default_features, "--no-default-features"),
            (self.arguments.locked, "--locked"),
            (self.arguments.offline, "--offline"),
        ];
        cargo.args(
            flags
                .iter()
                .filter(|(is_on, _)| *is_on)
                .map(|(_, flag)| flag),
        );
        cargo
    }

    /// Builds the plugin, and gives its file. What cargo says goes where cargo puts it.
    pub(super) fn build(&self, strip: bool, more: &[String]) -> Result<PathBuf, Failure> {
        let mut cargo = self.command("build");
        cargo
            .args(["--lib", "--target", TARGET, "--profile", PROFILE])
            .arg("--message-format=json-render-diagnostics");
        let settings = SETTINGS.iter().filter(|_| !self.has_profile);
        let strip = strip.then_some(&"strip=\"symbols\"");
        for setting in settings.chain(strip) {
            cargo.args(["--config", &format!("profile.{PROFILE}.{setting}")]);
        }
        cargo.args(more);
        let made = self.run(cargo)?;
        let Some(made) = made else {
            return Err(Failure::Usage(format!(
                "`{}` does not build; cargo says why above",
                self.package
            )));
        };
        made.ok_or_else(|| {
            Failure::Usage(format!(
                "cargo built `{}` and made no .wasm file of it; its library must be a `cdylib` for {TARGET}",
                self.package
            ))
        })
    }

    /// Runs cargo to the end; the plugin's file, if cargo succeeds and if there is one.
    fn run(&self, mut cargo: Command) -> Result<Option<Option<PathBuf>>, Failure> {
        let mut child = cargo
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| not_started(&error))?;
        let mut file = None;
        if let Some(stdout) = child.stdout.take() {
            for message in Message::parse_stream(BufReader::new(stdout)).map_while(Result::ok) {
                match message {
                    Message::CompilerArtifact(artifact) if artifact.package_id == self.id => {
                        let mut files = artifact.filenames.into_iter();
                        let wasm = files.find(|file| file.extension() == Some("wasm"));
                        file = wasm.map(PathBuf::from).or(file);
                    }
                    // What macros and build scripts write there is for people.
                    Message::TextLine(line) => out::err(&format!("{line}\n")),
                    _ => {}
                }
            }
        }
        let ended = child.wait().map_err(|error| not_started(&error))?;
        Ok(ended.success().then_some(file))
    }

    /// Builds the tests of the crate for this machine, then runs them. `quiet` leaves standard output to others.
    pub(crate) fn test(&self, arguments: &[String], quiet: bool) -> Result<(), Failure> {
        let mut build = self.command("test");
        build.args(["--no-run", "--message-format=json-render-diagnostics"]);
        if self.run(build)?.is_none() {
            return Err(Failure::Usage(format!(
                "the tests of `{}` do not build; cargo says why above",
                self.package
            )));
        }
        let mut test = self.command("test");
        test.arg("--").args(arguments);
        if quiet {
            test.stdout(std::io::stderr());
        }
        let ended = test.status().map_err(|error| not_started(&error))?;
        if ended.success() {
            return Ok(());
        }
        Err(Failure::Tests(format!(
            "tests of `{}` failed; `locum test -- NAME` runs those with NAME in theirs",
            self.package
        )))
    }
}

/// The cargo that runs this program, if one does, or the one that is found.
fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn not_started(error: &std::io::Error) -> Failure {
    Failure::Usage(format!(
        "cargo could not be run: {error}; install Rust from https://rustup.rs, or add cargo to PATH"
    ))
}

/// The manifest that a path means.
fn manifest(path: Option<&Path>) -> Result<PathBuf, Failure> {
    const FILE: &str = "Cargo.toml";
    let make = "`locum new NAME` makes a plugin";
    let (found, looked_in) = match path {
        Some(path) if path.is_file() && path.file_name().is_some_and(|name| name == FILE) => {
            (Some(path.to_owned()), path.display().to_string())
        }
        Some(path) if path.is_file() => {
            return Err(Failure::Usage(format!(
                "{} is neither a crate's directory nor its {FILE}; name one of them, as in `locum build plugins/counters`",
                path.display()
            )));
        }
        Some(path) => {
            let file = path.join(FILE);
            (file.is_file().then_some(file), path.display().to_string())
        }
        None => {
            let here = env::current_dir().map_err(|error| {
                Failure::Usage(format!(
                    "the current directory is gone: {error}; cd to another"
                ))
            })?;
            let files = here.ancestors().map(|directory| directory.join(FILE));
            let found = files.into_iter().find(|file| file.is_file());
            (found, format!("{} or above", here.display()))
        }
    };
    found.ok_or_else(|| {
        Failure::Usage(format!(
            "there is no {FILE} in {looked_in}; name the crate's directory, as in `locum build plugins/counters` ({make})"
        ))
    })
}

fn metadata(manifest: &Path) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).no_deps();
    command.exec().map_err(|error| match error {
        // In several lines, which cargo has laid out.
        Error::CargoMetadata { stderr } => {
            out::err(&out::plain(&stderr));
            Failure::Usage(format!(
                "cargo can not read {}; it says why above",
                manifest.display()
            ))
        }
        Error::Io(error) => not_started(&error),
        error => Failure::Usage(format!(
            "what cargo says of {} can not be read: {error}; `cargo metadata` shows it",
            manifest.display()
        )),
    })
}

/// The package that is meant: the one that is named, that of the manifest, or the only plugin there is.
fn choose<'m>(
    metadata: &'m Metadata,
    manifest: &Path,
    name: Option<&str>,
) -> Result<&'m Package, Failure> {
    let packages = metadata.workspace_packages();
    let names = |packages: &[&Package]| {
        let names: Vec<String> = packages.iter().map(|it| format!("`{}`", it.name)).collect();
        names.join(", ")
    };
    if let Some(name) = name {
        let found = packages.iter().find(|package| **package.name == *name);
        return found.copied().ok_or_else(|| {
            Failure::Usage(format!(
                "there is no package `{name}` in {}; there are {}",
                metadata.workspace_root,
                names(&packages)
            ))
        });
    }
    let manifest = manifest.canonicalize().ok();
    let is_its = |package: &&&Package| package.manifest_path.canonicalize().ok() == manifest;
    if let Some(package) = packages.iter().find(is_its) {
        return Ok(package);
    }
    let plugins: Vec<&Package> = packages
        .iter()
        .copied()
        .filter(|package| {
            let depends = package
                .dependencies
                .iter()
                .any(|it| it.name == "locum-guest");
            let types = package
                .targets
                .iter()
                .flat_map(|target| &target.crate_types);
            depends && types.into_iter().any(|it| *it == CrateType::CDyLib)
        })
        .collect();
    match plugins[..] {
        [plugin] => Ok(plugin),
        [] => Err(Failure::Usage(format!(
            "the workspace {} has no plugin; make one with `locum new NAME`",
            metadata.workspace_root
        ))),
        _ => Err(Failure::Usage(format!(
            "the workspace {} has several plugins; name one with -p: {}",
            metadata.workspace_root,
            names(&plugins)
        ))),
    }
}

/// Whether the manifest of a workspace has a profile of that name.
fn has_profile(root: &Path) -> bool {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        profile: toml::Table,
    }
    let text = std::fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    toml::from_str::<Manifest>(&text).is_ok_and(|manifest| manifest.profile.contains_key(PROFILE))
}
