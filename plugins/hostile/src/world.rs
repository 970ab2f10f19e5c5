//! The world outside, as far as it can be seen.

use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::time::{Instant, SystemTime};

use locum_guest::object;

/// Reads a file.
#[object]
pub(crate) fn read_file(path: &str) -> io::Result<String> {
    fs::read_to_string(path)
}

/// Writes a file anew.
#[object]
pub(crate) fn write_file(path: &str, text: &str) -> io::Result<()> {
    fs::write(path, text)
}

/// Opens a file for reading, and cuts it off at its start while doing so.
#[object]
pub(crate) fn truncate_file(path: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(true).open(path).map(drop)
}

/// Writes to the end of a file.
#[object]
pub(crate) fn append_file(path: &str, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// The names in a directory.
#[object]
pub(crate) fn list_dir(path: &str) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(path)?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<String>>>()?;
    names.sort();
    Ok(names)
}

/// Makes a directory.
#[object]
pub(crate) fn make_dir(path: &str) -> io::Result<()> {
    fs::create_dir(path)
}

/// Removes a file.
#[object]
pub(crate) fn remove_file(path: &str) -> io::Result<()> {
    fs::remove_file(path)
}

/// Renames a file.
#[object]
pub(crate) fn rename(from: &str, to: &str) -> io::Result<()> {
    fs::rename(from, to)
}

/// Gives a file a second name.
#[object]
pub(crate) fn hard_link(from: &str, to: &str) -> io::Result<()> {
    fs::hard_link(from, to)
}

/// The size of a file.
#[object]
pub(crate) fn size_of(path: &str) -> io::Result<u64> {
    fs::metadata(path).map(|found| found.len())
}

/// All variables of the environment.
#[object]
pub(crate) fn environment() -> Vec<(String, String)> {
    std::env::vars().collect()
}

/// The arguments of the command line.
#[object]
pub(crate) fn arguments() -> Vec<String> {
    std::env::args().collect()
}

/// Standard input, to its end.
#[object]
pub(crate) fn input() -> io::Result<String> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map(|_| text)
}

/// The time of the day in nanoseconds since 1970, and the nanoseconds that some work has taken.
#[object]
pub(crate) fn clocks() -> (u64, u64) {
    let (today, begun) = (SystemTime::now(), Instant::now());
    std::hint::black_box((0..10_000_u64).fold(0, |sum, n| std::hint::black_box(sum ^ n)));
    let since = today
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    (since.as_nanos() as u64, begun.elapsed().as_nanos() as u64)
}

/// Some random numbers.
#[object]
pub(crate) fn random() -> Vec<u64> {
    // The standard library keeps one state for each thread, and changes it by one each time.
    (0..4_u64).map(|n| RandomState::new().hash_one(n)).collect()
}

/// Connects by TCP, sends a line and returns the answer.
#[object]
pub(crate) fn converse(address: &str, line: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(line.as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Listens by TCP; returns at which port.
#[object]
pub(crate) fn listen(address: &str) -> io::Result<u16> {
    TcpListener::bind(address)?.local_addr().map(|at| at.port())
}

/// Waits for whoever connects.
#[object]
pub(crate) fn accept_for_ever(address: &str) -> io::Result<()> {
    TcpListener::bind(address)?.accept().map(drop)
}

/// Sends a datagram.
#[object]
pub(crate) fn send_datagram(address: &str, text: &str) -> io::Result<usize> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.send_to(text.as_bytes(), address)
}

/// Looks a name up.
#[object]
pub(crate) fn look_up(name: &str) -> io::Result<Vec<String>> {
    let found = (name, 80).to_socket_addrs()?;
    Ok(found
        .map(|address: SocketAddr| address.ip().to_string())
        .collect())
}
