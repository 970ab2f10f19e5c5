//! Texts that are put together, f-strings too: reading their parts, and making the text.

use locum_protocol::{Value, ops};

use super::ast::*;
use super::budget::Budget;
use super::builtins::format;
use super::cursor::Parser;
use super::error::Error;
use super::eval::At;
use super::frame::Frame;
use super::token::{Part, Span, TokenKind};

impl Parser<'_> {
    /// Texts that stand side by side and are joined.
    pub(super) fn text_constant(&mut self) -> Result<ExprKind, Error> {
        let mut pieces = Vec::new();
        loop {
            match &self.peek().kind {
                TokenKind::Text(_) | TokenKind::Format(_) => match self.advance().kind {
                    TokenKind::Text(text) => add(&mut pieces, text),
                    TokenKind::Format(parts) => {
                        let read = self.nested(|parser| parser.pieces(parts))?;
                        for piece in read {
                            match piece {
                                Piece::Text(text) => add(&mut pieces, text),
                                field => pieces.push(field),
                            }
                        }
                    }
                    _ => {}
                },
                TokenKind::Bytes(_) => return Err(self.not_joined()),
                _ => break,
            }
        }
        Ok(match pieces.as_mut_slice() {
            [] => ExprKind::Constant(Value::Text(String::new())),
            [Piece::Text(text)] => ExprKind::Constant(Value::Text(std::mem::take(text))),
            _ => ExprKind::Format(pieces),
        })
    }

    fn pieces(&mut self, parts: Vec<Part>) -> Result<Vec<Piece>, Error> {
        let piece = |part| {
            Ok(match part {
                Part::Text(text) => Piece::Text(text),
                Part::Field(field) => {
                    let value = self.within(field.tokens, |parser| {
                        let value = parser.expressions()?;
                        match parser.is(&TokenKind::End) {
                            true => Ok(value),
                            false => Err(parser.unexpected("an operator, or the end of the field")),
                        }
                    })?;
                    Piece::Field(Box::new(Field {
                        value,
                        conversion: match field.conversion {
                            None => Conversion::None,
                            Some('s') => Conversion::Str,
                            Some(_) => Conversion::Repr,
                        },
                        spec: self.nested(|parser| parser.pieces(field.spec))?,
                    }))
                }
            })
        };
        parts.into_iter().map(piece).collect()
    }
}

fn add(pieces: &mut Vec<Piece>, more: String) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push_str(&more),
        _ => pieces.push(Piece::Text(more)),
    }
}

impl Frame<'_> {
    /// The text that the pieces make.
    #[inline(never)]
    pub(super) fn format(&mut self, pieces: &[Piece], span: Span) -> Result<String, Error> {
        let mut budget = Budget::new();
        let mut text = String::new();
        for piece in pieces {
            let field = match piece {
                Piece::Text(part) => {
                    text.push_str(part);
                    continue;
                }
                Piece::Field(field) => field,
            };
            let value = self.value(&field.value)?;
            let place = field.value.span;
            let value = match field.conversion {
                Conversion::None => value,
                Conversion::Str => Value::Text(ops::text(&value).at(place)?),
                Conversion::Repr => Value::Text(format::repr(&value).at(place)?),
            };
            let spec = self.format(&field.spec, span)?;
            let part = format::format(&value, &spec).at(place)?;
            budget.take_bytes(part.len()).at(span)?;
            text.push_str(&part);
        }
        Ok(text)
    }
}
