//! A directory in the hands of a plugin: all of it that the plugin ever sees, and for no longer than this program wants.

#![allow(clippy::print_stdout)]

use locum::fs::{Access, Directory};
use locum::{Host, Proxy, Result};

fn main() -> Result<()> {
    // Something to hand out.
    let root = Directory::open(std::env::temp_dir(), Access::ReadWrite)?;
    let name = format!("locum-directory-{}", std::process::id());
    root.create_dir(&name, false)?;
    let library = root.subdir(&name)?.named("library");
    library.create_dir("poems", false)?;
    library.write("poems/haiku.txt", b"five\nseven\nfive\n")?;
    library.write("index.txt", b"poems\n")?;

    // The plugin sees no file of this machine, but for those in the directory that it is given.
    let plugin = Host::new()?.load("target/wasm32-wasip2/release/samples.wasm")?;
    let files = plugin.import("samples.files")?;
    let (lent, revoker) = library.revocable();
    let librarian: Proxy = files.call("Librarian", (&lent,))?;
    let catalogue: Vec<(String, u64)> = librarian.call("catalogue", ())?;
    println!("{catalogue:?}");
    assert_eq!(catalogue[1], ("poems/haiku.txt".to_owned(), 3));

    // It may write there; one that is handed less may not.
    librarian.call::<u64>("note", ("counted the poems",))?;
    assert_eq!(library.read_text("journal.txt")?, "counted the poems\n");
    let visitor: Proxy = files.call("Librarian", (lent.subdir("poems")?.read_only(),))?;
    match visitor.call::<u64>("note", ("was here",)) {
        Ok(_) => println!("a visitor has written into the journal"),
        Err(error) => println!("{error}"),
    }

    // Taken back, it is of no use to either of them.
    revoker.revoke();
    for holder in [&librarian, &visitor] {
        match holder.call::<Vec<(String, u64)>>("catalogue", ()) {
            Ok(catalogue) => println!("there still is {catalogue:?}"),
            Err(error) => println!("{error}"),
        }
    }

    for file in ["poems/haiku.txt", "index.txt", "journal.txt"] {
        library.remove_file(file)?;
    }
    library.remove_dir("poems")?;
    root.remove_dir(&name)?;
    plugin.close()
}
