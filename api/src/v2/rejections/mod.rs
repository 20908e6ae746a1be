//! Refused transactions, until somebody has seen them: `/api/v2/rejections`.

pub mod acknowledge;
pub mod list;
