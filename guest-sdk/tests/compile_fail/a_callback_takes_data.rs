use locum_guest::callback;

struct Step(i64);

fn main() {
    callback(|step: Step| step.0);
}
