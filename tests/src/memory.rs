//! What a test process takes of the machine.

/// What the process has in memory, where that can be told; 0 elsewhere.
pub fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kilobytes.map_or(0, |count| count.trim().parse::<usize>().unwrap() << 10)
}
