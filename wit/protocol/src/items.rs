//! Iteration across a boundary: items come in chunks, an iterator that is dropped early is released.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{Decoder, Encoder};
use crate::object::{Method, no_attribute, special_or_missing};
use crate::{Args, Error, Kind, Object, ObjectRef, Outcome, Parcel, Proxy, ReplyMode, Result};

/// Items in the first chunk; each later one is twice as long, up to [`LONGEST_CHUNK`].
const FIRST_CHUNK: usize = 32;
const LONGEST_CHUNK: usize = 1024;
/// Encoded bytes after which a chunk ends although more items were asked for.
const CHUNK_BYTES: usize = 1 << 20;

/// A lazy sequence: what a method returns to be iterated over, and what its caller iterates over.
///
/// Made from an iterator with [`Items::new`], it goes by proxy; at the other end its items are fetched in chunks, so
/// it may be long or endless. Iterating gives `Result`s: each item may fail to arrive.
///
/// ```
/// # use locum_protocol::{Items, Result, callback};
/// let squares = callback(|| Items::new((0..).map(|n: u64| n * n))); // endless
/// let first: Vec<u64> = squares.invoke::<Items<u64>>(())?.take(4).collect::<Result<_>>()?;
/// assert_eq!(first, [0, 1, 4, 9]);
/// # Ok::<(), locum_protocol::Error>(())
/// ```
pub struct Items<T> {
    source: Source,
    _items: PhantomData<fn() -> T>,
}

enum Source {
    /// Not sent yet, or never to be.
    Here(Arc<IteratorObject>),
    There(Fetched),
}

impl<T> Items<T> {
    /// The items of an iterator.
    pub fn new<I>(items: I) -> Items<T>
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: Send + 'static,
        T: Serialize + 'static,
    {
        Items::from_results(items.into_iter().map(Ok))
    }

    /// The items of an iterator that can fail; it ends at its first error.
    ///
    /// ```
    /// # use locum_protocol::{Error, Items};
    /// let lines = ["1", "2", "x", "4"].map(|line| line.parse::<i64>().map_err(|e| Error::value(e.to_string())));
    /// let mut items = Items::from_results(lines);
    /// assert_eq!((items.next(), items.next()), (Some(Ok(1)), Some(Ok(2))));
    /// assert!(items.next().is_some_and(|item| item.is_err()));
    /// assert!(items.next().is_none()); // the error was the end
    /// ```
    pub fn from_results<I>(items: I) -> Items<T>
    where
        I: IntoIterator<Item = Result<T>>,
        I::IntoIter: Send + 'static,
        T: Serialize + 'static,
    {
        let object = Arc::new(IteratorObject(Mutex::new(Some(Box::new(
            items.into_iter(),
        )))));
        Items {
            source: Source::Here(object),
            _items: PhantomData,
        }
    }

    /// The items of an iterator that is known by proxy.
    ///
    /// ```
    /// # use locum_protocol::{Items, Proxy, Result};
    /// let items = Items::new(["a", "b"]);
    /// let iterator: Proxy = items.proxy(); // to be passed in any data
    /// let again: Vec<String> = Items::from_proxy(iterator).collect::<Result<_>>()?;
    /// assert_eq!(again, ["a", "b"]);
    /// # Ok::<(), locum_protocol::Error>(())
    /// ```
    pub fn from_proxy(iterator: Proxy) -> Items<T> {
        let here = iterator
            .object()
            .cloned()
            .map(|object| object.into_any().downcast::<IteratorObject>());
        let source = match here {
            Some(Ok(here)) => Source::Here(here),
            _ => Source::There(Fetched::new(iterator)),
        };
        Items {
            source,
            _items: PhantomData,
        }
    }

    /// The iterator as a proxy, as it travels in data. Items that were already fetched are not in it.
    pub fn proxy(&self) -> Proxy {
        match &self.source {
            Source::Here(object) => Proxy::local(object.clone()),
            Source::There(fetched) => fetched.iterator.clone(),
        }
    }
}

impl<T: DeserializeOwned> Iterator for Items<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        match &mut self.source {
            Source::Here(object) => {
                let mut parcel = Parcel::default();
                object
                    .step(&mut Encoder::new(&mut parcel))
                    .map(|item| item.and_then(|()| parcel.decode()))
            }
            Source::There(fetched) => fetched.next(),
        }
    }
}

impl<T> Serialize for Items<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.proxy().serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Proxy::deserialize(deserializer).map(Items::from_proxy)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.proxy(), f)
    }
}

/// A far iterator, and the chunk of its items that is here: `[[item...], more]`, decoded item by item.
struct Fetched {
    iterator: Proxy,
    /// How many items to ask for next.
    ask: usize,
    chunk: Parcel,
    /// Where the next item begins, and how many the chunk's list announces (`None`: a break ends it).
    at: usize,
    len: Option<usize>,
    index: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// No chunk is here; another may be had.
    Dry,
    /// A chunk is here.
    Chunk,
    /// The far iterator knows no chunks: one crossing an item.
    OneByOne,
    Ended,
}

impl Fetched {
    fn new(iterator: Proxy) -> Fetched {
        let chunk = Parcel::default();
        Fetched {
            iterator,
            ask: FIRST_CHUNK,
            chunk,
            at: 0,
            len: None,
            index: 0,
            state: State::Dry,
        }
    }

    fn next<T: DeserializeOwned>(&mut self) -> Option<Result<T>> {
        let item = self.try_next();
        if item.is_err() {
            self.state = State::Ended;
        }
        item.transpose()
    }

    fn try_next<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        loop {
            match self.state {
                State::Ended => return Ok(None),
                State::Dry => self.fetch()?,
                State::Chunk => {
                    let mut decoder = self.decoder();
                    if decoder.more(self.len, self.index) {
                        let item = T::deserialize(&mut decoder)?;
                        self.at = self.chunk.item.len() - decoder.rest().len();
                        self.index += 1;
                        return Ok(Some(item));
                    }
                    let more = bool::deserialize(&mut decoder)?;
                    self.state = if more { State::Dry } else { State::Ended };
                    self.chunk = Parcel::default();
                }
                State::OneByOne => {
                    return match self.iterator.request("__next__", (), ReplyMode::Auto) {
                        Ok(parcel) => parcel.decode().map(Some),
                        Err(error) if error.kind() == Kind::StopIteration => {
                            self.state = State::Ended;
                            Ok(None)
                        }
                        Err(error) => Err(error),
                    };
                }
            }
        }
    }

    fn decoder(&self) -> Decoder<'_> {
        Decoder::new(
            &self.chunk.item[self.at..],
            &self.chunk.objects,
            &self.chunk.buffers,
        )
    }

    fn fetch(&mut self) -> Result<()> {
        match self
            .iterator
            .request("__next_chunk__", (self.ask as u64,), ReplyMode::Value)
        {
            Ok(chunk) => {
                self.ask = (self.ask * 2).min(LONGEST_CHUNK);
                let mut decoder = chunk.decoder();
                let frame = decoder.list()?;
                if frame != Some(2) {
                    return Err(Error::new(
                        Kind::Decode,
                        "a chunk of items is `[[item...], more]`",
                    ));
                }
                (self.len, self.index) = (decoder.list()?, 0);
                self.at = chunk.item.len() - decoder.rest().len();
                self.chunk = chunk;
                self.state = State::Chunk;
            }
            // An SDK of another language may know `__next__` only.
            Err(error) if error.kind() == Kind::NoSuchAttribute => self.state = State::OneByOne,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// An iterator whose next item is written where it is needed.
trait Steps: Send {
    fn step(&mut self, encoder: &mut Encoder<'_>) -> Option<Result<()>>;
}

impl<T: Serialize, I: Iterator<Item = Result<T>> + Send> Steps for I {
    fn step(&mut self, encoder: &mut Encoder<'_>) -> Option<Result<()>> {
        let item = self.next()?;
        Some(item.and_then(|item| Ok(item.serialize(encoder)?)))
    }
}

/// The iterator that has met an error while others wait before it: it tells the error, and ends.
struct Failed(Option<Error>);

impl Iterator for Failed {
    type Item = Result<()>;
    fn next(&mut self) -> Option<Result<()>> {
        self.0.take().map(Err)
    }
}

/// An iterator served as an object. `None`: it has ended, or is taking a step further up this chain of calls.
struct IteratorObject(Mutex<Option<Box<dyn Steps>>>);

impl IteratorObject {
    fn lock(&self) -> MutexGuard<'_, Option<Box<dyn Steps>>> {
        self.0
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Writes the next item. The iterator is out meanwhile, so that a step that comes back here meets its end rather
    /// than a lock.
    fn step(&self, encoder: &mut Encoder<'_>) -> Option<Result<()>> {
        let mut iterator = self.lock().take()?;
        let item = iterator.step(encoder);
        if matches!(item, Some(Ok(()))) {
            *self.lock() = Some(iterator);
        }
        item
    }

    fn chunk(&self, most: usize) -> Result<Outcome> {
        let mut parcel = Parcel::default();
        let (mut count, mut more) = (0, true);
        Encoder::new(&mut parcel).begin_chunk();
        // Taken once for the whole chunk.
        let mut iterator = self.lock().take();
        while count < most && parcel.item.len() < CHUNK_BYTES {
            let before = parcel.mark();
            let step = match &mut iterator {
                Some(iterator) => iterator.step(&mut Encoder::new(&mut parcel)),
                None => None,
            };
            match step {
                Some(Ok(())) => count += 1,
                Some(Err(error)) if count == 0 => return Err(error),
                // The items before it come first; the error is the next thing that is told.
                Some(Err(error)) => {
                    parcel.back_to(before);
                    iterator = Some(Box::new(Failed(Some(error))));
                    break;
                }
                None => {
                    iterator = None;
                    more = false;
                    break;
                }
            }
        }
        *self.lock() = iterator;
        Encoder::new(&mut parcel).end_chunk(more);
        Ok(Outcome::Data(parcel))
    }
}

impl Object for IteratorObject {
    fn type_name(&self) -> &str {
        "iterator"
    }

    fn call(self: Arc<Self>, name: &str, args: Args) -> Result<Outcome> {
        match name {
            "__next_chunk__" => {
                let (most,): (u64,) = args.parse()?;
                self.chunk(
                    usize::try_from(most)
                        .unwrap_or(usize::MAX)
                        .clamp(1, LONGEST_CHUNK),
                )
            }
            "__next__" | "next" => {
                let mut parcel = Parcel::default();
                match self.step(&mut Encoder::new(&mut parcel)) {
                    Some(Ok(())) => Ok(match parcel.as_object() {
                        Some(proxy) => Outcome::Object(proxy.clone()),
                        None => Outcome::Data(parcel),
                    }),
                    Some(Err(error)) => Err(error),
                    None => Err(Error::stop_iteration()),
                }
            }
            "__iter__" => Ok(Outcome::object(self)),
            name => special_or_missing(&(self as ObjectRef), name, &args, ["__next__", "__iter__"]),
        }
    }

    fn get(self: Arc<Self>, name: &str) -> Result<Outcome> {
        match name {
            "__next__" | "next" | "__iter__" => Ok(Method::bind(self, name)),
            name => Err(no_attribute("iterator", name, ["__next__", "__iter__"])),
        }
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
