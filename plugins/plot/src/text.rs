//! The font: how wide a text is, and what its letters look like.

use std::sync::OnceLock;

use ab_glyph::{Font, FontRef, Glyph, Point, PxScale, ScaleFont};

/// What SVG asks for: the font that was measured, or one that is about as wide.
pub(crate) const FAMILIES: &str = "DejaVu Sans, Verdana, Arial, sans-serif";

/// The height of a capital letter, as a part of the font's size.
pub(crate) const CAPITALS: f64 = 0.729;

/// DejaVu Sans, which is part of the plugin.
fn font() -> Option<&'static FontRef<'static>> {
    static FONT: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    FONT.get_or_init(|| FontRef::try_from_slice(dejavu::sans::regular()).ok())
        .as_ref()
}

/// A font size in pixels per em, as `ab_glyph` has it: the height from the lowest to the highest letter.
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let units = font.units_per_em().unwrap_or(2048.0);
    PxScale::from(size as f32 * font.height_unscaled() / units)
}

/// How wide a line of text is, in the units of `size`, which is that of an em.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let Some(font) = font() else { return 0.0 };
    let scaled = font.as_scaled(scale(font, size));
    let mut width = 0.0;
    let mut before = None;
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        width += scaled.h_advance(id);
        if let Some(before) = before {
            width += scaled.kern(before, id);
        }
        before = Some(id);
    }
    f64::from(width)
}

/// Calls `dot` with a place and a strength for each pixel that a line of text covers, when it begins at 0, 0.
pub(crate) fn draw(text: &str, size: f64, mut dot: impl FnMut(i32, i32, f32)) {
    let Some(font) = font() else { return };
    let scale = scale(font, size);
    let scaled = font.as_scaled(scale);
    let mut x = 0.0;
    let mut before = None;
    for letter in text.chars() {
        let id = font.glyph_id(letter);
        if let Some(before) = before {
            x += scaled.kern(before, id);
        }
        before = Some(id);
        let position = Point { x, y: 0.0 };
        if let Some(outline) = font.outline_glyph(Glyph {
            id,
            scale,
            position,
        }) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|dx, dy, strength| dot(left + dx as i32, top + dy as i32, strength));
        }
        x += scaled.h_advance(id);
    }
}

/// The text, cut off with an ellipsis where it is wider than `most`.
pub(crate) fn shortened(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |count: usize| {
        let kept: String = letters[..count].iter().collect();
        format!("{}…", kept.trim_end())
    };
    // The longest beginning that has room.
    let (mut fits, mut too_long) = (0, letters.len());
    while fits + 1 < too_long {
        let middle = (fits + too_long) / 2;
        match width(&cut(middle), size) <= most {
            true => fits = middle,
            false => too_long = middle,
        }
    }
    cut(fits)
}

/// The text in lines that are no wider than `most`, broken between words; the last of `lines` is cut off.
pub(crate) fn wrapped(text: &str, size: f64, most: f64, lines: usize) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = match line.is_empty() {
                true => word.to_owned(),
                false => format!("{line} {word}"),
            };
            if !line.is_empty() && width(&longer, size) > most {
                wrapped.push(std::mem::replace(&mut line, word.to_owned()));
            } else {
                line = longer;
            }
        }
        wrapped.push(line);
    }
    if wrapped.len() > lines {
        let rest = wrapped.split_off(lines - 1).join(" ");
        wrapped.push(rest);
    }
    let cut = |line: String| shortened(&line, size, most);
    wrapped.into_iter().map(cut).collect()
}

/// The text without what no picture can show: control characters, and what XML forbids.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}
