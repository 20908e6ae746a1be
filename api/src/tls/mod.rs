//! TLS: the certificate that this server shows, and what it agrees to. The files are the operator's; they are read at the
//! start and again when they change, and connections that are open never notice.

mod pair;
mod reload;

use std::sync::{Arc, PoisonError, RwLock};

use infrastructure::config::Http;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};

pub use pair::PairError;

use self::pair::{Files, Pair};

/// The certificate that is shown now. Clones share it.
#[derive(Clone, Debug)]
pub struct Certificate {
    files: Arc<Files>,
    current: Arc<RwLock<Pair>>,
}

impl Certificate {
    /// Reads the pair that the settings name; nothing when they name none.
    ///
    /// # Errors
    /// A file is missing or is not what it should be, or the two do not belong together.
    pub fn open(http: &Http) -> Result<Option<Self>, PairError> {
        let (Some(chain), Some(key)) = (&http.tls_cert, &http.tls_key) else { return Ok(None) };
        let files = Files { chain: chain.clone(), key: key.clone() };
        let current = pair::read(&files)?;
        Ok(Some(Self { files: Arc::new(files), current: Arc::new(RwLock::new(current)) }))
    }

    /// What the listener needs: TLS 1.2 and 1.3 only. The server adds by itself which versions of HTTP it speaks.
    ///
    /// # Errors
    /// The provider of cryptography knows none of these versions.
    pub fn server_config(&self) -> Result<ServerConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&TLS13, &TLS12])?;
        Ok(config.with_no_client_auth().with_cert_resolver(Arc::new(self.clone())))
    }

    fn digest(&self) -> [u8; 32] {
        self.current.read().unwrap_or_else(PoisonError::into_inner).digest
    }

    fn show(&self, pair: Pair) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = pair;
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).certified.clone())
    }
}

#[cfg(test)]
mod tests;
