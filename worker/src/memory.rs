//! How much memory this process holds.

use std::fs;

/// The resident set in bytes; `None` where the system keeps no such file.
pub(crate) fn resident_bytes() -> Option<i64> {
    pages(&fs::read_to_string("/proc/self/statm").ok()?)?.checked_mul(rustix::param::page_size() as i64)
}

/// The second of its numbers counts resident pages: proc_pid_statm(5).
fn pages(statm: &str) -> Option<i64> {
    statm.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_pages_are_the_second_number() {
        assert_eq!(pages("1204 310 250 8 0 96 0\n"), Some(310));
        assert_eq!(pages(""), None);
    }

    #[test]
    fn this_process_holds_some_memory() {
        let known = resident_bytes().unwrap_or(1);
        assert!(known > 0, "{known}");
    }
}
