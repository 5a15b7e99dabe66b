//! TLS of the listening connection, by the same `sslmode` words as the pool's.

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::sync::Arc;
use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why an address cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It does not have the form of a Postgres address.
    #[error("this is not the address of a Postgres database")]
    Form(#[source] tokio_postgres::Error),
    /// `sslmode` has a word that is not known.
    #[error("sslmode {0:?} is not known: use disable, prefer, require, verify-ca or verify-full")]
    SslMode(String),
    /// The certificates that are to be trusted cannot be read.
    #[error("the trusted certificates cannot be read: {0}")]
    Certificates(String),
    /// The TLS library refuses.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
}

/// Reads an address as the pool does: `prefer` and `require` encrypt without asking who answers,
/// `verify-ca` and `verify-full` both prove certificate and host name.
pub(super) fn read_address(url: &str) -> Result<(Config, MakeRustlsConnect), AddressError> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut ssl_mode, mut root_cert, mut kept) = ("prefer", None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode" | "ssl-mode", word)) => ssl_mode = word,
            Some(("sslrootcert" | "ssl-root-cert" | "ssl-ca", path)) => root_cert = Some(path),
            Some(("statement-cache-capacity", _)) => {}
            _ => kept.push(pair),
        }
    }
    let mut config: Config = format!("{address}?{}", kept.join("&"))
        .parse()
        .map_err(AddressError::Form)?;
    let (mode, verified) = match ssl_mode {
        "disable" => (SslMode::Disable, false),
        "allow" | "prefer" => (SslMode::Prefer, false),
        "require" => (SslMode::Require, root_cert.is_some()),
        "verify-ca" | "verify-full" => (SslMode::Require, true),
        other => return Err(AddressError::SslMode(other.to_owned())),
    };
    config.ssl_mode(mode);
    let tls = match (verified, root_cert) {
        (false, _) => MakeRustlsConnect::new(trusting_anybody()?),
        (true, Some(path)) => MakeRustlsConnect::new(trusting(roots(path)?)?),
        (true, None) => trusting_this_machine()?,
    };
    Ok((config, tls))
}

fn roots(path: &str) -> Result<RootCertStore, AddressError> {
    let refused = |error: &dyn std::fmt::Display| AddressError::Certificates(error.to_string());
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| refused(&error))? {
        let certificate = certificate.map_err(|error| refused(&error))?;
        store.add(certificate).map_err(|error| refused(&error))?;
    }
    Ok(store)
}

/// With the certificates of the operating system.
fn trusting_this_machine() -> Result<MakeRustlsConnect, AddressError> {
    if CryptoProvider::get_default().is_none() {
        // Somebody quicker has installed one: good as well.
        let _ = ring::default_provider().install_default();
    }
    let (tls, _) = MakeRustlsConnect::with_native_certs()
        .map_err(|_| AddressError::Certificates("this machine trusts none".to_owned()))?;
    Ok(tls)
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig, AddressError> {
    Ok(ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(AddressError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn trusting_anybody() -> Result<ClientConfig, AddressError> {
    let provider = Arc::new(ring::default_provider());
    Ok(ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(AddressError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth())
}

/// What `require` means in libpq: encrypted, whoever answers.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_sslmode_mean_what_they_mean_to_the_pool() {
        let mode = |query: &str| {
            read_address(&format!("postgres://me@host/db?{query}")).map(|(config, _)| config.get_ssl_mode())
        };
        assert_eq!(mode("").unwrap(), SslMode::Prefer);
        assert_eq!(mode("sslmode=disable").unwrap(), SslMode::Disable);
        assert_eq!(mode("application_name=x&sslmode=require").unwrap(), SslMode::Require);
        assert!(matches!(mode("sslmode=perhaps"), Err(AddressError::SslMode(_))));
        assert!(matches!(
            mode("sslmode=verify-full&sslrootcert=/nowhere"),
            Err(AddressError::Certificates(_))
        ));
    }
}
