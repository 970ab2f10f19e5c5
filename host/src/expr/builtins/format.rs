//! Python's format specifications: `>10`, `,.2f`, `08x`, `.1%`.

use locum_protocol::{Error, Result, Value, ops};

use super::super::budget::Budget;
use super::Call;

/// Digits after the point that may be asked for.
const PRECISION: usize = 1000;

/// `format(value, spec)`
pub(super) fn builtin(mut call: Call<'_, '_>) -> Result<Value> {
    let [value, spec] = call.take(1)?;
    let spec = match spec {
        None => String::new(),
        Some(Value::Text(spec)) => spec,
        Some(other) => {
            let got = other.type_name();
            let message = format!("format() takes the format as text, got {got}");
            return Err(Error::type_error(message));
        }
    };
    format(&value.unwrap_or_default(), &spec).map(Value::Text)
}

/// As `repr()` shows a value.
pub(in super::super) fn repr(value: &Value) -> Result<String> {
    match value {
        Value::Object(proxy) => Ok(format!("{proxy:?}")),
        data => ops::repr(data),
    }
}

/// A value in the form that a specification asks for.
pub(in super::super) fn format(value: &Value, spec: &str) -> Result<String> {
    if spec.is_empty() {
        return ops::text(value);
    }
    let spec = Spec::read(spec)?;
    Budget::new().take_bytes(spec.width)?;
    match (value, spec.kind) {
        (Value::Int(_) | Value::Bool(_), Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => {
            spec.float(number(value))
        }
        (Value::Bool(_), None) | (Value::Text(_), _) => spec.text(&ops::text(value)?),
        (Value::Int(number), _) => spec.int(*number),
        (Value::Bool(flag), _) => spec.int(i128::from(*flag)),
        (Value::Float(number), _) => spec.float(*number),
        (other, _) => spec.text(&ops::text(other)?),
    }
    .map_err(|error| match error.message() {
        // It is known only here what was to be formatted.
        UNFIT => Error::value(format!(
            "the format `{}` is not one for {}",
            spec.kind.unwrap_or(' '),
            value.type_name()
        )),
        _ => error,
    })
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Int(number) => *number as f64,
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Float(number) => *number,
        _ => f64::NAN,
    }
}

/// What an error says before its format and its value are known.
const UNFIT: &str = "unfit";

/// `[[fill]align][sign][#][0][width][, or _][.precision][kind]`
#[derive(Debug, PartialEq)]
struct Spec {
    fill: char,
    align: Option<char>,
    sign: char,
    alternate: bool,
    width: usize,
    group: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Spec {
    fn read(text: &str) -> Result<Spec> {
        let mut rest = text.chars().peekable();
        let mut ahead = text.chars();
        let (first, second) = (ahead.next(), ahead.next());
        let is_align = |c: Option<char>| matches!(c, Some('<' | '>' | '^' | '='));
        let (mut fill, mut align) = (' ', None);
        if is_align(second) {
            fill = first.unwrap_or(' ');
            align = second;
            rest.nth(1);
        } else if is_align(first) {
            align = first;
            rest.next();
        }
        let sign = rest
            .next_if(|c| matches!(c, '+' | '-' | ' '))
            .unwrap_or('-');
        let alternate = rest.next_if_eq(&'#').is_some();
        if rest.next_if_eq(&'0').is_some() && align.is_none() {
            (fill, align) = ('0', Some('='));
        }
        let width = digits(&mut rest)?.unwrap_or(0);
        let group = rest.next_if(|c| matches!(c, ',' | '_'));
        let precision = match rest.next_if_eq(&'.') {
            Some(_) => match digits(&mut rest)? {
                Some(precision) => Some(precision),
                None => return Err(unreadable(text)),
            },
            None => None,
        };
        let kind = rest.next();
        let known = matches!(
            kind,
            None | Some(
                's' | 'd'
                    | 'b'
                    | 'o'
                    | 'x'
                    | 'X'
                    | 'c'
                    | 'e'
                    | 'E'
                    | 'f'
                    | 'F'
                    | 'g'
                    | 'G'
                    | 'n'
                    | '%'
            )
        );
        if !known || rest.next().is_some() {
            return Err(unreadable(text));
        }
        if precision.is_some_and(|precision| precision > PRECISION) && kind != Some('s') {
            let message = format!("a format has at most {PRECISION} digits after the point");
            return Err(Error::value(message));
        }
        Ok(Spec {
            fill,
            align,
            sign,
            alternate,
            width,
            group,
            precision,
            kind,
        })
    }

    fn text(&self, text: &str) -> Result<String> {
        if !matches!(self.kind, None | Some('s')) || self.group.is_some() {
            return Err(unfit());
        }
        let shown: String = match self.precision {
            Some(precision) => text.chars().take(precision).collect(),
            None => text.to_owned(),
        };
        Ok(self.padded("", &shown, '<'))
    }

    fn int(&self, number: i128) -> Result<String> {
        let magnitude = number.unsigned_abs();
        let (prefix, digits, every) = match self.kind {
            None | Some('d' | 'n') => ("", magnitude.to_string(), 3),
            Some('b') => ("0b", format!("{magnitude:b}"), 4),
            Some('o') => ("0o", format!("{magnitude:o}"), 4),
            Some('x') => ("0x", format!("{magnitude:x}"), 4),
            Some('X') => ("0X", format!("{magnitude:X}"), 4),
            Some('c') => {
                let character = u32::try_from(number).ok().and_then(char::from_u32);
                let character = character
                    .ok_or_else(|| Error::value(format!("no character has the number {number}")))?;
                return Ok(self.padded("", character.encode_utf8(&mut [0; 4]), '<'));
            }
            Some(_) => return Err(unfit()),
        };
        if self.precision.is_some() {
            return Err(Error::value("whole numbers have no precision; use `f`"));
        }
        let prefix = if self.alternate { prefix } else { "" };
        let head = format!("{}{prefix}", self.sign_of(number < 0));
        Ok(self.padded(&head, &grouped(&digits, self.group, every), '>'))
    }

    fn float(&self, number: f64) -> Result<String> {
        let magnitude = number.abs();
        let sign = self.sign_of(number.is_sign_negative() && !number.is_nan());
        let kind = self.kind.unwrap_or(' ');
        if !number.is_finite() {
            let name = if number.is_nan() { "nan" } else { "inf" };
            let name = match kind {
                'E' | 'F' | 'G' => name.to_uppercase(),
                '%' => format!("{name}%"),
                _ => name.to_owned(),
            };
            return Ok(self.padded(sign, &name, '>'));
        }
        let precision = self.precision.unwrap_or(6);
        let shown = match kind {
            'f' | 'F' => format!("{magnitude:.precision$}"),
            '%' => format!("{:.precision$}%", magnitude * 100.0),
            'e' | 'E' => scientific(magnitude, precision),
            'g' | 'G' | 'n' => general(magnitude, precision, self.alternate),
            ' ' if self.precision.is_some() => general(magnitude, precision, self.alternate),
            ' ' => ops::repr(&Value::Float(magnitude))?,
            _ => return Err(unfit()),
        };
        let shown = match kind {
            'E' | 'G' => shown.to_uppercase(),
            _ => shown,
        };
        let whole = shown
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(shown.len());
        let grouped = grouped(&shown[..whole], self.group, 3) + &shown[whole..];
        Ok(self.padded(sign, &grouped, '>'))
    }

    fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, '+') => "+",
            (false, ' ') => " ",
            (false, _) => "",
        }
    }

    /// As wide as was asked for; `head` stands before the filling when that is inside.
    fn padded(&self, head: &str, text: &str, usual: char) -> String {
        let used = head.chars().count() + text.chars().count();
        let missing = self.width.saturating_sub(used);
        let fill = |count: usize| self.fill.to_string().repeat(count);
        match self.align.unwrap_or(usual) {
            '<' => format!("{head}{text}{}", fill(missing)),
            '^' => {
                let left = missing / 2;
                format!("{}{head}{text}{}", fill(left), fill(missing - left))
            }
            // A text has no sign to stand in front.
            '=' if usual == '<' => format!("{head}{text}{}", fill(missing)),
            '=' => format!("{head}{}{text}", fill(missing)),
            _ => format!("{}{head}{text}", fill(missing)),
        }
    }
}

fn digits(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<usize>> {
    let mut number: Option<usize> = None;
    while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
        rest.next();
        let grown = number.unwrap_or(0).checked_mul(10);
        let grown = grown.and_then(|it| it.checked_add(digit as usize));
        number = Some(grown.ok_or_else(|| Error::value("a number in the format is too large"))?);
    }
    Ok(number)
}

fn grouped(digits: &str, group: Option<char>, every: usize) -> String {
    let Some(mark) = group else {
        return digits.to_owned();
    };
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(every) {
            grouped.push(mark);
        }
        grouped.push(digit);
    }
    grouped
}

/// `1.50e+03`
fn scientific(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// So many digits in all, without those zeros at the end that say nothing.
fn general(number: f64, precision: usize, keep_zeros: bool) -> String {
    let precision = precision.max(1);
    let rounded = format!("{number:.*e}", precision - 1);
    let exponent = rounded
        .split_once('e')
        .map_or("0", |(_, exponent)| exponent);
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let stripped = |text: &str| {
        let has_point = text.contains('.');
        if keep_zeros || !has_point {
            return text.to_owned();
        }
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    if (-4..precision as i64).contains(&exponent) {
        let after = usize::try_from(precision as i64 - 1 - exponent).unwrap_or(0);
        return stripped(&format!("{number:.after$}"));
    }
    let text = scientific(number, precision - 1);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
    format!("{}e{exponent}", stripped(digits))
}

#[cold]
fn unfit() -> Error {
    Error::value(UNFIT)
}

#[cold]
fn unreadable(spec: &str) -> Error {
    let shown: String = spec.chars().take(40).flat_map(char::escape_debug).collect();
    Error::value(format!(
        "`{shown}` is no format; it is [[fill]align][sign][#][0][width][,][.digits][kind], as in `>10`, `,.2f`, `08x`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: impl Into<Value>, spec: &str) -> String {
        match format(&value.into(), spec) {
            Ok(text) => text,
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn whole_numbers_are_formatted_as_python_does_it() {
        for (number, spec, text) in [
            (42, "", "42"),
            (42, "5", "   42"),
            (42, "<5", "42   "),
            (42, "^6", "  42  "),
            (42, "*>5d", "***42"),
            (-42, "06", "-00042"),
            (42, "+", "+42"),
            (42, " d", " 42"),
            (255, "x", "ff"),
            (255, "#X", "0XFF"),
            (5, "#010b", "0b00000101"),
            (1234567, ",", "1,234,567"),
            (1234567, "_", "1_234_567"),
            (65, "c", "A"),
            (3, ".2f", "3.00"),
            (1, "%", "100.000000%"),
        ] {
            assert_eq!(shown(number as i64, spec), text, "{number}:{spec}");
        }
        assert!(shown(1i64, ".2").contains("precision"));
        assert!(shown(-1i64, "c").contains("no character"));
        assert!(shown(1i64, "s").contains("not one for int"));
    }

    #[test]
    fn numbers_with_a_point_are_formatted_as_python_does_it() {
        for (number, spec, text) in [
            (2.345, ".1f", "2.3"),
            (2.3456, "8.3f", "   2.346"),
            (-3.5, "08.2f", "-0003.50"),
            (1234.5, ",.1f", "1,234.5"),
            (0.256, ".1%", "25.6%"),
            (1500.0, ".2e", "1.50e+03"),
            (0.00015, "E", "1.500000E-04"),
            (0.0001, "g", "0.0001"),
            (0.00001, "g", "1e-05"),
            (1234567.0, "g", "1.23457e+06"),
            (100000.0, "g", "100000"),
            (2.3456, ".3", "2.35"),
            (2.0, "6", "   2.0"),
            (f64::INFINITY, "+.1f", "+inf"),
            (f64::NAN, "F", "NAN"),
            (0.0, ".0f", "0"),
        ] {
            assert_eq!(shown(number, spec), text, "{number}:{spec}");
        }
        assert!(shown(1.5, "x").contains("not one for float"));
    }

    #[test]
    fn texts_and_the_rest_are_cut_and_padded() {
        for (value, spec, text) in [
            (Value::from("abc"), ">5", "  abc"),
            (Value::from("abc"), ".2", "ab"),
            (Value::from("日本"), "*^4", "*日本*"),
            (Value::Bool(true), "6", "True  "),
            (Value::Bool(true), "d", "1"),
            (Value::Null, ">6", "  None"),
            (vec![1i64, 2].into(), "<8", "[1, 2]  "),
        ] {
            assert_eq!(shown(value, spec), text, "{spec}");
        }
        assert!(shown("a", "d").contains("not one for text"));
    }

    #[test]
    fn no_format_takes_the_memory_or_panics() {
        for spec in [
            "9999999999",
            "99999999999999999999999",
            ".99999f",
            ".f",
            "10q",
            "=+#0,.",
            "é",
        ] {
            assert!(format(&Value::Float(1.5), spec).is_err(), "{spec}");
        }
        assert_eq!(shown(f64::MAX, ".1000f").len(), 309 + 1001);
        assert_eq!(shown(i64::MIN, ",").len(), 26);
    }
}
