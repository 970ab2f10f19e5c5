//! Objects inside objects, to walk along.

use std::sync::atomic::{AtomicUsize, Ordering};

use locum_guest::{Shared, object};

use crate::alive::Live;

/// The outermost.
pub(crate) struct Scene {
    camera: Shared<Camera>,
    looks: AtomicUsize,
    _live: Live,
}

/// A scene with a camera.
#[object]
impl Scene {
    fn new() -> Self {
        let lens = Shared::new(Lens {
            zoom: 1.0,
            _live: Live::new(),
        });
        let camera = Camera {
            lens,
            _live: Live::new(),
        };
        Scene {
            camera: Shared::new(camera),
            looks: AtomicUsize::new(0),
            _live: Live::new(),
        }
    }

    #[getter]
    fn camera(&self) -> Shared<Camera> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.camera.clone()
    }

    #[getter]
    fn title(&self) -> &str {
        "a scene"
    }

    /// How often the camera has been looked up.
    fn looks(&self) -> usize {
        self.looks.load(Ordering::Relaxed)
    }

    fn is_my_lens(&self, lens: Shared<Lens>) -> locum_guest::Result<bool> {
        Ok(self.camera.borrow()?.lens.same_object(&lens))
    }
}

/// In the middle.
pub(crate) struct Camera {
    lens: Shared<Lens>,
    _live: Live,
}

/// A camera with a lens.
#[object]
impl Camera {
    #[getter]
    fn lens(&self) -> Shared<Lens> {
        self.lens.clone()
    }
}

/// The innermost.
pub(crate) struct Lens {
    zoom: f64,
    _live: Live,
}

/// A lens.
#[object]
impl Lens {
    #[getter]
    fn zoom(&self) -> f64 {
        self.zoom
    }

    #[setter]
    fn set_zoom(&mut self, zoom: f64) {
        self.zoom = zoom;
    }

    /// The only way to look through it.
    #[getter]
    fn model(&self) -> &str {
        "50mm"
    }

    /// Zooms, and tells how far it is now.
    fn zoom_by(&mut self, factor: f64, #[arg(default = 1)] times: u32) -> f64 {
        for _ in 0..times {
            self.zoom *= factor;
        }
        self.zoom
    }
}
