use locum_guest::{Value, args, callback};

use super::{answer, data, run, shown};

#[test]
fn p04_attributes_are_set_read_and_taken_away() {
    run(|it| {
        let namespace = it.make("Namespace", args!(x = 1, _hidden = 2, b = "text"))?;
        assert_eq!(namespace.to_string(), "Namespace(b='text', x=1)");
        assert_eq!(namespace.get::<i64>("x")?, 1);
        assert_eq!(namespace.get::<i64>("_hidden")?, 2);
        namespace.set("x", data![1i64])?;
        namespace.set("items", 3)?;
        assert_eq!(namespace.to_string(), "Namespace(b='text', items=3, x=[1])");
        assert!(namespace.contains("items")? && !namespace.contains("nope")?);
        namespace.call::<()>("__delattr__", ("b",))?;
        for error in [
            namespace.get::<Value>("b").unwrap_err(),
            namespace.call::<()>("__delattr__", ("b",)).unwrap_err(),
        ] {
            assert_eq!(
                error.to_string(),
                "AttributeError: 'Namespace' object has no attribute 'b'"
            );
        }
        assert_eq!(
            answer(&namespace, "__dir__", ()),
            "['_hidden', 'items', 'x']"
        );
        assert_eq!(
            shown(namespace.value()),
            "{'x': [1], '_hidden': 2, 'items': 3}"
        );
        assert_eq!(it.make("Namespace", ())?.to_string(), "Namespace()");
        Ok(())
    });
}

#[test]
fn names_of_methods_can_not_be_taken() {
    run(|it| {
        let namespace = it.make("Namespace", ())?;
        let error = namespace.set("__str__", 1).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("AttributeError: `Namespace.__str__` can not be set")
        );
        assert!(it.make("Namespace", args!(__x = 1)).is_err());
        assert!(it.make("Namespace", (1,)).is_err());
        Ok(())
    });
}

#[test]
fn an_attribute_may_be_an_object_and_be_called() {
    run(|it| {
        let namespace = it.make("Namespace", args!(double = callback(|n: i64| n * 2)))?;
        assert_eq!(answer(&namespace, "double", (21,)), "42");
        namespace.set("list", it.make("list", ())?)?;
        namespace.at("list").call::<()>("append", (1,))?;
        assert_eq!(namespace.at("list").len()?, 1);
        namespace.call::<()>("__delattr__", ("double",))?;
        assert_eq!(namespace.to_string(), "Namespace(list=[1])");
        Ok(())
    });
}

#[test]
fn namespaces_are_equal_by_their_attributes() {
    run(|it| {
        let a = it.make("Namespace", args!(x = 1, y = 2))?;
        assert!(a.eq(it.make("Namespace", args!(y = 2.0, x = 1))?)?);
        assert!(
            a.ne(it.make("Namespace", args!(x = 1))?)?
                && !a.eq(it.make("dict", args!(x = 1, y = 2))?)?
        );
        Ok(())
    });
}
