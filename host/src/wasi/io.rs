//! `wasi:io`, with every wait under the plugin's [`Alarm`]. What does not wait is wasmtime-wasi's own.

use wasmtime::Result;
use wasmtime::component::{HasData, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::sync::io::{poll, streams};
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, StreamError, StreamResult};
use wasmtime_wasi_io::bindings::wasi::io::{poll as later, streams as flowing};

use super::Alarm;
use super::alarm::ticking;

/// A plugin's streams and pollables, and what ends its waiting for them.
pub(crate) struct Io<'a> {
    pub(super) resources: &'a mut ResourceTable,
    pub(super) alarm: &'a Alarm,
}

/// Names [`Io`] to the linker.
pub(super) struct HasIo;

impl HasData for HasIo {
    type Data<'a> = Io<'a>;
}

impl poll::Host for Io<'_> {
    fn poll(&mut self, pollables: Vec<Resource<DynPollable>>) -> Result<Vec<u32>> {
        self.alarm
            .wait(later::Host::poll(self.resources, pollables))?
    }
}

impl poll::HostPollable for Io<'_> {
    fn ready(&mut self, pollable: Resource<DynPollable>) -> Result<bool> {
        self.alarm
            .wait(later::HostPollable::ready(self.resources, pollable))?
    }

    fn block(&mut self, pollable: Resource<DynPollable>) -> Result<()> {
        self.alarm
            .wait(later::HostPollable::block(self.resources, pollable))?
    }

    fn drop(&mut self, pollable: Resource<DynPollable>) -> Result<()> {
        later::HostPollable::drop(self.resources, pollable)
    }
}

impl streams::Host for Io<'_> {
    fn convert_stream_error(&mut self, error: StreamError) -> Result<streams::StreamError> {
        streams::Host::convert_stream_error(self.resources, error)
    }
}

impl streams::HostOutputStream for Io<'_> {
    fn check_write(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<u64> {
        ticking(|| flowing::HostOutputStream::check_write(self.resources, stream))
    }

    fn write(&mut self, stream: Resource<DynOutputStream>, bytes: Vec<u8>) -> StreamResult<()> {
        ticking(|| flowing::HostOutputStream::write(self.resources, stream, bytes))
    }

    fn blocking_write_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        bytes: Vec<u8>,
    ) -> StreamResult<()> {
        let written =
            flowing::HostOutputStream::blocking_write_and_flush(self.resources, stream, bytes);
        self.alarm.wait(written).map_err(StreamError::Trap)?
    }

    fn blocking_write_zeroes_and_flush(
        &mut self,
        stream: Resource<DynOutputStream>,
        count: u64,
    ) -> StreamResult<()> {
        let written = flowing::HostOutputStream::blocking_write_zeroes_and_flush(
            self.resources,
            stream,
            count,
        );
        self.alarm.wait(written).map_err(StreamError::Trap)?
    }

    fn write_zeroes(&mut self, stream: Resource<DynOutputStream>, count: u64) -> StreamResult<()> {
        ticking(|| flowing::HostOutputStream::write_zeroes(self.resources, stream, count))
    }

    fn flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        ticking(|| flowing::HostOutputStream::flush(self.resources, stream))
    }

    fn blocking_flush(&mut self, stream: Resource<DynOutputStream>) -> StreamResult<()> {
        let flushed = flowing::HostOutputStream::blocking_flush(self.resources, stream);
        self.alarm.wait(flushed).map_err(StreamError::Trap)?
    }

    fn splice(
        &mut self,
        to: Resource<DynOutputStream>,
        from: Resource<DynInputStream>,
        count: u64,
    ) -> StreamResult<u64> {
        ticking(|| flowing::HostOutputStream::splice(self.resources, to, from, count))
    }

    fn blocking_splice(
        &mut self,
        to: Resource<DynOutputStream>,
        from: Resource<DynInputStream>,
        count: u64,
    ) -> StreamResult<u64> {
        let moved = flowing::HostOutputStream::blocking_splice(self.resources, to, from, count);
        self.alarm.wait(moved).map_err(StreamError::Trap)?
    }

    fn subscribe(&mut self, stream: Resource<DynOutputStream>) -> Result<Resource<DynPollable>> {
        flowing::HostOutputStream::subscribe(self.resources, stream)
    }

    fn drop(&mut self, stream: Resource<DynOutputStream>) -> Result<()> {
        self.alarm
            .wait(flowing::HostOutputStream::drop(self.resources, stream))?
    }
}

impl streams::HostInputStream for Io<'_> {
    fn read(&mut self, stream: Resource<DynInputStream>, count: u64) -> StreamResult<Vec<u8>> {
        ticking(|| flowing::HostInputStream::read(self.resources, stream, count))
    }

    fn blocking_read(
        &mut self,
        stream: Resource<DynInputStream>,
        count: u64,
    ) -> StreamResult<Vec<u8>> {
        let read = flowing::HostInputStream::blocking_read(self.resources, stream, count);
        self.alarm.wait(read).map_err(StreamError::Trap)?
    }

    fn skip(&mut self, stream: Resource<DynInputStream>, count: u64) -> StreamResult<u64> {
        ticking(|| flowing::HostInputStream::skip(self.resources, stream, count))
    }

    fn blocking_skip(&mut self, stream: Resource<DynInputStream>, count: u64) -> StreamResult<u64> {
        let skipped = flowing::HostInputStream::blocking_skip(self.resources, stream, count);
        self.alarm.wait(skipped).map_err(StreamError::Trap)?
    }

    fn subscribe(&mut self, stream: Resource<DynInputStream>) -> Result<Resource<DynPollable>> {
        flowing::HostInputStream::subscribe(self.resources, stream)
    }

    fn drop(&mut self, stream: Resource<DynInputStream>) -> Result<()> {
        self.alarm
            .wait(flowing::HostInputStream::drop(self.resources, stream))?
    }
}
