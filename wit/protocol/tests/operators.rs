//! Operators of proxies: which method each sends, who is asked next, and where failures go.

use std::any::Any;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use locum_macros::object;
use locum_protocol::ops::{Arithmetic, Comparison};
use locum_protocol::{
    Args, Data, Error, Kind, Module, Modules, Object, Outcome, Peer, PostError, Proxy, Result,
    Setup, Shared, Value, pair_with_setup, threads::rest,
};
use serde::{Serialize, Serializer};

/// Answers every special method with its name, comparisons with `true`, and remembers all of them.
#[derive(Default)]
struct Recorder(Mutex<Vec<String>>);

impl Recorder {
    fn make() -> (Proxy, Arc<Recorder>) {
        let recorder = Arc::new(Recorder::default());
        (Proxy::local(recorder.clone()), recorder)
    }

    fn names(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Object for Recorder {
    fn type_name(&self) -> &str {
        "Recorder"
    }
    fn call(self: Arc<Self>, name: &str, _: Args) -> Result<Outcome> {
        self.0.lock().unwrap().push(name.to_owned());
        match Comparison::from_special(name) {
            Some(_) => Outcome::data(&true),
            None => Outcome::data(name),
        }
    }
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// Can be calculated with, and not changed.
struct Money {
    cents: i64,
}

#[object(crate = locum_protocol)]
impl Money {
    #[getter]
    fn cents(&self) -> i64 {
        self.cents
    }
    #[setter]
    fn set_cents(&mut self, cents: i64) {
        self.cents = cents;
    }
    fn __add__(&self, cents: i64) -> i64 {
        self.cents + cents
    }
    fn __radd__(&self, _other: Value) -> &str {
        "the right one"
    }
    fn __gt__(&self, _other: Value) -> bool {
        true
    }
}

/// Has no operators.
struct Plain;

#[object(crate = locum_protocol)]
impl Plain {
    fn new() -> Self {
        Plain
    }
}

fn money(cents: i64) -> Proxy {
    Shared::new(Money { cents }).proxy()
}

fn plain() -> Proxy {
    Shared::new(Plain).proxy()
}

fn data(value: impl Into<Value>) -> Proxy {
    Proxy::local(Arc::new(Data::new(value.into())))
}

/// What no message can hold.
struct Unsendable;

impl Serialize for Unsendable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("this stays here"))
    }
}

/// A pair of peers, of which the first tells what was posted and failed.
fn told() -> (Peer, Peer, Arc<Mutex<Vec<PostError>>>) {
    let lost: Arc<Mutex<Vec<PostError>>> = Arc::default();
    let setup = Setup::new().on_post_error({
        let lost = lost.clone();
        move |error| lost.lock().unwrap().push(error.clone())
    });
    let there = Modules::new("there", "1").with(Module::new("things").member::<Plain>());
    let (peer, back) = pair_with_setup(
        ("here", Arc::new(Modules::new("here", "1"))),
        ("there", Arc::new(there)),
        setup,
    );
    (peer, back, lost)
}

#[track_caller]
fn refused<T: Debug>(result: Result<T>, kind: Kind, words: &str) -> Error {
    let error = result.expect_err(words);
    assert_eq!(error.kind(), kind, "{error:?}");
    assert!(error.message().contains(words), "no {words:?} in {error}");
    error
}

type Typed = fn(&Proxy, i64) -> Result<String>;
type InPlace = fn(&Proxy, i64) -> Result<()>;

#[test]
fn each_method_sends_the_name_of_its_own_operator() {
    use Arithmetic::*;
    let methods: [(Arithmetic, Typed, Typed, InPlace); 12] = [
        (Add, Proxy::add, Proxy::radd, Proxy::iadd),
        (Sub, Proxy::sub, Proxy::rsub, Proxy::isub),
        (Mul, Proxy::mul, Proxy::rmul, Proxy::imul),
        (Div, Proxy::div, Proxy::rdiv, Proxy::idiv),
        (
            FloorDiv,
            Proxy::floordiv,
            Proxy::rfloordiv,
            Proxy::ifloordiv,
        ),
        (Mod, Proxy::modulo, Proxy::rmodulo, Proxy::imodulo),
        (Pow, Proxy::pow, Proxy::rpow, Proxy::ipow),
        (Shl, Proxy::lshift, Proxy::rlshift, Proxy::ilshift),
        (Shr, Proxy::rshift, Proxy::rrshift, Proxy::irshift),
        (And, Proxy::bitand, Proxy::rbitand, Proxy::ibitand),
        (Or, Proxy::bitor, Proxy::rbitor, Proxy::ibitor),
        (Xor, Proxy::bitxor, Proxy::rbitxor, Proxy::ibitxor),
    ];
    assert_eq!(methods.map(|method| method.0), Arithmetic::ALL);
    let (proxy, recorder) = Recorder::make();
    for (op, plain, reflected, in_place) in methods {
        assert_eq!(plain(&proxy, 1).unwrap(), op.special());
        assert_eq!(reflected(&proxy, 1).unwrap(), op.reflected());
        in_place(&proxy, 1).unwrap();
        assert_eq!(
            recorder.names(),
            [op.special(), op.reflected(), op.in_place()]
        );
    }
}

#[test]
fn operators_of_one_operand_and_comparisons_send_their_names() {
    let (proxy, recorder) = Recorder::make();
    assert_eq!(proxy.neg::<String>().unwrap(), "__neg__");
    assert_eq!(proxy.pos::<String>().unwrap(), "__pos__");
    assert_eq!(proxy.invert::<String>().unwrap(), "__invert__");
    assert_eq!(proxy.abs::<String>().unwrap(), "__abs__");
    recorder.names();
    for compare in [
        Proxy::eq,
        Proxy::ne,
        Proxy::lt,
        Proxy::le,
        Proxy::gt,
        Proxy::ge,
    ] {
        assert!(compare(&proxy, 1).unwrap());
    }
    assert_eq!(recorder.names(), Comparison::ALL.map(Comparison::special));
}

#[test]
fn rusts_operators_are_those_of_the_object() {
    let (a, _) = Recorder::make();
    let b = &a;
    let results = [
        (&a + 1, 1.5 + b, "add"),
        (&a - "text", 5 - b, "sub"),
        (&a * b, Value::from("text") * b, "mul"),
        (&a / 1.5, 5 / b, "truediv"),
        (&a % vec![1], 5 % b, "mod"),
        (&a << 1, 5 << b, "lshift"),
        (&a >> 1, 5 >> b, "rshift"),
        (&a & true, 5 & b, "and"),
        (&a | (1, 2), 5 | b, "or"),
        (&a ^ 1u8, 5 ^ b, "xor"),
    ];
    for (result, reflected, name) in results {
        assert_eq!(result.unwrap(), format!("__{name}__").into());
        assert_eq!(reflected.unwrap(), format!("__r{name}__").into());
    }
    assert_eq!((-&a).unwrap(), "__neg__".into());
    assert_eq!((!&a).unwrap(), "__invert__".into());
}

#[test]
fn rusts_operators_in_place_are_those_of_the_object() {
    let (mut a, recorder) = Recorder::make();
    a += 1;
    a -= 1.5;
    a *= "text";
    a /= vec![1];
    a %= (1, 2);
    a <<= 1;
    a >>= 1;
    a &= true;
    a |= &data(1);
    a ^= Value::Null;
    let names = [
        "add", "sub", "mul", "truediv", "mod", "lshift", "rshift", "and", "or", "xor",
    ];
    assert_eq!(recorder.names(), names.map(|name| format!("__i{name}__")));
}

#[test]
fn the_typed_method_comes_before_the_trait_of_the_same_name() {
    use std::ops::{Add, Neg, Not};
    let (five, other) = (&data(5), data(5));
    assert_eq!(five.add::<i64>(2).unwrap(), 7);
    assert_eq!(other.add::<i64>(2).unwrap(), 7);
    assert_eq!(other.neg::<i64>().unwrap(), -5);
    assert_eq!(Add::add(five, 2).unwrap(), Value::Int(7));
    assert_eq!((Neg::neg(five).unwrap(), Not::not(five).unwrap()), {
        (Value::Int(-5), Value::Int(-6))
    });
    // A result goes on as the left operand of the next.
    assert_eq!(
        ((five + 1).unwrap() * &other).unwrap(),
        Value::Int(30),
        "(5 + 1) * 5"
    );
}

#[test]
fn the_other_operand_is_asked_when_the_first_has_no_such_method() {
    let (plain, money) = (plain(), money(5));
    assert_eq!(plain.add::<String>(&money).unwrap(), "the right one");
    assert_eq!((&plain + &money).unwrap(), "the right one".into());
    assert_eq!(
        (Value::Object(plain.clone()) + &money).unwrap(),
        "the right one".into()
    );
    assert!(plain.lt(&money).unwrap(), "a < b is b > a");
    let there = data(7).add::<String>(&money);
    assert_eq!(there.unwrap(), "the right one", "so does data");
}

#[test]
fn what_the_first_operand_said_is_the_answer_when_the_other_can_not_tell() {
    let (a, b) = (plain(), data(1));
    refused(
        a.sub::<i64>(1),
        Kind::NoSuchAttribute,
        "`Plain` has no attribute `__sub__`",
    );
    refused(
        a.sub::<i64>(&plain()),
        Kind::NoSuchAttribute,
        "`Plain` has no attribute `__sub__`",
    );
    refused(
        a.le(plain()),
        Kind::NoSuchAttribute,
        "`Plain` has no attribute `__le__`",
    );
    refused(
        b.sub::<i64>(&a),
        Kind::NoSuchAttribute,
        "`Plain` has no attribute `__rsub__`",
    );
    // It has the method, which wants a number: `__radd__` is not asked.
    refused(
        money(1).add::<String>(&money(2)),
        Kind::TypeError,
        "argument `cents`",
    );
}

#[test]
fn what_can_only_be_calculated_with_names_what_to_do_instead() {
    let advice = "`Money` has no `__iadd__`, so `+=` can not change it; use the result of `+`";
    refused(money(5).iadd(1), Kind::NoSuchAttribute, advice);
    refused(
        money(5).isub(1),
        Kind::NoSuchAttribute,
        "`Money` has no attribute `__isub__`",
    );
}

#[test]
fn an_attribute_that_is_data_is_not_changed_in_place() {
    let money = money(5);
    let cents = money.at("cents");
    let advice = "`cents` is data, of which `__iadd__` would change a copy; set the attribute";
    refused(cents.iadd(1), Kind::TypeError, advice);
    let copy = money.get::<Proxy>("cents").unwrap();
    copy.iadd(1).unwrap();
    assert_eq!(
        copy.value::<i64>().unwrap(),
        6,
        "a copy that somebody holds is"
    );
    money.set("cents", cents.add::<i64>(1).unwrap()).unwrap();
    assert_eq!(cents.value::<i64>().unwrap(), 6);
}

#[test]
fn attributes_are_read_and_written_by_special_methods_too() {
    let money = money(5);
    money.call::<()>("__setattr__", ("cents", 7)).unwrap();
    assert_eq!(money.call::<i64>("__getattr__", ("cents",)).unwrap(), 7);
    refused(
        money.call::<()>("__setattr__", ("cent", 7)),
        Kind::NoSuchAttribute,
        "did you mean `cents`?",
    );
}

#[test]
fn operators_in_place_are_posted_and_keep_their_order() {
    let (peer, _back, lost) = told();
    let mut list = peer.transfer(&[1]).unwrap();
    for n in 2..100 {
        list += [n];
    }
    list.imul(2).unwrap();
    list += "ab";
    let all: Vec<Value> = list.value().unwrap();
    assert_eq!(all.len(), 200);
    assert_eq!(all[197..], [Value::from(99i64), "a".into(), "b".into()]);
    assert!(lost.lock().unwrap().is_empty());
    rest();
}

#[test]
fn failures_in_place_are_told_to_the_peers_hook() {
    let (peer, _back, lost) = told();
    let mut seven = peer.transfer(&7).unwrap();
    seven.idiv(0).unwrap();
    seven += Unsendable;
    seven += "text";
    refused(
        seven.iadd(Unsendable),
        Kind::NotTransferable,
        "this stays here",
    );
    let plain: Proxy = peer
        .import("things")
        .and_then(|it| it.call("Plain", ()))
        .unwrap();
    plain.iadd(1).unwrap();
    assert_eq!(seven.value::<i64>().unwrap(), 7);
    peer.close().unwrap();
    seven += 1;
    // What is waited for comes after it.
    refused(seven.start::<i64>("", ()).wait(), Kind::Closed, "closed");
    drop(plain);

    let told = |lost: &PostError| (lost.callee.clone(), lost.error.kind());
    let mut lost: Vec<_> = lost.lock().unwrap().iter().map(told).collect();
    // What can not travel is told on this thread, everything else in its order.
    let unsent = ("int.__iadd__".to_owned(), Kind::NotTransferable);
    lost.remove(lost.iter().position(|it| *it == unsent).unwrap());
    assert_eq!(
        lost,
        [
            ("int.__itruediv__".to_owned(), Kind::ArithmeticError),
            ("int.__iadd__".to_owned(), Kind::TypeError),
            ("Plain.__iadd__".to_owned(), Kind::NoSuchAttribute),
            ("int.__iadd__".to_owned(), Kind::Closed),
        ]
    );
    rest();
}

#[test]
fn a_failure_in_place_that_nobody_could_be_told_of_stays_with_the_proxy() {
    let mut money = money(5);
    let same = money.clone();
    money += 1;
    let error = refused(
        money.call::<i64>("__add__", (1,)),
        Kind::NoSuchAttribute,
        "has no `__iadd__`",
    );
    assert_eq!(error.trace(), ["in Money.__iadd__"]);
    refused(
        money.get::<i64>("cents"),
        Kind::NoSuchAttribute,
        "has no `__iadd__`",
    );
    assert_eq!(same.get::<i64>("cents").unwrap(), 5);

    let mut five = data(5);
    five += 1;
    five += Unsendable;
    refused(
        five.value::<i64>(),
        Kind::NotTransferable,
        "this stays here",
    );
}

#[test]
fn data_has_every_operator_also_as_an_attribute() {
    let seven = data(-7);
    for name in Arithmetic::METHODS {
        assert!(seven.get::<Proxy>(name).is_ok(), "{name}");
    }
    assert_eq!(seven.abs::<i64>().unwrap(), 7);
    assert_eq!(seven.at("__floordiv__").invoke::<i64>((2,)).unwrap(), -4);
    let mut sum = data(vec![1i64]);
    sum += &data(vec![2i64]);
    sum += "a";
    assert_eq!(sum.text().unwrap(), "[1, 2, 'a']");
    refused(sum.iadd(5), Kind::TypeError, "'int' object is not iterable");
}
