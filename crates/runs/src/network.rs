//! Which addresses steps and webhooks may reach: the public ones, and those an administrator allows.
//!
//! A name is resolved and judged once; who calls goes to the addresses that were judged, so that a name that
//! answers differently the second time leads nowhere else.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};
use url::{Host, Url};

/// Lets ring do the cryptography of TLS, unless another part of the process has chosen before.
pub fn choose_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// What may be reached beside public addresses.
#[derive(Debug, Clone, Default)]
pub struct NetworkPolicy {
    /// Private networks as a whole.
    pub allow_private: bool,
    /// Single addresses and networks.
    pub allowed: Vec<AllowedAddress>,
}

/// An address or network that is allowed: `10.1.2.3`, `10.0.0.0/8`, `127.0.0.1:8080`, `localhost:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedAddress {
    networks: Vec<(IpAddr, u8)>,
    port: Option<u16>,
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address: write 10.1.2.3, 10.0.0.0/8, 127.0.0.1:8080, [::1]:8080 or localhost:8080")]
pub struct NotAnAddress(String);

/// Why an address is not to be called.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// Not an address of the web.
    #[error("{0} is no scheme of the web")]
    Scheme(String),
    /// The address names no host.
    #[error("the address names no host")]
    NoHost,
    /// The name has no address now.
    #[error("the name {name} cannot be resolved")]
    Unresolved {
        /// The name.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// All its addresses are in networks that are not allowed.
    #[error("{} is an address in a private network", .0.ip())]
    Refused(SocketAddr),
}

impl NetworkPolicy {
    /// The addresses of the host of `url` to which a connection may go.
    pub async fn resolve(&self, url: &Url) -> Result<Vec<SocketAddr>, NetworkError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NetworkError::Scheme(url.scheme().to_owned()));
        }
        let port = url.port_or_known_default().unwrap_or(80);
        let found: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(address)) => vec![SocketAddr::new(address.into(), port)],
            Some(Host::Ipv6(address)) => vec![SocketAddr::new(address.into(), port)],
            Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
                .await
                .map_err(|source| NetworkError::Unresolved {
                    name: name.to_owned(),
                    source,
                })?
                .collect(),
            None => Vec::new(),
        };
        let (may, may_not): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| self.allows(*address));
        match (may.is_empty(), may_not.first()) {
            (false, _) => Ok(may),
            (true, Some(refused)) => Err(NetworkError::Refused(*refused)),
            (true, None) => Err(NetworkError::NoHost),
        }
    }

    fn allows(&self, address: SocketAddr) -> bool {
        let ip = unmapped(address.ip());
        self.allow_private || is_public(ip) || self.allowed.iter().any(|allowed| allowed.covers(ip, address.port()))
    }
}

impl AllowedAddress {
    fn covers(&self, ip: IpAddr, port: u16) -> bool {
        self.port.is_none_or(|allowed| allowed == port)
            && self.networks.iter().any(|(network, bits)| within(ip, *network, *bits))
    }
}

impl FromStr for AllowedAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let wrong = || NotAnAddress(text.to_owned());
        let whole = |ip: IpAddr| (ip, if ip.is_ipv4() { 32 } else { 128 });
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self {
                networks: vec![whole(address.ip())],
                port: Some(address.port()),
            });
        }
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self {
                networks: vec![whole(ip)],
                port: None,
            });
        }
        if let Some((network, bits)) = text.split_once('/') {
            let ip: IpAddr = network.parse().map_err(|_| wrong())?;
            let bits: u8 = bits.parse().map_err(|_| wrong())?;
            return if bits <= whole(ip).1 {
                Ok(Self {
                    networks: vec![(ip, bits)],
                    port: None,
                })
            } else {
                Err(wrong())
            };
        }
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        if name != "localhost" {
            return Err(wrong());
        }
        let networks = vec![whole(Ipv4Addr::LOCALHOST.into()), whole(Ipv6Addr::LOCALHOST.into())];
        Ok(Self { networks, port })
    }
}

/// An IPv4 address in the clothes of IPv6 is that IPv4 address.
fn unmapped(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let segments = v6.segments();
    let embedded = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    match segments {
        // ::ffff:a.b.c.d, the translation prefix 64:ff9b::/96, and 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded(high, low)
        }
        // ::a.b.c.d, but not :: and ::1.
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => embedded(high, low),
        _ => ip,
    }
}

fn is_public(ip: IpAddr) -> bool {
    !PRIVATE.iter().any(|(network, bits)| within(ip, *network, *bits))
}

fn within(ip: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (ip, network) {
        (IpAddr::V4(ip), IpAddr::V4(network)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            ip.to_bits() & mask == network.to_bits() & mask
        }
        (IpAddr::V6(ip), IpAddr::V6(network)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            ip.to_bits() & mask == network.to_bits() & mask
        }
        _ => false,
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> (IpAddr, u8) {
    (IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits)
}

const fn v6(first: u16, second: u16, bits: u8) -> (IpAddr, u8) {
    (IpAddr::V6(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0)), bits)
}

/// Networks that are not the public internet (the special-purpose registries of IANA).
const PRIVATE: [(IpAddr, u8); 26] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
    // Unspecified and loopback.
    v6(0, 0, 127),
    // 64:ff9b::/48 and 64:ff9b:1::/48: a translator of this network may lead anywhere in it.
    v6(0x64, 0xff9b, 47),
    v6(0x100, 0, 64),
    v6(0x2001, 0, 23),
    v6(0x2001, 0xdb8, 32),
    v6(0x3fff, 0, 20),
    v6(0x5f00, 0, 16),
    v6(0xfc00, 0, 7),
    v6(0xfe80, 0, 10),
    v6(0xfec0, 0, 10),
    v6(0xff00, 0, 8),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allowed: &[&str]) -> NetworkPolicy {
        let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
        NetworkPolicy {
            allow_private: false,
            allowed,
        }
    }

    fn allows(policy: &NetworkPolicy, address: &str) -> bool {
        policy.allows(address.parse().unwrap())
    }

    #[test]
    fn private_addresses_are_refused_in_every_disguise() {
        let strict = policy(&[]);
        for address in [
            "127.0.0.1:80",
            "10.2.3.4:80",
            "172.31.0.1:80",
            "192.168.1.1:80",
            "169.254.169.254:80",
            "100.64.0.1:80",
            "0.0.0.0:80",
            "224.0.0.1:80",
            "[::1]:80",
            "[::]:80",
            "[fe80::1]:80",
            "[fd00::1]:80",
            "[ff02::1]:80",
            "[::ffff:127.0.0.1]:80",
            "[::ffff:10.0.0.1]:80",
            "[64:ff9b::7f00:1]:80",
            "[64:ff9b:1::7f00:1]:80",
            "[64:ff9b:1:ffff::a00:1]:80",
            "[2002:7f00:1::]:80",
            "[::7f00:1]:80",
            "[2001:db8::1]:80",
        ] {
            assert!(!allows(&strict, address), "{address}");
        }
        for address in [
            "1.1.1.1:443",
            "172.32.0.1:80",
            "[2606:4700:4700::1111]:443",
            "[::ffff:8.8.8.8]:80",
        ] {
            assert!(allows(&strict, address), "{address}");
        }
    }

    #[test]
    fn an_allowed_address_is_allowed_on_its_port_only() {
        let policy = policy(&["127.0.0.1:8080", "10.1.0.0/16", "localhost:9090"]);
        assert!(allows(&policy, "127.0.0.1:8080"));
        assert!(!allows(&policy, "127.0.0.1:5432"));
        assert!(allows(&policy, "10.1.2.3:1"));
        assert!(!allows(&policy, "10.2.2.3:1"));
        assert!(allows(&policy, "[::1]:9090"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "example.com", "10.0.0.0/40", "localhost:http", "1.2.3.4:99999"] {
            assert!(text.parse::<AllowedAddress>().is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_by_its_addresses() {
        let url: Url = "http://localhost:1/".parse().unwrap();
        let refused = policy(&[]).resolve(&url).await;
        assert!(matches!(refused, Err(NetworkError::Refused(_))), "{refused:?}");
        assert!(policy(&["localhost"]).resolve(&url).await.is_ok());
    }
}
