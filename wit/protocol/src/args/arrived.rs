//! Argument lists that arrived: where their parts are.

use std::ops::Range;

use serde::Deserialize;

use super::{Bound, DynArgs, IntoArgs};
use crate::codec::{CodecError, Decoder};
use crate::describe::FunctionInfo;
use crate::{Error, Kind, Parcel, PeerLimits, Result, Value};

/// Arguments that arrived, read as the parameters ask for them.
///
/// ```
/// # use locum_protocol::{Args, args};
/// let args = Args::local(args!(1, "two"))?; // what `Object::call` is given
/// assert_eq!((args.len(), args.is_empty()), (2, false));
/// let (number, text): (i64, String) = args.parse()?;
/// assert_eq!((number, &*text), (1, "two"));
/// let all = Args::local(args!(1, by = 2))?.to_dyn()?;
/// assert_eq!(all.keywords[0].0, "by");
/// # Ok::<(), locum_protocol::Error>(())
/// ```
#[derive(Debug)]
pub struct Args {
    parcel: Parcel,
    /// Where the list of positional arguments begins.
    list: usize,
    /// Where the first of them begins.
    pub(super) start: usize,
    /// How many positional arguments there are.
    pub(super) count: usize,
    pub(super) keywords: Vec<Keyword>,
}

#[derive(Debug)]
pub(super) struct Keyword {
    name: Range<usize>,
    pub(super) value: usize,
}

impl Args {
    /// Reads the frame of an argument list, which has been checked or was made here: where its parts are.
    #[inline(always)]
    pub(crate) fn new(parcel: Parcel, limits: &PeerLimits) -> Result<Args> {
        if let [0x81, head @ 0x80..=0x97, ..] = *parcel.item {
            return Ok(Args {
                parcel,
                list: 1,
                start: 2,
                count: usize::from(head & 0x1F),
                keywords: Vec::new(),
            });
        }
        Args::of_any_frame(parcel, limits)
    }

    fn of_any_frame(parcel: Parcel, limits: &PeerLimits) -> Result<Args> {
        let total = parcel.item.len();
        let mut decoder = parcel.decoder();
        let parts = frame(decoder.list())?;
        if !decoder.more(parts, 0) {
            return Err(no_frame());
        }
        let list = total - decoder.rest().len();
        let len = frame(decoder.list())?;
        let start = total - decoder.rest().len();
        let mut keywords = Vec::new();
        let count = match (parts, len) {
            (Some(1), Some(count)) => count,
            _ => {
                let mut count = 0;
                while decoder.more(len, count) {
                    decoder.skip_item()?;
                    count += 1;
                }
                if decoder.more(parts, 1) {
                    keywords = read_keywords(&mut decoder, total, limits)?;
                    if decoder.more(parts, 2) {
                        return Err(no_frame());
                    }
                }
                count
            }
        };
        Ok(Args {
            parcel,
            list,
            start,
            count,
            keywords,
        })
    }

    /// Arguments made here, for a call that does not cross.
    pub fn local(args: impl IntoArgs) -> Result<Args> {
        Args::new(args.into_parcel()?, &PeerLimits::default())
    }

    /// How many positional arguments there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no arguments, positional or by keyword.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.keywords.is_empty()
    }

    /// All of them as values, for an object that takes whatever comes.
    pub fn to_dyn(&self) -> Result<DynArgs> {
        let mut decoder = self.at(self.start);
        let positional = (0..self.count)
            .map(|_| Ok(Value::deserialize(&mut decoder)?))
            .collect::<Result<_>>()?;
        let keyword = |k: &Keyword| {
            Ok((
                self.name(k).to_owned(),
                Value::deserialize(&mut self.at(k.value))?,
            ))
        };
        Ok(DynArgs {
            positional,
            keywords: self.keywords.iter().map(keyword).collect::<Result<_>>()?,
        })
    }

    /// The arguments for the parameters of a tuple of types, without names or defaults.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        if !self.keywords.is_empty() {
            return Err(Error::type_error("no keyword arguments are taken here"));
        }
        // The positional arguments are one CBOR list, which is how a tuple reads.
        Ok(T::deserialize(&mut self.at(self.list))?)
    }

    /// Starts to read them for a function's parameters, in order.
    #[doc(hidden)]
    #[inline]
    pub fn bind<'a>(
        &'a self,
        owner: &'static str,
        function: &'static FunctionInfo,
    ) -> Result<Bound<'a>> {
        Bound::new(self, owner, function)
    }

    pub(crate) fn into_parcel(self) -> Parcel {
        self.parcel
    }

    pub(super) fn at(&self, offset: usize) -> Decoder<'_> {
        Decoder::new(
            &self.parcel.item[offset..],
            &self.parcel.objects,
            &self.parcel.buffers,
        )
    }

    pub(super) fn name(&self, keyword: &Keyword) -> &str {
        std::str::from_utf8(&self.parcel.item[keyword.name.clone()]).unwrap_or("")
    }
}

fn frame<T>(read: std::result::Result<T, CodecError>) -> Result<T> {
    read.map_err(|_| no_frame())
}

#[cold]
fn no_frame() -> Error {
    Error::new(
        Kind::Decode,
        "arguments are `[[positional...]]` or `[[positional...], {keyword: ...}]`",
    )
}

fn read_keywords(
    decoder: &mut Decoder<'_>,
    total: usize,
    limits: &PeerLimits,
) -> Result<Vec<Keyword>> {
    let len = frame(decoder.map())?;
    let mut keywords = Vec::new();
    while decoder.more(len, keywords.len()) {
        let name = frame(decoder.text())?;
        if name.len() > limits.name_bytes {
            return Err(Error::new(
                Kind::LimitExceeded,
                format!(
                    "a keyword of {} bytes; the limit is {} (Limits::name_bytes)",
                    name.len(),
                    limits.name_bytes
                ),
            ));
        }
        let value = total - decoder.rest().len();
        keywords.push(Keyword {
            name: value - name.len()..value,
            value,
        });
        decoder.skip_item()?;
    }
    Ok(keywords)
}
