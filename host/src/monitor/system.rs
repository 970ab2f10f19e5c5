//! What the standard library does not offer: who this process is, who is at the other end of a socket, and waiting for
//! either of two things.
#![allow(
    unsafe_code,
    reason = "three functions of the C library, each with its conditions written down"
)]

use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// The user as whom this process acts.
pub(super) fn user() -> u32 {
    // SAFETY: it takes nothing, always succeeds, and touches no memory of ours.
    unsafe { libc::geteuid() }
}

/// The user as whom the process at the other end acted when it connected.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn user_of(stream: &UnixStream) -> io::Result<u32> {
    let mut found = libc::ucred {
        pid: 0,
        uid: u32::MAX,
        gid: u32::MAX,
    };
    let mut size = size_of::<libc::ucred>() as libc::socklen_t;
    // SAFETY: the descriptor is open, because the stream is borrowed. `found` is a `ucred` of ours, `size` says how large
    // it is, and both outlive the call, which writes no more than that.
    let result = unsafe {
        libc::getsockopt(
            stream.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_PEERCRED,
            (&raw mut found).cast(),
            &raw mut size,
        )
    };
    match result {
        0 if size as usize == size_of::<libc::ucred>() => Ok(found.uid),
        0 => Err(io::Error::other(
            "the system does not say who is at the other end",
        )),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The user as whom the process at the other end acted when it connected.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn user_of(stream: &UnixStream) -> io::Result<u32> {
    let (mut user, mut group) = (u32::MAX, u32::MAX);
    // SAFETY: the descriptor is open, because the stream is borrowed; both numbers are ours and outlive the call.
    match unsafe { libc::getpeereid(stream.as_raw_fd(), &raw mut user, &raw mut group) } {
        0 => Ok(user),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Waits until one of the two can be read from, or has been closed at its other end.
pub(super) fn wait_for_either(one: &impl AsRawFd, other: &impl AsRawFd) -> io::Result<()> {
    let ask = |fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    let mut asked = [ask(one.as_raw_fd()), ask(other.as_raw_fd())];
    loop {
        // SAFETY: both descriptors are open, because their owners are borrowed, and `asked` has two entries and outlives
        // the call.
        let ready = unsafe { libc::poll(asked.as_mut_ptr(), 2, -1) };
        if ready > 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        if ready < 0 && error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}
