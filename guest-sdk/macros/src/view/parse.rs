//! What the author wrote on the attribute itself. The attributes inside of the trait are those of `#[object]`.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Result, Token};

/// `#[proxy(module = "counters", crate = locum_protocol)]`.
#[derive(Default)]
pub(crate) struct ViewArguments {
    pub(crate) module: Option<LitStr>,
    pub(crate) krate: Option<Path>,
}

impl Parse for ViewArguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut arguments = ViewArguments::default();
        while !input.is_empty() {
            if input.peek(Token![crate]) {
                input.parse::<Token![crate]>()?;
                input.parse::<Token![=]>()?;
                arguments.krate = Some(input.call(Path::parse_mod_style)?);
            } else {
                let key: Ident = input.parse()?;
                if key != "module" {
                    return Err(syn::Error::new(
                        key.span(),
                        "`#[proxy]` takes `module = \"...\"`, the name by which the object is imported, or nothing",
                    ));
                }
                input.parse::<Token![=]>()?;
                arguments.module = Some(input.parse()?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}
