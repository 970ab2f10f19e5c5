//! What the author wrote on the attribute itself. The attributes inside of the trait are those of `#[object]`.

use syn::parse::{Parse, ParseStream};
use syn::{LitStr, Path, Result};

use crate::parse::arguments;

/// `#[proxy(module = "counters", crate = locum_protocol)]`.
pub(crate) struct ViewArguments {
    pub(crate) module: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

impl Parse for ViewArguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let advice = "`#[proxy]` takes `module = \"...\"`, the name by which the object is imported, or nothing";
        let (module, krate) = arguments(input, "module", advice)?;
        Ok(ViewArguments { module, krate })
    }
}
