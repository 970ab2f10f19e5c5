//! Pictures: drawn by the terminal where it can, and otherwise kept as a file.
//!
//! The bytes are handed on as they are, and decoded by nobody here: they come from a plugin.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{out, units};

/// What the kitty protocol takes at once.
const KITTY_CHUNK: usize = 4096;

/// A larger picture is kept as a file only.
const LARGEST_DRAWN: usize = 8 << 20;

/// Where pictures go.
pub(crate) struct Pictures {
    terminal: Terminal,
    /// Made when the first picture is kept.
    directory: Option<PathBuf>,
    count: u32,
}

/// How the terminal draws pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Terminal {
    None,
    /// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>: PNG only.
    Kitty,
    /// <https://iterm2.com/documentation-images.html>: any format.
    Iterm,
}

impl Pictures {
    pub(crate) fn of_terminal() -> Pictures {
        let terminal = if io::stdout().is_terminal() {
            Terminal::of(|name| env::var(name).ok())
        } else {
            Terminal::None
        };
        Pictures {
            terminal,
            directory: None,
            count: 0,
        }
    }

    /// Shows the bytes when they are a picture: the text that makes the terminal draw it, or that says where it is kept.
    pub(super) fn show(&mut self, bytes: &[u8]) -> Option<String> {
        let extension = format_of(bytes)?;
        let size = units::grouped(bytes.len() as u64);
        if bytes.len() <= LARGEST_DRAWN {
            match self.terminal {
                Terminal::Kitty if extension == "png" => return Some(kitty(bytes)),
                Terminal::Iterm => return Some(iterm(bytes)),
                _ => {}
            }
        }
        Some(self.kept(bytes, extension, &format!("{extension}, {size} bytes")))
    }

    /// Keeps a drawing, which no terminal draws.
    pub(super) fn save_svg(&mut self, text: &str) -> Option<String> {
        let size = units::grouped(text.len() as u64);
        Some(self.kept(text.as_bytes(), "svg", &format!("svg, {size} characters")))
    }

    fn kept(&mut self, bytes: &[u8], extension: &str, what: &str) -> String {
        match self.keep(bytes, extension) {
            Ok(path) => format!(
                "picture ({what}): {}\n",
                out::line(&path.display().to_string())
            ),
            Err(error) => format!("picture ({what}), which could not be kept as a file: {error}\n"),
        }
    }

    fn keep(&mut self, bytes: &[u8], extension: &str) -> io::Result<PathBuf> {
        if self.directory.is_none() {
            self.directory = Some(private_directory(&env::temp_dir())?);
        }
        let directory = self.directory.as_deref().unwrap_or(Path::new("."));
        self.count += 1;
        let path = directory.join(format!("{}.{extension}", self.count));
        // Nothing that was there before is written over, or through.
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        file.write_all(bytes)?;
        Ok(path)
    }
}

impl Terminal {
    fn of(variable: impl Fn(&str) -> Option<String>) -> Terminal {
        let is = |name: &str, part: &str| variable(name).is_some_and(|it| it.contains(part));
        // A multiplexer does not pass pictures on.
        if variable("TMUX").is_some() || is("TERM", "screen") {
            return Terminal::None;
        }
        if is("TERM", "kitty") || is("TERM", "ghostty") || variable("KITTY_WINDOW_ID").is_some() {
            return Terminal::Kitty;
        }
        let program = |name: &str| is("TERM_PROGRAM", name) || is("LC_TERMINAL", name);
        if program("iTerm") || program("WezTerm") || program("vscode") || program("rio") {
            return Terminal::Iterm;
        }
        Terminal::None
    }
}

/// A directory that nobody else sees, of a name that was not taken.
fn private_directory(above: &Path) -> io::Result<PathBuf> {
    let process = std::process::id();
    for number in 0..1000 {
        let path = above.join(format!("locum-pictures-{process}-{number}"));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        match builder.create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(io::Error::other("no name for a directory is free"))
}

/// The extension of a picture's format, by its first bytes.
fn format_of(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    match bytes {
        _ if webp => Some("webp"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("gif"),
        _ => None,
    }
}

/// Whether a text is an SVG drawing.
pub(super) fn is_svg(text: &str) -> bool {
    let text = text.trim_start();
    let start = &text[..text.floor_char_boundary(400)];
    text.trim_end().ends_with("</svg>")
        && (start.starts_with("<svg") || start.starts_with("<?xml") && start.contains("<svg"))
}

fn kitty(png: &[u8]) -> String {
    let data = STANDARD.encode(png);
    let chunks = data.as_bytes().chunks(KITTY_CHUNK);
    let last = chunks.len().saturating_sub(1);
    let mut text = String::new();
    for (at, chunk) in chunks.enumerate() {
        let head = if at == 0 { "a=T,f=100," } else { "" };
        let more = u8::from(at < last);
        let chunk = String::from_utf8_lossy(chunk);
        text += &format!("\x1b_G{head}q=2,m={more};{chunk}\x1b\\");
    }
    text + "\n"
}

fn iterm(bytes: &[u8]) -> String {
    let (size, data) = (bytes.len(), STANDARD.encode(bytes));
    format!("\x1b]1337;File=inline=1;size={size}:{data}\x07\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n rest";

    fn pictures(terminal: Terminal) -> Pictures {
        Pictures {
            terminal,
            directory: None,
            count: 0,
        }
    }

    #[test]
    fn a_picture_is_told_by_its_first_bytes() {
        assert_eq!(format_of(PNG), Some("png"));
        assert_eq!(format_of(b"\xff\xd8\xff\xe0"), Some("jpg"));
        assert_eq!(format_of(b"RIFF\0\0\0\0WEBPVP8 "), Some("webp"));
        assert_eq!(format_of(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(format_of(b"\x89PNG"), None);
        assert!(is_svg("<?xml version='1.0'?>\n<svg width='1'></svg>\n"));
        assert!(!is_svg("<svgs") && !is_svg("a <svg></svg>"));
    }

    #[test]
    fn a_terminal_is_known_by_its_variables() {
        let of = |given: &[(&str, &str)]| {
            Terminal::of(|name| {
                let found = given.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| value.to_string())
            })
        };
        assert_eq!(of(&[("TERM", "xterm-kitty")]), Terminal::Kitty);
        assert_eq!(of(&[("TERM_PROGRAM", "iTerm.app")]), Terminal::Iterm);
        assert_eq!(
            of(&[("TERM_PROGRAM", "iTerm.app"), ("TMUX", "x")]),
            Terminal::None
        );
        assert_eq!(of(&[("TERM", "xterm-256color")]), Terminal::None);
    }

    #[test]
    fn a_terminal_that_can_is_given_the_picture_in_its_own_way() {
        let drawn = pictures(Terminal::Kitty)
            .show(&[PNG, &[b'x'; 9000]].concat())
            .unwrap();
        assert!(drawn.starts_with("\x1b_Ga=T,f=100,q=2,m=1;"), "{drawn}");
        assert_eq!(drawn.matches("\x1b\\").count(), 3);
        assert!(drawn.contains("\x1b_Gq=2,m=0;"), "{drawn}");
        let drawn = pictures(Terminal::Iterm).show(PNG).unwrap();
        assert!(
            drawn.starts_with("\x1b]1337;File=inline=1;size=13:"),
            "{drawn}"
        );
    }

    #[test]
    fn elsewhere_it_is_kept_as_a_file_that_is_the_users_alone() {
        let mut pictures = pictures(Terminal::None);
        let said = pictures.show(PNG).unwrap();
        let path = said.trim().split(": ").nth(1).unwrap().to_owned();
        assert_eq!(fs::read(&path).unwrap(), PNG);
        let second = pictures.save_svg("<svg></svg>").unwrap();
        assert!(second.trim().ends_with("/2.svg"), "{second}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let directory = Path::new(&path).parent().unwrap();
            let mode = fs::metadata(directory).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        fs::remove_dir_all(Path::new(&path).parent().unwrap()).unwrap();
    }

    #[test]
    fn other_bytes_are_no_picture() {
        assert!(pictures(Terminal::Kitty).show(b"hello").is_none());
    }
}
