use locum_guest::object;

struct Turtle(i64, i64);

#[object]
impl Turtle {
    fn go_to(&mut self, (x, y): (i64, i64)) {
        (self.0, self.1) = (x, y);
    }
}

fn main() {}
