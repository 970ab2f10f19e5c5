//! Listening: spans become slices, events become marks.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record as Values};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::record::{Args, Head, Record};

/// How many bytes of a text are kept.
const LONGEST: usize = 200;

/// Puts what the log is told on record.
pub(super) struct Recorder(Arc<Mutex<Record>>);

/// A span, as far as it has got.
enum Progress {
    /// It has not been entered.
    New(Fields),
    Entered(Entered),
    /// It has been left, or there is no room for it.
    Over(Option<usize>),
}

struct Entered {
    slice: usize,
    thread: ThreadId,
    /// How often its thread is inside. Other threads, which do what it has started, do not count.
    depth: usize,
}

impl Progress {
    fn slice(&self) -> Option<usize> {
        match self {
            Progress::New(_) => None,
            Progress::Entered(entered) => Some(entered.slice),
            Progress::Over(slice) => *slice,
        }
    }
}

impl Recorder {
    pub(super) fn new() -> Recorder {
        Recorder(Arc::new(Mutex::new(Record::new())))
    }

    pub(super) fn record(&self) -> Arc<Mutex<Record>> {
        Arc::clone(&self.0)
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody at this address wants to know.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    let is_locum = target == "locum" || target.starts_with("locum::");
    is_locum && *metadata.level() <= Level::DEBUG
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_ours(metadata) {
            Interest::always()
        } else {
            Interest::never()
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_ours(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Progress::New(fields));
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let cause = cause(&span);
        let mut extensions = span.extensions_mut();
        let Some(progress) = extensions.get_mut::<Progress>() else {
            return;
        };
        let here = thread::current().id();
        match progress {
            Progress::New(fields) => {
                let head = std::mem::take(fields).head(span.metadata());
                *progress = match self.lock().begin(head, cause) {
                    None => Progress::Over(None),
                    Some(slice) => Progress::Entered(Entered {
                        slice,
                        thread: here,
                        depth: 1,
                    }),
                };
            }
            Progress::Entered(entered) if entered.thread == here => entered.depth += 1,
            Progress::Entered(_) | Progress::Over(_) => {}
        }
    }

    fn on_record(&self, id: &Id, values: &Values<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        match span.extensions_mut().get_mut::<Progress>() {
            Some(Progress::New(fields)) => values.record(fields),
            Some(progress) => {
                if let Some(slice) = progress.slice() {
                    let mut fields = Fields::default();
                    values.record(&mut fields);
                    self.lock().learn(slice, fields.args);
                }
            }
            None => {}
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let mut extensions = span.extensions_mut();
        let Some(progress) = extensions.get_mut::<Progress>() else {
            return;
        };
        if let Progress::Entered(entered) = progress
            && entered.thread == thread::current().id()
        {
            entered.depth -= 1;
            if entered.depth == 0 {
                let slice = entered.slice;
                *progress = Progress::Over(Some(slice));
                self.lock().end(slice);
            }
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let head = fields.head(event.metadata());
        self.lock().mark(head);
    }
}

/// The innermost slice that a span is in.
fn cause<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>) -> Option<usize> {
    span.scope().skip(1).find_map(|outer| {
        let extensions = outer.extensions();
        extensions.get::<Progress>().and_then(Progress::slice)
    })
}

/// What a span or an event says about itself.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) args: Args,
}

impl Fields {
    fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.args.iter().find(|(known, _)| *known == name)?;
        value.as_str()
    }

    /// What it is called, and in whose lane it belongs.
    fn head(self, metadata: &'static Metadata<'static>) -> Head {
        self.head_of(metadata.name(), metadata.target())
    }

    /// The same for one whose fields do not say what it is called.
    pub(super) fn head_of(self, otherwise: &str, category: &'static str) -> Head {
        let name = self.name().unwrap_or_else(|| otherwise.to_owned());
        // What a plugin asks of the host is done by the host.
        let plugin = match self.text("direction") {
            Some("in") => None,
            _ => self.text("plugin").map(str::to_owned),
        };
        Head {
            name,
            category,
            plugin,
            args: self.args,
        }
    }

    /// `Counter.add`, `get Counter.value`, `import counters`; an expression as it stands; the words of an event.
    fn name(&self) -> Option<String> {
        if let Some(words) = self.text("message").or_else(|| self.text("expression")) {
            return Some(words.to_owned());
        }
        let (object, path) = (self.text("object")?, self.text("path")?);
        let whole = match (object, path) {
            ("", path) => path.to_owned(),
            (object, "") => object.to_owned(),
            (object, path) => format!("{object}.{path}"),
        };
        Some(match (self.text("verb")?, &*whole) {
            ("call", whole) => whole.to_owned(),
            (verb, "") => verb.to_owned(),
            (verb, whole) => format!("{verb} {whole}"),
        })
    }

    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.args.push((field.name(), value.into()));
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, cut(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, cut(&format!("{value:?}")));
    }
}

/// A text that is not too long: plugins say what they like.
pub(super) fn cut(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(LONGEST);
    format!("{}...", &text[..end])
}
