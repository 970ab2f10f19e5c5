// Views of the objects of `samples 0.1.0`, from what it tells about itself.
// Written by `locum bindgen samples.wasm samples samples.errors`; write it again rather than change it.

use locum::{Array, Bytes, Items, Map, Proxy, Result, Serialize, Slice, Value, proxy};

/// Objects that behave, and functions.
#[proxy(module = "samples")]
pub trait Samples {
    /// `Counter(start: int = 0) -> Counter`
    #[name("Counter")]
    fn counter(&self, #[arg(default)] start: Option<i64>) -> Result<CounterProxy>;
    /// `Keeper() -> Keeper`
    #[name("Keeper")]
    fn keeper(&self) -> Result<KeeperProxy>;
    /// `Scene() -> Scene`
    #[name("Scene")]
    fn scene(&self) -> Result<SceneProxy>;
    /// `Operand() -> Operand`
    #[name("Operand")]
    fn operand(&self) -> Result<OperandProxy>;
    /// `Bag(**entries: map) -> Bag`
    #[name("Bag")]
    fn bag(&self, #[arg(keywords)] entries: &Map) -> Result<BagProxy>;
    /// Calls `function` with the other arguments.
    fn apply(
        &self,
        function: &Proxy,
        #[arg(rest)] positional: &[Value],
        #[arg(keywords)] keywords: &Map,
    ) -> Result<Value>;
    /// What the host's clock tells, through a view of it.
    fn clock_time(&self, #[arg(default)] hours: Option<i64>) -> Result<i64>;
    /// What it was given.
    fn echo(&self, value: impl Serialize) -> Result<Value>;
    /// What it was given, borrowed from the message on its way.
    fn echo_bytes(&self, bytes: &Bytes) -> Result<Bytes>;
    /// What the host has published under a name.
    fn imported(&self, name: &str) -> Result<Proxy>;
    /// Goes through an iterator of the host's, and gives its items as a list.
    ///
    /// `items_of(items: iterator[any], most: int = 1000) -> list[any]`
    fn items_of(
        &self,
        items: &Items<Value>,
        #[arg(default)] most: Option<i64>,
    ) -> Result<Vec<Value>>;
    /// How many bytes there are.
    fn length(&self, bytes: &Bytes) -> Result<i64>;
    /// How its arguments arrived.
    ///
    /// `rest_and_keywords(first: int, second: int = 2, *rest: list[any], **keywords: map) -> [int, int, list[any], map]`
    fn rest_and_keywords(
        &self,
        first: i64,
        #[arg(default)] second: Option<i64>,
        #[arg(rest)] rest: &[Value],
        #[arg(keywords)] keywords: &Map,
    ) -> Result<(i64, i64, Vec<Value>, Map)>;
    /// Arguments of several types, some of which may be left out.
    fn span(&self, of: Slice, r#type: &str, #[arg(default)] label: Option<&str>) -> Result<String>;
    /// Adds 1 to every counter in the delivery, and gives it back as it came.
    fn deliver(&self, delivery: impl Serialize) -> Result<Value>;
    /// The objects of a delivery in order, and whether each lives in this plugin.
    fn unpack(&self, delivery: impl Serialize) -> Result<Vec<(Proxy, bool)>>;
    /// An array of the same shape, with every element times `by`.
    ///
    /// `scale(array: array[f64], by: float = 2.0) -> array[f64]`
    fn scale(&self, array: &Array<f64>, #[arg(default)] by: Option<f64>) -> Result<Array<f64>>;
    /// How many elements there are.
    fn array_length(&self, array: &Array<f64>) -> Result<i64>;
    /// The array that it was given, as it came.
    fn echo_array(&self, array: &Array<f64>) -> Result<Array<f64>>;
    /// The same image, with every byte turned round where it lies.
    fn negative(&self, image: &Array<u8>) -> Result<Array<u8>>;
    /// A table of `rows` by `columns` numbers that count up from 0.
    fn table(&self, rows: i64, columns: i64) -> Result<Array<i64>>;
    /// The sum of numbers, by a function that knows lists only.
    fn total(&self, numbers: &[f64]) -> Result<f64>;
    /// The same recording, its channels in the opposite order.
    fn reverse_channels(&self, recording: impl Serialize) -> Result<Value>;
    /// Sample objects alive in this plugin.
    fn live(&self) -> Result<i64>;
    /// How many objects this plugin has lent to its host, and how many it holds of it, `probe` among them.
    fn tables(&self, probe: &Proxy) -> Result<(i64, i64)>;
    /// `LIMIT: int`
    #[getter("LIMIT")]
    fn limit(&self) -> Result<i64>;
}

/// A counter that can be watched.
#[proxy]
pub trait Counter {
    /// `value: int`
    #[getter]
    fn value(&self) -> Result<i64>;
    /// Sets `value`.
    #[setter]
    fn set_value(&self, value: i64) -> Result<()>;
    /// `is_even: bool`
    #[getter]
    fn is_even(&self) -> Result<bool>;
    /// Adds `by` and tells every watcher.
    ///
    /// `add(by: int = 1) -> int`
    fn add(&self, #[arg(default)] by: Option<i64>) -> Result<i64>;
    /// Adds a number that fits in a byte.
    fn add_small(&self, by: i64) -> Result<i64>;
    /// `watch(watcher: object)`
    fn watch(&self, watcher: &Proxy) -> Result<()>;
    /// `forget_watchers()`
    fn forget_watchers(&self) -> Result<()>;
    /// `countdown() -> iterator[int]`
    fn countdown(&self) -> Result<Items<i64>>;
    /// Another counter at the same value.
    fn twin(&self) -> Result<CounterProxy>;
    /// `myself() -> Counter`
    fn myself(&self) -> Result<CounterProxy>;
    /// `is_me(other: Counter) -> bool`
    fn is_me(&self, other: &CounterProxy) -> Result<bool>;
    /// How often this very object is in `data`, at whatever depth.
    fn find_me(&self, data: impl Serialize) -> Result<i64>;
    /// Changes the counter while `callback` may look at it.
    fn add_during(&self, callback: &Proxy) -> Result<i64>;
}

/// Keeps whatever it is given. It has no value form.
#[proxy]
pub trait Keeper {
    /// `keep(value: any)`
    fn keep(&self, value: impl Serialize) -> Result<()>;
    /// What was kept last; it stays.
    fn last(&self) -> Result<Option<Value>>;
    /// What was kept last; it goes.
    fn give(&self) -> Result<Option<Value>>;
    /// `forget()`
    fn forget(&self) -> Result<()>;
    /// Whether what was kept last is an object that lives in this plugin.
    fn last_is_at_home(&self) -> Result<bool>;
    /// Calls a method of what was kept last.
    fn call_last(&self, name: &str, #[arg(rest)] arguments: &[Value]) -> Result<Value>;
    /// Whether what was kept last equals `value`, as it sees it.
    fn last_equals(&self, value: impl Serialize) -> Result<bool>;
}

/// A scene with a camera.
#[proxy]
pub trait Scene {
    /// `camera: Camera`
    #[getter]
    fn camera(&self) -> Result<CameraProxy>;
    /// `title: text`
    #[getter]
    fn title(&self) -> Result<String>;
    /// How often the camera has been looked up.
    fn looks(&self) -> Result<i64>;
    /// `is_my_lens(lens: Lens) -> bool`
    fn is_my_lens(&self, lens: &LensProxy) -> Result<bool>;
}

/// A camera with a lens.
#[proxy]
pub trait Camera {
    /// `lens: Lens`
    #[getter]
    fn lens(&self) -> Result<LensProxy>;
}

/// A lens.
#[proxy]
pub trait Lens {
    /// `zoom: float`
    #[getter]
    fn zoom(&self) -> Result<f64>;
    /// Sets `zoom`.
    #[setter]
    fn set_zoom(&self, value: f64) -> Result<()>;
    /// The only way to look through it.
    #[getter]
    fn model(&self) -> Result<String>;
    /// Zooms, and tells how far it is now.
    ///
    /// `zoom_by(factor: float, times: int = 1) -> float`
    fn zoom_by(&self, factor: f64, #[arg(default)] times: Option<i64>) -> Result<f64>;
}

/// Tells which operators reached it.
#[proxy]
pub trait Operand {
    /// `done: list[text]`
    #[getter]
    fn done(&self) -> Result<Vec<String>>;
    /// `__add__(other: any) -> text`
    #[name("__add__")]
    fn add(&self, other: impl Serialize) -> Result<String>;
    /// `__sub__(other: any) -> text`
    #[name("__sub__")]
    fn sub(&self, other: impl Serialize) -> Result<String>;
    /// `__mul__(other: any) -> text`
    #[name("__mul__")]
    fn mul(&self, other: impl Serialize) -> Result<String>;
    /// `__truediv__(other: any) -> text`
    #[name("__truediv__")]
    fn div(&self, other: impl Serialize) -> Result<String>;
    /// `__floordiv__(other: any) -> text`
    #[name("__floordiv__")]
    fn floor_div(&self, other: impl Serialize) -> Result<String>;
    /// `__mod__(other: any) -> text`
    #[name("__mod__")]
    fn rem(&self, other: impl Serialize) -> Result<String>;
    /// `__pow__(other: any) -> text`
    #[name("__pow__")]
    fn pow(&self, other: impl Serialize) -> Result<String>;
    /// `__lshift__(other: any) -> text`
    #[name("__lshift__")]
    fn shl(&self, other: impl Serialize) -> Result<String>;
    /// `__rshift__(other: any) -> text`
    #[name("__rshift__")]
    fn shr(&self, other: impl Serialize) -> Result<String>;
    /// `__and__(other: any) -> text`
    #[name("__and__")]
    fn bitand(&self, other: impl Serialize) -> Result<String>;
    /// `__or__(other: any) -> text`
    #[name("__or__")]
    fn bitor(&self, other: impl Serialize) -> Result<String>;
    /// `__xor__(other: any) -> text`
    #[name("__xor__")]
    fn bitxor(&self, other: impl Serialize) -> Result<String>;
    /// `__lt__(other: any) -> text`
    #[name("__lt__")]
    fn lt(&self, other: impl Serialize) -> Result<String>;
    /// `__le__(other: any) -> text`
    #[name("__le__")]
    fn le(&self, other: impl Serialize) -> Result<String>;
    /// `__gt__(other: any) -> text`
    #[name("__gt__")]
    fn gt(&self, other: impl Serialize) -> Result<String>;
    /// `__ge__(other: any) -> text`
    #[name("__ge__")]
    fn ge(&self, other: impl Serialize) -> Result<String>;
    /// `__iadd__(other: any)`
    #[name("__iadd__")]
    fn add_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__isub__(other: any)`
    #[name("__isub__")]
    fn sub_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__imul__(other: any)`
    #[name("__imul__")]
    fn mul_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__itruediv__(other: any)`
    #[name("__itruediv__")]
    fn div_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__ifloordiv__(other: any)`
    #[name("__ifloordiv__")]
    fn floor_div_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__imod__(other: any)`
    #[name("__imod__")]
    fn rem_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__ipow__(other: any)`
    #[name("__ipow__")]
    fn pow_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__ilshift__(other: any)`
    #[name("__ilshift__")]
    fn shl_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__irshift__(other: any)`
    #[name("__irshift__")]
    fn shr_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__iand__(other: any)`
    #[name("__iand__")]
    fn bitand_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__ior__(other: any)`
    #[name("__ior__")]
    fn bitor_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__ixor__(other: any)`
    #[name("__ixor__")]
    fn bitxor_assign(&self, other: impl Serialize) -> Result<()>;
    /// `__neg__() -> text`
    #[name("__neg__")]
    fn neg(&self) -> Result<String>;
    /// `__pos__() -> text`
    #[name("__pos__")]
    fn pos(&self) -> Result<String>;
    /// `__invert__() -> text`
    #[name("__invert__")]
    fn not(&self) -> Result<String>;
    /// `__abs__() -> text`
    #[name("__abs__")]
    fn abs(&self) -> Result<String>;
}

/// A bag of named values: `bag.a`, `bag["a"]`.
#[proxy]
pub trait Bag {
    /// `__getitem__(name: text) -> any`
    #[name("__getitem__")]
    fn get_item(&self, name: &str) -> Result<Value>;
    /// `__setitem__(name: text, value: any)`
    #[name("__setitem__")]
    fn set_item(&self, name: &str, value: impl Serialize) -> Result<()>;
    /// `__delitem__(name: text)`
    #[name("__delitem__")]
    fn del_item(&self, name: &str) -> Result<()>;
    /// `__contains__(name: text) -> bool`
    #[name("__contains__")]
    fn contains(&self, name: &str) -> Result<bool>;
    /// `__len__() -> int`
    #[name("__len__")]
    fn len(&self) -> Result<i64>;
    /// `__iter__() -> iterator[text]`
    #[name("__iter__")]
    fn iter(&self) -> Result<Items<String>>;
    /// `__call__(name: text) -> any`
    #[name("__call__")]
    fn invoke(&self, name: &str) -> Result<Value>;
}

/// What raises errors.
#[proxy(module = "samples.errors")]
pub trait SamplesErrors {
    /// Raises an error of a kind, named as on the wire.
    fn raise(&self, kind: &str, message: &str) -> Result<()>;
    /// An error with a chain of causes.
    fn raise_anyhow(&self, text: &str) -> Result<i64>;
    /// An error that is no `std::error::Error`.
    fn raise_shown(&self, times: i64) -> Result<()>;
    /// An error of the standard library.
    fn raise_standard(&self, text: &str) -> Result<i64>;
    /// An error of the plugin's own type, with a trace and data of its own.
    fn raise_with_data(&self) -> Result<()>;
    /// An error of Locum's with words put on it.
    fn raise_wrapped(&self, key: &str) -> Result<()>;
}
