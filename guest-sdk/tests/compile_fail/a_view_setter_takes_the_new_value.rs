use locum_guest::{Result, proxy};

#[proxy]
trait Counter {
    #[setter]
    fn set_zoom(&self) -> Result<()>;
}

fn main() {}
