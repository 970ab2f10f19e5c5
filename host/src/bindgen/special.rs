//! Special methods, whose names are Python's, by the names that Rust has for what they do.

/// The name of a special method's function; `None` for one that is left out.
pub(super) fn rust_name(name: &str) -> Option<&'static str> {
    Some(match name {
        // As the methods of `Proxy` are called.
        "__len__" => "len",
        "__getitem__" => "get_item",
        "__setitem__" => "set_item",
        "__delitem__" => "del_item",
        "__contains__" => "contains",
        "__iter__" => "iter",
        "__call__" => "invoke",
        "__bool__" => "truth",
        "__eq__" => "eq",
        "__ne__" => "ne",
        // As those of the traits of `std::ops` and `std::cmp` are, where there is one.
        "__lt__" => "lt",
        "__le__" => "le",
        "__gt__" => "gt",
        "__ge__" => "ge",
        "__add__" => "add",
        "__sub__" => "sub",
        "__mul__" => "mul",
        "__matmul__" => "matmul",
        "__truediv__" => "div",
        "__floordiv__" => "floor_div",
        "__mod__" => "rem",
        "__pow__" => "pow",
        "__lshift__" => "shl",
        "__rshift__" => "shr",
        "__and__" => "bitand",
        "__or__" => "bitor",
        "__xor__" => "bitxor",
        "__iadd__" => "add_assign",
        "__isub__" => "sub_assign",
        "__imul__" => "mul_assign",
        "__imatmul__" => "matmul_assign",
        "__itruediv__" => "div_assign",
        "__ifloordiv__" => "floor_div_assign",
        "__imod__" => "rem_assign",
        "__ipow__" => "pow_assign",
        "__ilshift__" => "shl_assign",
        "__irshift__" => "shr_assign",
        "__iand__" => "bitand_assign",
        "__ior__" => "bitor_assign",
        "__ixor__" => "bitxor_assign",
        "__neg__" => "neg",
        "__pos__" => "pos",
        "__invert__" => "not",
        "__abs__" => "abs",
        "__next__" => "next",
        "__reversed__" => "reversed",
        _ => return None,
    })
}

/// Whether a name is that of a special method.
pub(super) fn is_special(name: &str) -> bool {
    name.len() > 4 && name.starts_with("__") && name.ends_with("__")
}
