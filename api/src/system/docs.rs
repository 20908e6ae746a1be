//! The documentation as a page: Swagger UI out of this program, nothing from elsewhere.

use utoipa_swagger_ui::{Config, SwaggerUi};

/// The page under `/docs/`, over `/openapi.json`.
pub fn docs() -> SwaggerUi {
    // Swagger UI would send the document's address to a public validator.
    let config = Config::from("/openapi.json").validator_url("none").persist_authorization(false);
    SwaggerUi::new("/docs/{_:.*}").config(config)
}
