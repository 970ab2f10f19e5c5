use locum_guest::object;

struct Keeper<T>(T);

#[object]
impl<T> Keeper<T> {
    fn len(&self) -> usize {
        size_of::<T>()
    }
}

fn main() {}
