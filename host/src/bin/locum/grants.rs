//! What the options of the command line give to a plugin.

use std::time::Duration;

use bytesize::ByteSize;
use locum::{Access, Clocks, Grants, Input, LoadOptions, Random, Result};

use crate::cli::GrantArgs;
use crate::failure::Failure;

/// What is given: limits and grants.
pub(crate) fn read(arguments: &GrantArgs) -> Result<(LoadOptions, Grants), Failure> {
    Ok((limits(arguments)?, grants(arguments)?))
}

fn limits(arguments: &GrantArgs) -> Result<LoadOptions, Failure> {
    let mut options = LoadOptions::new();
    if let Some(text) = &arguments.max_memory {
        let size: ByteSize = text
            .parse()
            .map_err(|why| wrong("max-memory", text, why, "128MiB"))?;
        options = options.memory_bytes(usize::try_from(size.as_u64()).unwrap_or(usize::MAX));
    }
    if let Some(text) = &arguments.deadline {
        options = options.deadline(time("deadline", text)?);
    }
    if let Some(fuel) = arguments.fuel {
        options = options.fuel(fuel);
    }
    Ok(options)
}

fn grants(arguments: &GrantArgs) -> Result<Grants, Failure> {
    let mut grants = Grants::new();
    for text in &arguments.allow_dir {
        let (name, path, access) = place("allow-dir", text)?;
        grants = given("allow-dir", text, grants.dir(name, path, access))?;
    }
    for text in &arguments.allow_file {
        let (name, path, access) = place("allow-file", text)?;
        grants = given("allow-file", text, grants.file(name, path, access))?;
    }
    for text in &arguments.allow_env {
        let granted = match text.split_once('=') {
            Some((name, value)) => grants.env_value(name, value),
            None => grants.env(text),
        };
        grants = given("allow-env", text, granted)?;
    }
    for text in &arguments.allow_net {
        grants = given("allow-net", text, grants.connect(text))?;
    }
    for text in &arguments.allow_listen {
        grants = given("allow-listen", text, grants.listen(text))?;
    }
    for text in &arguments.arg {
        grants = grants.arg(text);
    }
    if arguments.allow_stdin {
        grants = grants.stdin(Input::Inherit);
    }
    if let Some(text) = &arguments.clock {
        grants = grants.clocks(clocks(text)?);
    }
    if let Some(seed) = arguments.random_seed {
        grants = grants.random(Random::Seeded(seed));
    }
    Ok(grants)
}

/// `NAME=PATH:rw`, of which only the path has to be there.
fn place<'a>(option: &str, text: &'a str) -> Result<(&'a str, &'a str, Access), Failure> {
    let (rest, access) = match text.rsplit_once(':') {
        Some((rest, "ro")) => (rest, Access::ReadOnly),
        Some((rest, "rw")) => (rest, Access::ReadWrite),
        _ => (text, Access::ReadOnly),
    };
    let (name, path) = rest.split_once('=').unwrap_or((rest, rest));
    if name.is_empty() || path.is_empty() {
        let why = "a name or a path is missing";
        return Err(wrong(option, text, why, "data=./data:ro"));
    }
    Ok((name, path, access))
}

fn clocks(text: &str) -> Result<Clocks, Failure> {
    match text.split_once(':') {
        None if text == "real" => Ok(Clocks::Real),
        Some(("coarse", step)) => duration("clock", text, step).map(Clocks::Coarse),
        Some(("frozen", at)) => humantime::parse_rfc3339_weak(at)
            .map(Clocks::Frozen)
            .map_err(|why| wrong("clock", text, why, "frozen:2026-01-31T12:00:00Z")),
        _ => Err(wrong(
            "clock",
            text,
            "there is no such clock",
            "real`, `coarse:10ms` or `frozen:2026-01-31T12:00:00Z",
        )),
    }
}

/// The value of an option that is a time: `2s`, `500ms`.
pub(crate) fn time(option: &str, text: &str) -> Result<Duration, Failure> {
    duration(option, text, text)
}

fn duration(option: &str, text: &str, time: &str) -> Result<Duration, Failure> {
    humantime::parse_duration(time).map_err(|why| wrong(option, text, why, "2s"))
}

fn given(option: &str, text: &str, granted: Result<Grants>) -> Result<Grants, Failure> {
    granted.map_err(|error| Failure::Usage(format!("--{option} {text}: {}", error.message())))
}

fn wrong(option: &str, text: &str, why: impl std::fmt::Display, example: &str) -> Failure {
    Failure::Usage(format!(
        "--{option} {text}: {why}; give it as in `{example}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(result: Result<impl Sized, Failure>, words: &str) {
        match result {
            Err(Failure::Usage(text)) => assert!(text.contains(words), "{text}"),
            _ => panic!("{words}: this is a usage error"),
        }
    }

    #[test]
    fn a_place_is_a_path_that_may_have_a_name_and_an_access() {
        for (text, expected) in [
            ("./data", ("./data", "./data", Access::ReadOnly)),
            ("data=./d", ("data", "./d", Access::ReadOnly)),
            ("data=./d:ro", ("data", "./d", Access::ReadOnly)),
            ("a=b=c:rw", ("a", "b=c", Access::ReadWrite)),
            ("odd:name", ("odd:name", "odd:name", Access::ReadOnly)),
        ] {
            assert_eq!(place("allow-dir", text).ok(), Some(expected), "{text}");
        }
        for text in ["", "=x", "x=", ":rw", "x=:rw"] {
            says(place("allow-dir", text), "a name or a path is missing");
        }
    }

    #[test]
    fn a_clock_is_real_coarse_or_frozen() {
        let frozen = Clocks::Frozen(std::time::SystemTime::UNIX_EPOCH);
        assert_eq!(clocks("real").ok(), Some(Clocks::Real));
        assert_eq!(
            clocks("coarse:10ms").ok(),
            Some(Clocks::Coarse(Duration::from_millis(10)))
        );
        assert_eq!(clocks("frozen:1970-01-01T00:00:00Z").ok(), Some(frozen));
        says(
            clocks("slow"),
            "there is no such clock; give it as in `real`, `coarse:10ms`",
        );
        says(clocks("coarse:x"), "--clock coarse:x: ");
        says(
            clocks("frozen:now"),
            "give it as in `frozen:2026-01-31T12:00:00Z`",
        );
    }

    #[test]
    fn a_limit_that_can_not_be_read_is_named_with_what_it_should_look_like() {
        let with = |memory: &str, deadline: &str| GrantArgs {
            max_memory: Some(memory.to_owned()),
            deadline: Some(deadline.to_owned()),
            ..GrantArgs::default()
        };
        assert!(limits(&with("128MiB", "2s")).is_ok());
        says(limits(&with("much", "2s")), "give it as in `128MiB`");
        says(limits(&with("1 GiB", "soon")), "--deadline soon: ");
    }
}
