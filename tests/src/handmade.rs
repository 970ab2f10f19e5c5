//! Plugins made by hand, for what no SDK would do: lying lengths, loops where the SDK has none, more of everything.

use locum::{LoadOptions, Plugin, Result};

use crate::subject::host;

/// Where the data of a [`Handmade`] plugin lies in its memory.
pub const DATA: u32 = 1024;

/// A plugin whose functions answer what lies at fixed places of its memory: imports and transfers the `handle`, all
/// other questions the `answer`, which is a `result<parcel, fault>` as the canonical ABI lays it out. What it points to
/// lies at [`DATA`].
#[derive(Clone, Debug)]
pub struct Handmade {
    /// Under which the plugin lends whatever it is asked for.
    pub handle: u64,
    /// Its answer, from byte 64 on.
    pub answer: Vec<u8>,
    /// What the answer points to.
    pub data: Vec<u8>,
    /// Pages of 64 KiB that its memory has at the start.
    pub pages: u32,
    /// More of its core module: functions, tables, a start function.
    pub core: String,
    /// More of the component.
    pub around: String,
    /// What `describe` does before it answers.
    pub in_describe: &'static str,
}

impl Handmade {
    /// Answers with those words, which point to that data.
    pub fn answering(words: &[u32], data: &[u8]) -> Handmade {
        Handmade {
            handle: 7,
            answer: laid_out(words),
            data: data.to_vec(),
            pages: 1,
            core: String::new(),
            around: String::new(),
            in_describe: "",
        }
    }

    /// Answers `ok` with an item and no attachments.
    pub fn item(item: &[u8]) -> Handmade {
        Handmade::answering(&[0, DATA, item.len() as u32, 0], item)
    }

    /// Started in the host of all tests.
    pub fn load(&self) -> Plugin {
        self.load_with(LoadOptions::new())
            .expect("it is a plugin like any other")
    }

    /// Started with these options.
    pub fn load_with(&self, options: LoadOptions) -> Result<Plugin> {
        host().load_bytes_with("handmade", &self.bytes(), options)
    }

    /// The component.
    pub fn bytes(&self) -> Vec<u8> {
        let text = include_str!("wat/handmade.wat")
            .replace("{{handle}}", &quoted(&self.handle.to_le_bytes()))
            .replace("{{answer}}", &quoted(&self.answer))
            .replace("{{data}}", &quoted(&self.data))
            .replace("{{DATA}}", &DATA.to_string())
            .replace("{{pages}}", &self.pages.to_string())
            .replace("{{core}}", &self.core)
            .replace("{{around}}", &self.around)
            .replace("{{in_describe}}", self.in_describe);
        wat::parse_str(text).expect("the text is well formed")
    }
}

/// Words as they lie in the memory of a plugin.
pub fn laid_out(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Bytes in a string of the text format.
fn quoted(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
