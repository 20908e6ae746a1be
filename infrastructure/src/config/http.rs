//! How the API is reached: addresses, TLS, proxies and the origins of browsers.

use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;

/// What the HTTP side of `levelup serve` is told.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Http {
    /// Address and port to serve HTTP on; port 0 picks a free one
    #[arg(long, env = "LEVELUP_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,

    /// Where people reach this server; mails link there
    #[arg(long, env = "LEVELUP_PUBLIC_URL", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub public_url: String,

    /// Certificate chain in PEM; with a key, the server speaks TLS. Read again when the file changes
    #[arg(long, env = "LEVELUP_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of the certificate in PEM
    #[arg(long, env = "LEVELUP_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Proxies that are believed when they say for whom they ask, as addresses or networks, separated by commas
    #[arg(long, env = "LEVELUP_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,

    /// Origins of web pages that may call this API from a browser, separated by commas, such as `https://app.example.org`
    #[arg(long, env = "LEVELUP_ORIGINS", value_name = "ORIGINS", value_delimiter = ',', value_parser = parse_origin)]
    pub origins: Vec<String>,

    /// Folder of a built web client, served beside the API; paths that are no file get its index.html
    #[arg(long, env = "LEVELUP_WEB_DIR", value_name = "DIR", value_parser = parse_web_dir)]
    pub web: Option<PathBuf>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            origins: Vec::new(),
            web: None,
        }
    }
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let alone = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address));
    text.parse().or_else(|_| alone()).map_err(|_| "give an address or a network such as 10.0.0.0/8".to_owned())
}

fn parse_web_dir(text: &str) -> Result<PathBuf, String> {
    let dir = PathBuf::from(text);
    if dir.join("index.html").is_file() { Ok(dir) } else { Err("give a folder that has an index.html".to_owned()) }
}

fn parse_origin(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ']) => Ok(text.to_lowercase()),
        _ => Err("give an origin such as https://app.example.org, without a path".to_owned()),
    }
}
