//! The far end: it keeps account of what it is sent, goes on with other messages meanwhile, and answers as it is told to.

use std::sync::Arc;

use locum_protocol::{
    Error, Handle, Kind, Reference, Released, ReplyMode, Result, Transport, WireParcel,
};

use super::steps::World;

/// The way to the far end.
pub(super) struct Far(pub(super) Arc<World>);

impl Far {
    /// A request arrives at the far end, which goes on meanwhile.
    fn arrived(&self, target: Option<Handle>, objects: &[Reference]) {
        {
            let model = &mut self.0.lock().model;
            assert_eq!(model.closed, None, "a message after the end");
            if let Some(target) = target {
                assert!(
                    model.owed.contains_key(&target),
                    "{target:?} was given back"
                );
            }
        }
        self.0.sent(objects);
        self.0.meanwhile();
        // The sender has kept what it sent until here.
        self.0.lock().model.on_the_way.pop();
    }

    fn answer(&self) -> Result<WireParcel> {
        let answer = self.0.answer();
        let mut state = self.0.lock();
        let answer = answer.map(|item| {
            state.answered = Some(state.model.lift(&item));
            item.listed()
        });
        answer.inspect_err(|error| state.answered = Some(Err(error.kind())))
    }

    fn answer_handle(&self) -> Result<Handle> {
        let answer = self.0.answer();
        let handle = self.0.foreign();
        let mut state = self.0.lock();
        let answer = answer.map(|_| {
            let arrived = state.model.lift_handle(handle);
            state.answered = Some(arrived.map(|arrived| vec![arrived]));
            handle
        });
        answer.inspect_err(|error| state.answered = Some(Err(error.kind())))
    }
}

impl Transport for Far {
    fn import_module(&self, _: &str) -> Result<Handle> {
        self.arrived(None, &[]);
        self.answer_handle()
    }
    fn get_attr(&self, target: Handle, _: &str, _: ReplyMode) -> Result<WireParcel> {
        self.arrived(Some(target), &[]);
        self.answer()
    }
    fn set_attr(&self, target: Handle, _: &str, value: WireParcel) -> Result<()> {
        self.arrived(Some(target), &value.objects);
        let answer = self.0.answer();
        let kind = answer.as_ref().map(|_| Vec::new()).map_err(Error::kind);
        self.0.lock().answered = Some(kind);
        answer.map(drop)
    }
    fn call(&self, target: Handle, _: &str, args: WireParcel, _: ReplyMode) -> Result<WireParcel> {
        self.arrived(Some(target), &args.objects);
        self.answer()
    }
    fn transfer(&self, value: WireParcel) -> Result<Handle> {
        self.arrived(None, &value.objects);
        self.answer_handle()
    }
    fn release(&self, released: &[Released]) -> Result<bool> {
        let mut state = self.0.lock();
        if state.busy > 0 {
            state.busy -= 1;
            return Ok(false);
        }
        for Released { target, count } in released {
            state.model.given_back(*target, *count);
        }
        Ok(true)
    }
    fn describe(&self, target: Handle) -> Result<WireParcel> {
        self.arrived((target != Handle::PLUGIN).then_some(target), &[]);
        self.answer()
    }
    fn close(&self) -> Result<()> {
        self.0.meanwhile();
        Ok(())
    }
    fn closed(&self, cause: &Error) {
        let kinds = [Kind::Closed, Kind::Protocol, Kind::Trap];
        assert!(kinds.contains(&cause.kind()), "{cause:?}");
        let ends = &mut self.0.lock().ends;
        *ends += 1;
        assert_eq!(*ends, 1, "it is told once");
    }
}
