//! Special methods as methods of proxies, and Rust's own operators.

use std::sync::{Arc, Mutex};

use locum::ops::Arithmetic;
use locum::{Kind, LoadOptions, PostError, Proxy, Result, Value};
use locum_tests::{COLLECTIONS, SAMPLES, refused};

type Typed = fn(&Proxy, i64) -> Result<String>;
type InPlace = fn(&Proxy, i64) -> Result<()>;

const METHODS: [(Arithmetic, Typed, Typed, InPlace); 12] = {
    use Arithmetic::*;
    [
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
    ]
};

#[test]
fn r22_each_method_of_a_proxy_reaches_the_operator_of_its_name() {
    SAMPLES.over_both(|subject| {
        let operand = subject.make("Operand", ())?;
        for (op, plain, reflected, in_place) in METHODS {
            assert_eq!(plain(&operand, 7)?, format!("{} 7", op.special()));
            assert_eq!(reflected(&operand, 7)?, format!("{} 7", op.reflected()));
            in_place(&operand, 7)?;
        }
        let done: Vec<String> = operand.get("done")?;
        let names = METHODS.map(|(op, ..)| format!("{} 7", op.in_place()));
        assert_eq!(done, names, "in their order, and before what came next");
        assert_eq!(operand.neg::<String>()?, "__neg__");
        assert_eq!(operand.pos::<String>()?, "__pos__");
        assert_eq!(operand.invert::<String>()?, "__invert__");
        assert_eq!(operand.abs::<String>()?, "__abs__");
        Ok(())
    });
}

#[test]
fn r22_rusts_operators_reach_the_object_from_either_side() {
    SAMPLES.over_both(|subject| {
        let mut operand = subject.make("Operand", ())?;
        let a = &operand;
        for (left, right, name) in [
            (a + 7, 7 + a, "add"),
            (a - 7, 7 - a, "sub"),
            (a * 7, 7 * a, "mul"),
            (a / 7, 7 / a, "truediv"),
            (a % 7, 7 % a, "mod"),
            (a << 7, 7 << a, "lshift"),
            (a >> 7, 7 >> a, "rshift"),
            (a & 7, 7 & a, "and"),
            (a | 7, 7 | a, "or"),
            (a ^ 7, 7 ^ a, "xor"),
        ] {
            assert_eq!(left?, format!("__{name}__ 7").into());
            assert_eq!(right?, format!("__r{name}__ 7").into());
        }
        assert_eq!((-a)?, "__neg__".into());
        assert_eq!((!a)?, "__invert__".into());
        operand += 1;
        operand -= 2;
        operand *= 3;
        operand /= 4;
        operand %= 5;
        operand <<= 6;
        operand >>= 7;
        operand &= 8;
        operand |= 9;
        operand ^= 10;
        let done: Vec<String> = operand.get("done")?;
        assert_eq!(
            done.join(", "),
            "__iadd__ 1, __isub__ 2, __imul__ 3, __itruediv__ 4, __imod__ 5, \
             __ilshift__ 6, __irshift__ 7, __iand__ 8, __ior__ 9, __ixor__ 10"
        );
        Ok(())
    });
}

#[test]
fn r22_a_number_over_there_has_every_operator() {
    SAMPLES.over_both(|subject| {
        let mut it = subject.transfer(&-7)?;
        assert_eq!((it.add::<i64>(2)?, it.radd::<i64>(2)?), (-5, -5));
        assert_eq!((it.sub::<i64>(2)?, it.rsub::<i64>(2)?), (-9, 9));
        assert_eq!((it.mul::<i64>(2)?, it.rmul::<i64>(2)?), (-14, -14));
        assert_eq!((it.div::<f64>(2)?, it.rdiv::<f64>(7)?), (-3.5, -1.0));
        assert_eq!((it.floordiv::<i64>(2)?, it.rfloordiv::<i64>(8)?), (-4, -2));
        assert_eq!((it.modulo::<i64>(4)?, it.rmodulo::<i64>(8)?), (1, -6));
        assert_eq!((it.pow::<i64>(3)?, it.rpow::<f64>(2)?), (-343, 1.0 / 128.0));
        assert_eq!((it.lshift::<i64>(1)?, it.rshift::<i64>(1)?), (-14, -4));
        assert_eq!((it.bitand::<i64>(12)?, it.rbitand::<i64>(12)?), (8, 8));
        assert_eq!((it.bitor::<i64>(2)?, it.rbitor::<i64>(2)?), (-5, -5));
        assert_eq!((it.bitxor::<i64>(1)?, it.rbitxor::<i64>(1)?), (-8, -8));
        assert_eq!((it.neg::<i64>()?, it.pos::<i64>()?), (7, -7));
        assert_eq!((it.invert::<i64>()?, it.abs::<i64>()?), (6, 7));

        let two = subject.transfer(&2)?;
        assert_eq!((two.rlshift::<i64>(3)?, two.rrshift::<i64>(8)?), (12, 2));
        assert_eq!((&it + &two)?, Value::from(-5), "an operand may be a proxy");

        it += 10;
        it -= &two;
        it *= 5;
        it.ipow(2)?;
        it.ifloordiv(2)?;
        it %= 7;
        it <<= 5;
        it >>= 2;
        it |= 3;
        it &= 11;
        it ^= 1;
        it /= 4;
        assert_eq!(it.value::<f64>()?, 2.5);
        refused(
            it.add::<Value>("text"),
            Kind::TypeError,
            &["+", "float", "text"],
        );
        refused(two.lshift::<i64>(-1), Kind::ValueError, &["negative shift"]);
        Ok(())
    });
}

#[test]
fn r22_comparisons_tell_less_equal_and_greater_apart() {
    SAMPLES.over_both(|subject| {
        let five = subject.transfer(&5)?;
        for (other, less, equal) in [(6, true, false), (5, false, true), (4, false, false)] {
            let there = subject.transfer(&other)?;
            assert_eq!((five.lt(other)?, five.lt(&there)?), (less, less));
            assert_eq!(
                (five.le(other)?, five.le(&there)?),
                (less || equal, less || equal)
            );
            assert_eq!(
                (five.gt(other)?, five.gt(&there)?),
                (!less && !equal, !less && !equal)
            );
            assert_eq!((five.ge(other)?, five.ge(&there)?), (!less, !less));
            assert_eq!((five.eq(other)?, five.eq(&there)?), (equal, equal));
            assert_eq!((five.ne(other)?, five.ne(&there)?), (!equal, !equal));
        }
        refused(
            five.lt("text"),
            Kind::TypeError,
            &["cannot compare int with text"],
        );
        Ok(())
    });
}

#[test]
fn r22_the_other_object_is_asked_when_the_first_has_no_such_method() {
    SAMPLES.over_both(|subject| {
        let (keeper, operand) = (subject.make("Keeper", ())?, subject.make("Operand", ())?);
        assert_eq!(keeper.sub::<String>(&operand)?, "__rsub__ <Keeper>");
        assert_eq!((&keeper - &operand)?, "__rsub__ <Keeper>".into());
        refused(
            keeper.sub::<String>(&keeper),
            Kind::NoSuchAttribute,
            &["`Keeper` has no attribute `__sub__`"],
        );
        // Across two plugins too.
        let there = subject.another();
        let told: String = keeper.sub(there.make("Operand", ())?)?;
        assert_eq!(told, "__rsub__ <Keeper>");
        there.settle();
        Ok(())
    });
}

#[test]
fn r22_containers_change_in_place_and_keep_the_order_of_calls() {
    COLLECTIONS.over_both(|subject| {
        let mut list = subject.make("list", ())?;
        for n in 0..50 {
            list += vec![n];
            assert_eq!(list.len()?, n + 1);
        }
        list.imul(2)?;
        list.post("append", ("last",))?;
        list += "ab";
        assert_eq!(list.len()?, 103);
        assert_eq!(list.get_item::<String>(-1)?, "b");
        let mut set = subject.make("set", (vec![1, 2, 3],))?;
        set |= vec![4];
        set -= &subject.make("set", (vec![1],))?;
        assert_eq!(set.len()?, 3);
        Ok(())
    });
}

#[test]
fn r22_setting_attributes_and_items_are_operators_of_the_object() {
    SAMPLES.over_both(|subject| {
        let counter = subject.make("Counter", (1,))?;
        counter.call::<()>("__setattr__", ("value", 5))?;
        assert_eq!(counter.call::<i64>("__getattr__", ("value",))?, 5);
        counter.post_set("value", 6)?;
        assert_eq!(counter.get::<i64>("value")?, 6);
        // What an attribute holds is data: a copy would change, and nobody would see it.
        let value = counter.at("value");
        let answer = value.call::<()>("__iadd__", (1,));
        refused(
            answer,
            Kind::TypeError,
            &["`value` is data", "set the attribute"],
        );
        assert_eq!(value.value::<i64>()?, 6);
        let list = subject.transfer(&[1, 2])?;
        list.set_item(0, "x")?;
        list.del_item(1)?;
        assert_eq!(list.text()?, "['x']");
        Ok(())
    });
}

#[test]
fn r22_failures_in_place_reach_the_hook_from_the_sandbox() {
    let lost: Arc<Mutex<Vec<PostError>>> = Arc::default();
    let options = LoadOptions::new().on_post_error({
        let lost = lost.clone();
        move |error| lost.lock().unwrap().push(error.clone())
    });
    let subject = SAMPLES.in_wasm_with(options, Vec::new());
    let mut seven = subject.transfer(&7).unwrap();
    seven.ifloordiv(0).unwrap();
    seven += "text";
    // Too deep to travel: told at once.
    let deep = (0..100).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    refused(
        seven.iadd(&deep),
        Kind::LimitExceeded,
        &["argument 1", "deeper"],
    );
    assert_eq!(seven.value::<i64>().unwrap(), 7);
    seven += deep;
    let mut keeper = subject.make("Keeper", ()).unwrap();
    keeper += 1;
    subject.settle();
    let lost: Vec<_> = std::mem::take(&mut *lost.lock().unwrap());
    let told: Vec<_> = lost
        .iter()
        .map(|it| (&*it.callee, it.error.kind()))
        .collect();
    assert_eq!(
        told,
        [
            ("int.__ifloordiv__", Kind::ArithmeticError),
            ("int.__iadd__", Kind::TypeError),
            ("int.__iadd__", Kind::LimitExceeded),
            ("Keeper.__iadd__", Kind::NoSuchAttribute),
        ]
    );
    assert!(lost.iter().all(|it| it.peer == subject.name()));
}
