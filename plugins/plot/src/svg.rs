//! A scene as SVG.

use std::fmt::Write as _;

use crate::scene::{Anchor, Place, Scene, Shape, Text};
use crate::text::FAMILIES;

/// The scene as an SVG document, with its size in pixels.
pub(crate) fn write(scene: &Scene) -> String {
    let (width, height) = (scene.width, scene.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FAMILIES}\" \
         stroke-linejoin=\"round\" stroke-linecap=\"round\">\n"
    );
    if !scene.title.is_empty() {
        let title = escaped(&scene.title);
        let _ = writeln!(out, "<title>{title}</title>");
    }
    for shape in &scene.shapes {
        // Writing into a string does not fail.
        let _ = self::shape(&mut out, shape);
    }
    out.push_str("</svg>\n");
    out
}

fn shape(out: &mut String, shape: &Shape) -> std::fmt::Result {
    match shape {
        Shape::Rectangle { area, fill } => writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            short(area.left),
            short(area.top),
            short(area.width()),
            short(area.height()),
            fill.hex()
        ),
        Shape::Line {
            through,
            width,
            colour,
        } => {
            out.push_str("<polyline points=\"");
            places(out, through)?;
            writeln!(
                out,
                "\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>",
                colour.hex(),
                short(*width)
            )
        }
        Shape::Polygon {
            corners,
            fill,
            opacity,
        } => {
            out.push_str("<polygon points=\"");
            places(out, corners)?;
            write!(out, "\" fill=\"{}\"", fill.hex())?;
            if *opacity < 1.0 {
                write!(out, " fill-opacity=\"{}\"", short(*opacity))?;
            }
            out.push_str("/>\n");
            Ok(())
        }
        Shape::Dots { at, radius, fill } => {
            writeln!(out, "<g fill=\"{}\">", fill.hex())?;
            for place in at {
                let (x, y) = (short(place.x), short(place.y));
                writeln!(
                    out,
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>",
                    short(*radius)
                )?;
            }
            out.push_str("</g>\n");
            Ok(())
        }
        Shape::Text(text) => self::text(out, text),
    }
}

fn text(out: &mut String, text: &Text) -> std::fmt::Result {
    let (x, y) = (short(text.at.x), short(text.at.y));
    write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"",
        short(text.size),
        text.colour.hex()
    )?;
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
        Anchor::End => out.push_str(" text-anchor=\"end\""),
    }
    if text.upwards {
        write!(out, " transform=\"rotate(-90 {x} {y})\"")?;
    }
    writeln!(out, ">{}</text>", escaped(&text.text))
}

fn places(out: &mut String, places: &[Place]) -> std::fmt::Result {
    for (index, place) in places.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        write!(out, "{space}{},{}", short(place.x), short(place.y))?;
    }
    Ok(())
}

/// A number with two decimals at most.
struct Short(f64);

fn short(number: f64) -> Short {
    Short(number)
}

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hundredths = (self.0 * 100.0).round() as i64;
        let sign = if hundredths < 0 { "-" } else { "" };
        let hundredths = hundredths.unsigned_abs();
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            rest if rest % 10 == 0 => write!(f, "{sign}{whole}.{}", rest / 10),
            rest => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
