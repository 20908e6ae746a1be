//! Whom this client believes to be a server: whoever the system's certificate authorities vouch for, and one more that
//! the person at the command line names. Requests and live connections believe the same.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

/// How to speak TLS, with the certificates of the file `ca` as further roots.
pub(super) fn tls(ca: Option<&Path>) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let roots = ca.map(roots).transpose()?.unwrap_or_default();
    let verifier = Verifier::new_with_extra_roots(roots, provider.clone()).map_err(|error| error.to_string())?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| error.to_string())?;
    // Not dangerous: the verifier is the system's.
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

fn roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let unusable = |why: String| format!("The certificates in {} cannot be used: {why}", path.display());
    let found = CertificateDer::pem_file_iter(path).map_err(|error| unusable(error.to_string()))?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(|error| unusable(error.to_string()))?;
    if found.is_empty() { Err(unusable("the file holds none in PEM form".to_owned())) } else { Ok(found) }
}
