//! Whatever bytes, references and buffers a peer sends: they are taken if, and only if, PROTOCOL.md allows them; what is
//! taken reads as data of any type or as an error; and what was read arrives again as it was.

use std::fmt::Debug;

use locum_protocol::{
    Bytes, Handle, Kind, Module, Modules, PeerLimits, Reference, ReplyMode, Result, Value,
    WireParcel, callback,
};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::input::Input;
use super::{LENT, Message, wire, wire_to};

mod rules;
mod shapes;

use rules::Ruling;

/// Lifts a parcel, as an answer and as a request.
pub fn parcel(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let limits = limits(&mut input);
    let parcel = made(&mut input);
    if is_taken(&parcel, &limits) {
        is_read_by_others(&parcel);
        is_read_under_a_tag(&parcel, &limits);
        answered::<Value, _>(&parcel, &limits, |value| match value {
            Ok(value) => arrives_as_it_is(&value),
            // The one thing that an item can say and a value can not.
            Err(error) => {
                let words = ["out of range", "more than 128 bits"];
                let is_too_big = words.iter().any(|words| error.message().contains(words));
                assert!(is_too_big, "{error:?}: {parcel:?}");
            }
        });
    }
    served(&parcel, &limits);
}

/// The usual limits, or tight ones.
fn limits(input: &mut Input) -> PeerLimits {
    let mut limits = PeerLimits::default();
    if input.flag() {
        limits.message_bytes = 300;
        limits.buffer_bytes = 600;
        limits.attachments = 3;
        limits.items = 20;
        limits.exports = 8;
    }
    limits
}

fn made(input: &mut Input) -> WireParcel {
    let handle = |input: &mut Input| match input.below(4) {
        0 => Handle::from_raw(input.u64()),
        few => Handle::from_raw(few as u64),
    };
    let objects = (0..input.below(5)).map(|_| match input.below(8) {
        7 => Reference::Yours(handle(input)),
        _ => Reference::Mine(handle(input)),
    });
    let objects = objects.collect();
    let buffers = (0..input.below(4)).map(|_| {
        let len = usize::from(input.byte()) * 3;
        Bytes::from(vec![input.byte(); len])
    });
    WireParcel {
        objects,
        buffers: buffers.collect(),
        item: input.rest().into(),
    }
}

/// Whether an answer is taken: if the rules allow it, and it names nothing that was not lent.
fn is_taken(parcel: &WireParcel, limits: &PeerLimits) -> bool {
    let ruling = rules::rule(parcel, limits);
    let is_theirs = |reference: &Reference| matches!(reference, Reference::Mine(_));
    let is_lent = parcel.objects.iter().all(is_theirs);
    answered::<IgnoredAny, _>(parcel, limits, |taken| match taken {
        Ok(_) => {
            assert!(is_lent && ruling != Ruling::Refused, "taken: {parcel:?}");
            true
        }
        Err(error) => {
            let is_due = match error.kind() {
                Kind::BadHandle => !is_lent && ruling != Ruling::Refused,
                Kind::Decode if error.message().starts_with("the same key twice") => {
                    ruling != Ruling::Taken
                }
                Kind::Decode | Kind::LimitExceeded => ruling == Ruling::Refused,
                _ => false,
            };
            assert!(
                is_due && !error.message().is_empty(),
                "{error:?}: {parcel:?}"
            );
            false
        }
    })
}

/// Looks at the parcel as a caller who wants this type. Afterwards, whatever came with it has been given back.
fn answered<T: DeserializeOwned + 'static, R>(
    parcel: &WireParcel,
    limits: &PeerLimits,
    look: impl FnOnce(Result<T>) -> R,
) -> R {
    let (peer, wire) = wire(limits.clone());
    let object = peer.import("x").expect("a wire has every module");
    wire.answer(parcel.clone());
    let seen = look(object.get("a"));
    drop(object);
    assert!(peer.stats().is_idle(), "{:?}", peer.stats());
    is_given_back(parcel, &wire.sent());
    seen
}

/// Every reference that came has been given back, and nothing else.
fn is_given_back(parcel: &WireParcel, sent: &[Message]) {
    let mine = parcel.objects.iter().filter_map(|it| match it {
        Reference::Mine(handle) => Some(handle.raw()),
        Reference::Yours(_) => None,
    });
    let mut due: Vec<u64> = mine.chain([LENT]).collect();
    let releases = sent.iter().filter_map(|message| match message {
        Message::Release(released) => Some(released),
        _ => None,
    });
    for released in releases.flatten() {
        for _ in 0..released.count {
            let at = due.iter().position(|due| *due == released.target.raw());
            due.swap_remove(at.unwrap_or_else(|| panic!("{released:?} is one too many")));
        }
    }
    assert!(due.is_empty(), "{due:?} were not given back");
}

/// Another library finds the same item, and nothing behind it.
fn is_read_by_others(parcel: &WireParcel) {
    let mut rest = &parcel.item[..];
    let read = ciborium::from_reader::<ciborium::Value, _>(&mut rest);
    match read {
        Ok(_) => assert!(rest.is_empty(), "{rest:?} left in {parcel:?}"),
        // Its integers end before the last ones of 128 bits.
        Err(ciborium::de::Error::Semantic(_, text)) => assert_eq!(text, "integer too large"),
        Err(error) => panic!("{error:?} in {parcel:?}"),
    }
}

/// It fits the same types when it is under a tag that is passed over.
fn is_read_under_a_tag(parcel: &WireParcel, limits: &PeerLimits) {
    let fits = shapes::are_read_or_refused(parcel, limits);
    let tagged = WireParcel {
        item: [&[0xC6], &parcel.item[..]].concat().into(),
        ..parcel.clone()
    };
    if rules::rule(&tagged, limits) != Ruling::Refused {
        assert_eq!(
            fits,
            shapes::are_read_or_refused(&tagged, limits),
            "{parcel:?}"
        );
    }
}

/// A value that is sent arrives as it is, and goes out in the same bytes again.
fn arrives_as_it_is(value: &Value) {
    let usual = PeerLimits::default();
    let first = sent(value);
    let ruling = rules::rule(&first, &usual);
    assert_ne!(ruling, Ruling::Refused, "{value:?} is sent as {first:?}");
    let mut echo = first.clone();
    for reference in &mut echo.objects {
        // What belongs to the reader there belongs to the writer here.
        let (Reference::Yours(handle) | Reference::Mine(handle)) = *reference;
        *reference = Reference::Mine(handle);
    }
    answered::<Value, _>(&echo, &usual, |again| {
        let again = again.expect("it was just written");
        is_same(&text(value), &text(&again));
        let second = sent(&again);
        is_same(&first.item, &second.item);
        is_same(&first.buffers, &second.buffers);
    });
}

/// A value with all that tells it from others, but for the handles of its objects, which are another peer's later.
fn text(value: &Value) -> String {
    let text = format!("{value:?}");
    let mut parts = text.split(" #");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + " #" + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

fn is_same<T: PartialEq + Debug>(before: &T, after: &T) {
    assert_eq!(before, after, "it changed on its way");
}

/// A value as it goes over the wire.
fn sent(value: &Value) -> WireParcel {
    let (peer, wire) = wire(PeerLimits::default());
    let object = peer.import("x").expect("a wire has every module");
    wire.sent();
    if let Err(error) = object.set("a", value) {
        panic!("{value:?} came in and can not go out: {error:?}");
    }
    match wire.sent().remove(0) {
        Message::SetAttr(_, _, parcel) => parcel,
        other => panic!("{other:?}"),
    }
}

/// Sends it in every request that has a parcel: whatever comes of them, nothing stays.
fn served(parcel: &WireParcel, limits: &PeerLimits) {
    let echo = callback(|value: Value| value).into_object();
    let module = Module::new("m").object("echo", echo);
    let (peer, _wire) = wire_to(Modules::new("here", "1").with(module), limits.clone());
    let module = peer.serve_import_module("m").expect("it is there");
    let _ = peer.serve_call(module, "echo", parcel.clone(), ReplyMode::Proxy);
    let set = peer.serve_set_attr(module, "nothing", parcel.clone());
    assert!(set.is_err(), "a module can not be changed");
    if let Ok(copy) = peer.serve_transfer(parcel.clone())
        && let Err(error) = peer.serve_get_attr(copy, "", ReplyMode::Value)
    {
        // What came as a small buffer goes out in the item, which may get too long by that.
        let was_beside = !parcel.buffers.is_empty() && error.kind() == Kind::LimitExceeded;
        assert!(was_beside, "it was taken: {error:?}");
    }
    peer.serve_close();
    assert!(peer.stats().is_idle(), "{:?}", peer.stats());
}
