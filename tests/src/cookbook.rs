//! A directory in which what the cookbook and the READMEs of the plugins show can be done: the plugins, some files, and
//! nothing else.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use tempfile::TempDir;

/// Every plugin that a page uses, by the name of its file.
const PLUGINS: [(&str, &str); 6] = [
    ("collections.wasm", env!("PLUGIN_COLLECTIONS")),
    ("counters.wasm", env!("PLUGIN_COUNTERS")),
    ("documents.wasm", env!("PLUGIN_DOCUMENTS")),
    ("images.wasm", env!("PLUGIN_IMAGES")),
    ("plot.wasm", env!("PLUGIN_PLOT")),
    ("tables.wasm", env!("PLUGIN_TABLES")),
];

const JUNE: &str = "city,amount\nOslo,12.5\nLisbon,19\nOslo,30\nKyiv,7\n";

/// Makes such a directory. It goes with what is returned.
pub fn kitchen() -> io::Result<TempDir> {
    let directory = tempfile::tempdir()?;
    let path = directory.path();
    for (name, plugin) in PLUGINS {
        fs::copy(plugin, path.join(name))?;
    }
    fs::write(path.join("june.csv"), JUNE)?;
    fs::create_dir(path.join("data"))?;
    fs::write(path.join("data/june.csv"), JUNE)?;
    let orders = "city,amount,note\nOslo,120,\nBergen,15.5,gift\nOslo,800,\n";
    fs::write(path.join("data/orders.csv"), orders)?;
    fs::create_dir(path.join("out"))?;
    fs::create_dir(path.join("photos"))?;
    fs::create_dir(path.join("site"))?;
    let markdown = "# One\n\nSome *words*.\n\n## Two\n\n[there](https://example.org)\n";
    fs::write(path.join("README.md"), markdown)?;
    fs::write(path.join("site/post.md"), markdown)?;
    picture(&path.join("photos/cat.png"), 320, 200)?;
    picture(&path.join("photos/dog.png"), 100, 300)?;
    picture(&path.join("upload.png"), 64, 48)?;
    Ok(directory)
}

/// Makes such a directory, and goes there, for an example that a process of its own runs.
pub fn enter() -> TempDir {
    let kitchen = kitchen().expect("a temporary directory can be filled");
    std::env::set_current_dir(kitchen.path()).expect("a directory that was just made is there");
    kitchen
}

/// A picture of all colours.
fn picture(path: &Path, width: u32, height: u32) -> io::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgb);
    let shade = |at: u32, of: u32| (at * 255 / of) as u8;
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).flat_map(move |x| [shade(x, width), shade(y, height), 128]))
        .collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(())
}
