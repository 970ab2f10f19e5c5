//! How directories and files are passed: by proxy, wherever they are in data.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Directory, File};
use crate::options::IntoPublished;
use crate::{ObjectRef, Proxy, Shared};

macro_rules! passed {
    ($($T:ident),*) => {$(
        impl $T {
            /// A proxy to it, as it is passed to plugins. Each one is an object of its own that leads to the same thing.
            pub fn proxy(&self) -> Proxy {
                Shared::new(self.clone()).proxy()
            }
        }

        impl Serialize for $T {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.proxy().serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $T {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let shared = Shared::<$T>::deserialize(deserializer)?;
                let held = shared.borrow().map_err(de::Error::custom)?;
                Ok($T::clone(&held))
            }
        }

        impl IntoPublished for $T {
            fn into_published(self) -> ObjectRef {
                Shared::new(self).into_published()
            }
        }
    )*};
}

passed!(Directory, File);
