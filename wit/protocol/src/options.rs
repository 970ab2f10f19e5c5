//! How calls are made: what a call leaves open is decided by its proxy, then by the peer.

use std::time::Duration;

use crate::ReplyMode;

/// How calls are made. Every option that is left unset is inherited: a proxy's from its peer, a plugin's from its host.
///
/// ```
/// use std::time::Duration;
/// use locum_protocol::{CallOptions, ReplyMode};
///
/// let options = CallOptions::new().patience(Duration::from_secs(2)).reply(ReplyMode::Proxy);
/// assert_eq!(options.or(CallOptions::new().reply(ReplyMode::Value)), options);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    pub(crate) reply: Option<ReplyMode>,
    pub(crate) patience: Option<Option<Duration>>,
}

impl CallOptions {
    /// Everything is inherited.
    pub fn new() -> CallOptions {
        CallOptions::default()
    }

    /// How results come back, whatever type is asked for. Inherited by default, and at last decided by that type: by
    /// proxy for a [`Proxy`](crate::Proxy), otherwise [`Auto`](ReplyMode::Auto).
    #[must_use]
    pub fn reply(mut self, mode: ReplyMode) -> CallOptions {
        self.reply = Some(mode);
        self
    }

    /// How long a caller waits; `None` for as long as it takes. When the time is up, the call goes on, and the error
    /// ([`Timeout`](crate::Kind::Timeout)) carries its [`Pending`](crate::Pending). Inherited by default, and at last
    /// `None`.
    ///
    /// A call with patience is run by a worker, since its caller must be free to leave: it takes some microseconds more.
    #[must_use]
    pub fn patience(mut self, patience: impl Into<Option<Duration>>) -> CallOptions {
        self.patience = Some(patience.into());
        self
    }

    /// How long a caller waits; `None` when that is not limited here.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use locum_protocol::CallOptions;
    /// let second = Duration::from_secs(1);
    /// assert_eq!(CallOptions::new().patience(second).patience_limit(), Some(second));
    /// assert_eq!(CallOptions::new().patience(None).patience_limit(), None);
    /// ```
    pub fn patience_limit(&self) -> Option<Duration> {
        self.patience.flatten()
    }

    /// These options, and what they leave open from `inherited`.
    #[must_use]
    pub fn or(self, inherited: CallOptions) -> CallOptions {
        CallOptions {
            reply: self.reply.or(inherited.reply),
            patience: self.patience.or(inherited.patience),
        }
    }
}
