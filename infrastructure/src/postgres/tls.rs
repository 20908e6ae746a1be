//! TLS to a PostgreSQL of somebody else's, as the words `sslmode` and `sslrootcert` of its URL have it.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::DigitallySignedStruct;
use rustls::Error;
use rustls::SignatureScheme;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Whom to believe to be the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Whoever answers: nobody reads along, but it may be somebody else. What PostgreSQL's own programs do with `prefer`
    /// and `require`.
    #[default]
    Anybody,
    /// Who shows a certificate for that name, from the system's authorities or from those of this file.
    Known(Option<String>),
}

/// What speaks TLS.
///
/// # Errors
/// The authorities cannot be read.
pub(crate) fn connector(trust: &Trust) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust {
        Trust::Anybody => Arc::new(Unasked(provider.clone())),
        Trust::Known(file) => {
            let roots = file.as_deref().map(roots).transpose()?.unwrap_or_default();
            Arc::new(Verifier::new_with_extra_roots(roots, provider.clone()).map_err(|error| error.to_string())?)
        }
    };
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?.dangerous();
    Ok(MakeRustlsConnect::new(config.with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

fn roots(path: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let unusable = |why: String| format!("the certificates in {path} cannot be used: {why}");
    let found = CertificateDer::pem_file_iter(Path::new(path)).map_err(|error| unusable(error.to_string()))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|error| unusable(error.to_string()))?;
    if found.is_empty() { Err(unusable("the file holds none in PEM form".to_owned())) } else { Ok(found) }
}

/// Takes any certificate, whose key the server has to have all the same.
#[derive(Debug)]
struct Unasked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unasked {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
