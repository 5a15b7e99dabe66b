//! The query of an address as pairs, and back.

/// The pairs of a query in their order, decoded. What is not UTF-8 is replaced, as browsers do.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// Pairs as a query that can be read: what has no meaning in an address stays as it is.
pub fn query<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> String {
    let mut text = String::new();
    for (key, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode(&mut text, key.as_ref());
        text.push('=');
        encode(&mut text, value.as_ref());
    }
    text
}

fn encode(text: &mut String, plain: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in plain.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,:@/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| Some((digit(*bytes.get(at + 1)?)? << 4) | digit(*bytes.get(at + 2)?)?))
            .flatten();
        match (escaped, bytes[at]) {
            (Some(byte), _) => {
                plain.push(byte);
                at += 2;
            }
            (None, b'+') => plain.push(b' '),
            (None, byte) => plain.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_write_is_read() {
        let read = pairs("?status=failed%2Cstuck&q=a+b%20c&broken=100%&flag");
        let text: Vec<_> = read.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(text, ["status=failed,stuck", "q=a b c", "broken=100%", "flag="]);
    }

    #[test]
    fn an_address_stays_readable() {
        assert_eq!(
            query(&[("by", "jo@x.org"), ("status", "queued>5m"), ("q", "ä b")]),
            "by=jo@x.org&status=queued%3E5m&q=%C3%A4%20b"
        );
    }
}
