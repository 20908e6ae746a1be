//! An answer that is put together: its pieces are read in turn with other readers, one statement each. A list that is longer
//! than a page is read on while it is sent.

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::found_space;
use domain::entity::Kind;
use infrastructure::postgres::legacy::{LegacyRead, Wanted};
use infrastructure::postgres::rows::Standing;

use super::piece::{List, Piece};
use super::sent::{Part, sent};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::reading;
use crate::v1::shape::Viewer;
use crate::v2::etag::tagged;

/// Answers with these pieces, one behind the other, in JSON; 304, if the caller holds that already.
///
/// # Errors
/// The store could not be read, or too many read.
pub async fn answer(
    app: &web::Data<App>,
    request: &HttpRequest,
    caller: &Caller,
    pieces: impl IntoIterator<Item = Piece>,
) -> Result<HttpResponse, Problem> {
    if let Some(unchanged) = reading::held(app, request, caller).await? {
        return Ok(unchanged);
    }
    let mut making = Making { app, caller, parts: Vec::new(), seen: None, hero: None };
    let turn = app.read_turns.take().await?;
    for piece in pieces {
        making.add(piece).await?;
    }
    drop(turn);
    let Making { parts, seen, .. } = making;
    let mut response = HttpResponse::build(StatusCode::OK);
    response.insert_header(ContentType::json());
    let Some((standing, viewer)) = seen else { return Ok(sent(&mut response, app, caller, None, parts)) };
    let tag = reading::tag_of(request, caller, &standing, &viewer.today.to_string());
    Ok(tagged(sent(&mut response, app, caller, Some(viewer), parts), &tag))
}

/// An answer in the making.
struct Making<'a> {
    app: &'a App,
    caller: &'a Caller,
    parts: Vec<Part>,
    /// Where the space stood at the first read: what was read later may only be newer than the answer's tag says.
    seen: Option<(Standing, Viewer)>,
    hero: Option<LegacyRead>,
}

impl Making<'_> {
    async fn add(&mut self, piece: Piece) -> Result<(), Problem> {
        let part = match piece {
            Piece::Text(text) => Part::Text(text.into_owned()),
            Piece::List(list) => return self.list(list).await,
            Piece::Hero(shape) => {
                let hero = match self.hero.take() {
                    Some(hero) => hero,
                    None => self.hero().await?,
                };
                let viewer = self.viewer(&hero);
                let shown = hero.rows.first().map(|row| shape(row, &viewer));
                self.hero = Some(hero);
                Part::Text(shown.unwrap_or_default().to_string())
            }
        };
        self.parts.push(part);
        Ok(())
    }

    async fn list(&mut self, list: List) -> Result<(), Problem> {
        let (read, is_all) = self.first(list.wanted).await?;
        let viewer = self.viewer(&read);
        self.parts.push(Part::Text("[".to_owned()));
        if is_all {
            self.parts.push(Part::Text(list.text(&read.rows, &viewer)));
        } else {
            let mut pages = self.app.legacy.ids(self.caller.space, list.wanted).await?;
            if list.is_reversed {
                pages.reverse();
            }
            self.parts.push(Part::Pages(list, pages));
        }
        self.parts.push(Part::Text("]".to_owned()));
        Ok(())
    }

    async fn first(&self, wanted: Wanted) -> Result<(LegacyRead, bool), Problem> {
        let (app, space) = (self.app, self.caller.space);
        let (read, is_all) = app.legacy.first(space, wanted).await?;
        if read.standing.position > 0 {
            return Ok((read, is_all));
        }
        self.found().await?;
        Ok(app.legacy.first(space, wanted).await?)
    }

    async fn hero(&self) -> Result<LegacyRead, Problem> {
        let (app, space) = (self.app, self.caller.space);
        let read = app.legacy.all(space, Kind::Hero).await?;
        if read.standing.position > 0 {
            return Ok(read);
        }
        self.found().await?;
        Ok(app.legacy.all(space, Kind::Hero).await?)
    }

    /// Nobody has written: clients of v1 expect stats and core skills at the first look.
    async fn found(&self) -> Result<(), Problem> {
        Ok(found_space(self.app, self.caller.asker()).await?)
    }

    fn viewer(&mut self, read: &LegacyRead) -> Viewer {
        let (_, viewer) = self.seen.get_or_insert_with(|| (read.standing.clone(), Viewer::of(self.app, read)));
        viewer.clone()
    }
}
