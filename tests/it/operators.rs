//! Special methods: operators, items, attributes, under the names that Python has for them.

mod methods;

use std::collections::HashSet;

use locum::ops::{Arithmetic, Comparison};
use locum::{Kind, Proxy, Value, args};
use locum_tests::{SAMPLES, refused};

#[test]
fn r22_each_operator_reaches_the_method_of_its_own_name() {
    SAMPLES.over_both(|subject| {
        let operand = subject.make("Operand", ())?;
        for op in Arithmetic::ALL {
            for name in [op.special(), op.reflected()] {
                let told: String = operand.call(name, (7,))?;
                assert_eq!(told, format!("{name} 7"));
            }
        }
        for name in ["__lt__", "__le__", "__gt__", "__ge__"] {
            assert_eq!(operand.call::<String>(name, ("x",))?, format!("{name} 'x'"));
        }
        for name in ["__neg__", "__pos__", "__invert__", "__abs__"] {
            assert_eq!(operand.call::<String>(name, ())?, name);
        }
        Ok(())
    });
}

#[test]
fn r22_each_operator_in_place_changes_the_object() {
    SAMPLES.over_both(|subject| {
        let operand = subject.make("Operand", ())?;
        for op in Arithmetic::ALL {
            operand.call::<()>(op.in_place(), (1,))?;
        }
        let done: Vec<String> = operand.get("done")?;
        let names = Arithmetic::ALL
            .iter()
            .map(|op| format!("{} 1", op.in_place()));
        assert_eq!(done, names.collect::<Vec<_>>());
        Ok(())
    });
}

/// The seed sends `__pow__` for `__floordiv__` and `__ror__` for `__rxor__`.
#[test]
fn r22_the_two_slips_of_the_seed_are_not_copied() {
    let names: HashSet<&str> = Arithmetic::ALL
        .iter()
        .flat_map(|op| [op.special(), op.reflected(), op.in_place()])
        .collect();
    assert_eq!(names.len(), 3 * Arithmetic::ALL.len());
    SAMPLES.over_both(|subject| {
        let seven = subject.transfer(&7)?;
        assert_eq!(seven.call::<i64>("__floordiv__", (2,))?, 3);
        assert_eq!(seven.floordiv::<i64>(2)?, 3);
        assert_eq!(seven.rfloordiv::<i64>(15)?, 2);
        assert_eq!(seven.call::<i64>("__rxor__", (2,))?, 5);
        assert_eq!(seven.rbitxor::<i64>(2)?, 5);
        // It has more of them: in place, shifts send the plain form and `//=` sends `**`, and the result of each is None.
        seven.ifloordiv(2)?;
        assert_eq!(seven.value::<i64>()?, 3);
        seven.ilshift(2)?;
        seven.irshift(1)?;
        assert_eq!(seven.value::<i64>()?, 6);
        Ok(())
    });
}

#[test]
fn r22_numbers_over_there_calculate_as_python_does() {
    SAMPLES.over_both(|subject| {
        let minus_seven = subject.transfer(&-7)?;
        for (op, other, result) in [
            ("__add__", 2, Value::from(-5)),
            ("__sub__", 2, (-9).into()),
            ("__rsub__", 2, 9.into()),
            ("__mul__", 2, (-14).into()),
            ("__truediv__", 2, (-3.5).into()),
            ("__div__", 2, (-3.5).into()),
            ("__floordiv__", 2, (-4).into()),
            ("__mod__", 3, 2.into()),
            ("__rmod__", 3, (-4).into()),
            ("__pow__", 3, (-343).into()),
            ("__lshift__", 2, (-28).into()),
            ("__rshift__", 1, (-4).into()),
            ("__and__", 12, 8.into()),
            ("__or__", 2, (-5).into()),
            ("__xor__", 1, (-8).into()),
            ("__lt__", 0, true.into()),
            ("__ge__", 0, false.into()),
            ("__eq__", -7, true.into()),
            ("__ne__", -7, false.into()),
        ] {
            assert_eq!(
                minus_seven.call::<Value>(op, (other,))?,
                result,
                "{op} {other}"
            );
        }
        minus_seven.call::<()>("__iadd__", (10,))?;
        assert_eq!(minus_seven.value::<i64>()?, 3);
        let answer = minus_seven.call::<Value>("__floordiv__", (0,));
        refused(answer, Kind::ArithmeticError, &["zero"]);
        Ok(())
    });
}

#[test]
fn r22_an_operand_may_be_another_object() {
    SAMPLES.over_both(|subject| {
        let (two, list) = (subject.transfer(&2)?, subject.transfer(&[1, 2])?);
        assert_eq!(list.call::<Vec<i64>>("__mul__", (&two,))?, [1, 2, 1, 2]);
        assert!(list.contains(&two)?);
        assert_eq!(
            list.get_item::<i64>(subject.transfer(&0)?.value::<i64>()?)?,
            1
        );
        let operand = subject.make("Operand", ())?;
        let told: String = two.call("__add__", (&operand,))?;
        assert_eq!(
            told, "__radd__ 2",
            "what it can not do itself, the other is asked"
        );
        Ok(())
    });
}

#[test]
fn r22_items_length_and_membership_are_special_methods() {
    SAMPLES.over_both(|subject| {
        let bag = subject.make("Bag", args!(a = 1))?;
        bag.set_item("b", 2)?;
        assert_eq!(bag.len()?, 2);
        assert_eq!(bag.get_item::<i64>("b")?, 2);
        assert!(bag.contains("a")? && !bag.contains("c")?);
        bag.del_item("a")?;
        refused(bag.get_item::<i64>("a"), Kind::KeyError, &["\"a\""]);
        refused(bag.del_item("a"), Kind::KeyError, &["\"a\""]);
        let names: Vec<String> = bag.iter()?.collect::<Result<_, _>>()?;
        assert_eq!(names, ["b"]);
        assert!(bag.truth()?);
        bag.del_item("b")?;
        assert!(!bag.truth()?, "what has a length is true when it is not 0");
        Ok(())
    });
}

#[test]
fn r22_setting_an_attribute_is_a_special_method_too() {
    SAMPLES.over_both(|subject| {
        let bag = subject.make("Bag", ())?;
        bag.call::<()>("__setattr__", ("a", 1))?;
        assert_eq!(bag.call::<i64>("__getattr__", ("a",))?, 1);
        assert_eq!(bag.get::<i64>("a")?, 1);
        Ok(())
    });
}

#[test]
fn r22_every_object_has_identity_and_truth() {
    SAMPLES.over_both(|subject| {
        let (a, b) = (subject.make("Keeper", ())?, subject.make("Keeper", ())?);
        assert!(a.eq(&a)? && a.ne(&b)? && !a.eq(&b)? && !a.eq(1)?);
        assert!(a.truth()?);
        refused(
            a.len(),
            Kind::NoSuchAttribute,
            &["`Keeper` has no attribute `__len__`"],
        );
        let answer = a.call::<Value>("__lt__", (1,));
        refused(
            answer,
            Kind::NoSuchAttribute,
            &["`Keeper` has no attribute `__lt__`"],
        );
        Ok(())
    });
}

#[test]
fn r22_operators_on_values_here_ask_the_objects_over_there() {
    SAMPLES.over_both(|subject| {
        let operand = Value::Object(subject.make("Operand", ())?);
        for op in Arithmetic::ALL {
            let left = locum::ops::arithmetic(*op, &operand, &7.into())?;
            assert_eq!(left, format!("{} 7", op.special()).into());
            let right = locum::ops::arithmetic(*op, &7.into(), &operand)?;
            assert_eq!(right, format!("{} 7", op.reflected()).into());
        }
        let list = Value::Object(subject.transfer(&[1, 2])?);
        let other: Proxy = subject.transfer(&[1, 3])?;
        let holds = |op| locum::ops::compare_with(op, &list, &Value::Object(other.clone()));
        assert!(holds(Comparison::Lt)? && holds(Comparison::Ne)? && !holds(Comparison::Ge)?);
        Ok(())
    });
}
