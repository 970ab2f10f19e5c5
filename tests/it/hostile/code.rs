//! Files that are no good: T26. What a person might hand in by mistake is in `bad_files.rs`.

use std::time::Duration;

use locum::{Host, Kind, Limits, LoadOptions, Result};
use locum_tests::{Handmade, host, refused};

use super::arena::attack_in_time;

fn load(plugin: &Handmade, set: impl FnOnce(&mut Limits)) -> Result<()> {
    let mut limits = Limits::default();
    set(&mut limits);
    plugin
        .load_with(LoadOptions::new().limits(limits))
        .map(drop)
}

/// A host that compiles whatever it loads.
fn compiling() -> Host {
    Host::builder().no_cache().build().unwrap()
}

/// A plugin with so many functions, of so many instructions each, beside its own nine.
fn with_functions(count: usize, instructions: usize) -> Handmade {
    let body = "(drop (i32.mul (i32.const 3) (i32.const 4)))".repeat(instructions);
    let mut plugin = Handmade::item(&[0xF6]);
    plugin.core = format!("(func {body})").repeat(count);
    plugin
}

#[test]
fn t26_a_file_is_as_large_as_its_limit_allows_and_no_larger() {
    let plugin = Handmade::item(&[0xF6]);
    let size = plugin.bytes().len();
    attack_in_time(|_| {
        load(&plugin, |limits| limits.component_bytes = size).unwrap();
        let answer = load(&plugin, |limits| limits.component_bytes = size - 1);
        let words = [
            &*format!(
                "it has {size} bytes, the most are {} (Limits::component_bytes)",
                size - 1
            ),
            "build it with optimisation",
        ];
        refused(answer, Kind::Load, &words);
    });
}

#[test]
fn t26_a_file_has_as_many_functions_as_its_limit_allows_and_no_more() {
    let plugin = with_functions(100, 1);
    attack_in_time(|_| {
        let host = compiling();
        let load = |functions: usize| {
            let mut limits = Limits::default();
            limits.functions = functions;
            let options = LoadOptions::new().limits(limits);
            host.load_bytes_with("bomb", &plugin.bytes(), options)
        };
        load(109).unwrap();
        let words = ["it has 109 functions, the most are 108 (Limits::functions)"];
        refused(load(108).map(drop), Kind::Load, &words);
    });
}

#[test]
fn t26_code_that_was_compiled_for_another_host_is_measured_all_the_same() {
    let plugin = with_functions(101, 2);
    attack_in_time(|_| {
        // It is in the cache from here on.
        load(&plugin, |_| {}).unwrap();
        load(&plugin, |limits| limits.functions = 110).unwrap();
        let answer = load(&plugin, |limits| limits.functions = 109);
        refused(
            answer,
            Kind::Load,
            &["it has 110 functions", "(Limits::functions)"],
        );
        let answer = load(&plugin, |limits| limits.function_bytes = 4);
        refused(answer, Kind::Load, &["(Limits::function_bytes)"]);
    });
}

#[test]
fn t26_a_function_is_as_long_as_its_limit_allows_and_no_longer() {
    let plugin = with_functions(1, 1000);
    attack_in_time(|_| {
        let host = compiling();
        let load = |bytes: usize| {
            let mut limits = Limits::default();
            limits.function_bytes = bytes;
            let options = LoadOptions::new().limits(limits);
            host.load_bytes_with("bomb", &plugin.bytes(), options)
        };
        // Six bytes for each time, one for the number of locals and one for the end.
        load(6002).unwrap();
        let words =
            ["it has 6002 bytes in one function, the most are 6001 (Limits::function_bytes)"];
        refused(load(6001).map(drop), Kind::Load, &words);
    });
}

#[test]
fn t26_a_file_with_hundreds_of_thousands_of_functions_is_not_even_compiled() {
    let bomb = with_functions(250_000, 1).bytes();
    attack_in_time(|_| {
        let answer = compiling().load_bytes("bomb", &bomb).map(drop);
        refused(answer, Kind::Load, &["(Limits::functions)"]);
    });
}

#[test]
fn t26_a_compiler_that_takes_too_long_is_waited_for_no_longer() {
    let slow = with_functions(3000, 50).bytes();
    attack_in_time(|_| {
        let mut limits = Limits::default();
        limits.compile_time = Duration::from_millis(1);
        let options = LoadOptions::new().limits(limits);
        let host = compiling();
        let answer = host.load_bytes_with("bomb", &slow, options).map(drop);
        let words = ["compiling it took longer than 1ms (Limits::compile_time)"];
        refused(answer, Kind::Load, &words);
        // Those that nobody waits for are bounded, and come to an end by themselves.
        let again = || host.load_bytes("bomb", &slow);
        while let Err(error) = again() {
            locum_tests::says(&error, &["still under way; try again later"]);
            std::thread::sleep(Duration::from_millis(5));
        }
    });
}

#[test]
fn t26_an_import_beyond_the_contract_and_wasi_is_refused_by_name() {
    let mut greedy = Handmade::item(&[0xF6]);
    greedy.around = r#"(import "evil:corp/syscalls@1.0.0" (instance (export "exec" (func (param "command" string)))))"#.into();
    attack_in_time(|_| {
        let words = ["it imports `evil:corp/syscalls@1.0.0`, which this host does not provide"];
        refused(load(&greedy, |_| ()), Kind::Load, &words);
    });
}

#[test]
fn t26_an_import_of_the_contract_in_another_form_is_refused() {
    let mut sly = Handmade::item(&[0xF6]);
    sly.around = r#"(import "locum:plugin/lifecycle@0.1.0" (instance (export "shell" (func (param "command" string)))))"#.into();
    attack_in_time(|_| {
        let words = ["the host provides what it imports in another form"];
        refused(load(&sly, |_| ()), Kind::Load, &words);
    });
}

#[test]
fn t26_compiled_code_is_never_taken_for_a_plugin() {
    // What a compiler for the very engine of this host would write: the head of an ELF file, and any rest.
    let mut machine_code = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    machine_code.resize(4096, 0);
    attack_in_time(|_| {
        let answer = host().load_bytes("compiled", &machine_code).map(drop);
        refused(answer, Kind::Load, &["this is machine code (.cwasm"]);
    });
}
