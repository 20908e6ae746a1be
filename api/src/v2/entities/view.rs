//! What a reader sees now: the basis of its tag, and rows with what is computed for them.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::http::header::EntityTag;
use domain::entity::Kind;
use domain::rules::day::local_day;
use infrastructure::clock;
use infrastructure::postgres::rows::Standing;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::computed;
use crate::caller::Caller;
use crate::state::App;
use crate::v2::etag::{Basis, tag};

/// What a reader sees of a space that stands here, today.
pub(super) struct View {
    standing: Standing,
    today: Date,
}

impl View {
    /// The view at this moment. Without a hero the day is that of the server's time zone.
    pub(super) fn new(app: &App, standing: Standing) -> Self {
        Self::at(app, standing, clock::now_ms())
    }

    /// The view at another moment, Unix ms.
    pub(super) fn at(app: &App, standing: Standing, moment: i64) -> Self {
        let time_zone = standing.time_zone.as_deref().unwrap_or(&app.serving.settings.time_zone);
        Self { today: local_day(moment, time_zone), standing }
    }

    /// The tag of what the request is answered with.
    pub(super) fn tag(&self, request: &HttpRequest, caller: &Caller) -> EntityTag {
        let Standing { epoch, position, repairs, .. } = self.standing;
        tag(request, caller, &Basis { epoch, position, repairs, more: &self.today.to_string() })
    }

    /// A row with what is computed for it, and only the wanted fields.
    pub(super) fn row(
        &self,
        kind: Kind,
        mut row: Map<String, Value>,
        fields: Option<&BTreeSet<String>>,
    ) -> Map<String, Value> {
        computed::add(kind, &mut row, self.today);
        if let Some(fields) = fields {
            row.retain(|name, _| fields.contains(name) || name == "id" || name == "version");
        }
        row
    }
}
