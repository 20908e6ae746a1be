//! Certificates of a test's own authority, in files as an operator has them.

use std::path::{Path, PathBuf};

use infrastructure::config::{Http, Limits, Serving};
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};

use crate::DataDir;

/// A certificate authority, and the files of the certificate that it issued last.
pub struct Certificates {
    dir: DataDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Certificates {
    /// A new authority with a certificate for this machine.
    #[must_use]
    pub fn fresh() -> Self {
        let mut params = CertificateParams::new(Vec::default()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let dir = DataDir::fresh();
        std::fs::write(authority(&dir.path().join("chain.pem")), params.self_signed(&key).unwrap().pem()).unwrap();
        let certificates = Self { dir, issuer: Issuer::new(params, key) };
        let (certificate, key) = certificates.issue();
        certificates.write_chain(&certificate);
        certificates.write_key(&key);
        certificates
    }

    /// A certificate for this machine and its key.
    #[must_use]
    pub fn issue(&self) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        (CertificateParams::new(names).unwrap().signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// Puts a certificate where the server looks for it.
    pub fn write_chain(&self, certificate: &Certificate) {
        std::fs::write(self.chain(), certificate.pem()).unwrap();
    }

    /// Puts a key where the server looks for it.
    pub fn write_key(&self, key: &KeyPair) {
        std::fs::write(self.key(), key.serialize_pem()).unwrap();
    }

    /// The authority's own certificate, for clients.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        authority(&self.chain())
    }

    /// The settings of a server that shows it.
    #[must_use]
    pub fn serving(&self) -> Serving {
        let http = Http { tls_cert: Some(self.chain()), tls_key: Some(self.key()), ..Http::default() };
        Serving { http, limits: Limits::off(), ..Serving::default() }
    }

    fn chain(&self) -> PathBuf {
        self.dir.path().join("chain.pem")
    }

    fn key(&self) -> PathBuf {
        self.dir.path().join("key.pem")
    }
}

/// The authority's certificate lies beside those that it issues.
pub(crate) fn authority(chain: &Path) -> PathBuf {
    chain.with_file_name("authority.pem")
}
