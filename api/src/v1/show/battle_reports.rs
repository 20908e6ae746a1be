//! `GET /api/battle-reports/daily?date=` and `GET /api/battle-reports/summary?period=`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::limits::{INSTANT_MS_MAX, INSTANT_MS_MIN};
use domain::rules::day::local_day;
use infrastructure::clock::now_ms;
use infrastructure::postgres::legacy::LegacyDay;
use infrastructure::postgres::rows::Standing;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v1::shape::{Viewer, report, summary};
use crate::v1::{moment, reading};
use crate::v2::parameters::invalid;

/// Days of a week and of a month, today included.
const WEEK_DAYS: i64 = 7;
const MONTH_DAYS: i64 = 30;

/// Which day.
#[derive(Deserialize)]
pub struct DailyQuery {
    date: Option<String>,
}

/// Which stretch: `week` or `month`.
#[derive(Deserialize)]
pub struct SummaryQuery {
    period: Option<String>,
}

/// What the caller did on a day. Clients in the field send today's date in UTC and mean their own today.
pub async fn daily_report(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<DailyQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = query.date.as_deref().filter(|date| !date.trim().is_empty()).map(read_day).transpose()?;
    let of = |viewer: &Viewer| {
        let day = asked.filter(|day| *day != local_day(now_ms(), "UTC")).unwrap_or(viewer.today);
        (day, day)
    };
    answer(&app, &request, &caller, of, |(day, _), days, viewer| report(day, days.first(), viewer)).await
}

/// What the caller did in the last week or month, day by day, and added up.
pub async fn report_summary(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<SummaryQuery>,
) -> Result<HttpResponse, Problem> {
    let days = if query.period.as_deref() == Some("month") { MONTH_DAYS } else { WEEK_DAYS };
    let of = |viewer: &Viewer| (viewer.today.saturating_sub((days - 1).days()), viewer.today);
    answer(&app, &request, &caller, of, |_, days, viewer| summary(days, viewer)).await
}

/// Answers with what is made of the days from one to another, which follow from the caller's today.
async fn answer(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    of: impl Fn(&Viewer) -> (Date, Date),
    make: impl Fn((Date, Date), &[LegacyDay], &Viewer) -> Value,
) -> Result<HttpResponse, Problem> {
    let _turn = app.read_turns.take().await?;
    let stood = app.rows.standing(caller.space).await?;
    let today = Viewer::at(app, &stood, String::new());
    let span = of(&today);
    // Which days are meant turns at midnight of two zones.
    let tag = |standing: &Standing| reading::tag_of(request, caller, standing, &format!("{} {}", span.0, span.1));
    if let Some(unchanged) = reading::is_held(request, &tag(&stood)) {
        return Ok(unchanged);
    }
    let (standing, user_id, days) = app.legacy.days(caller.space, span).await?;
    let viewer = Viewer { user_id, ..today };
    Ok(reading::whole(request, &tag(&standing), &make(span, &days, &viewer)))
}

/// The day that is written in a date or moment, in whatever form; of a number that in UTC.
fn read_day(sent: &str) -> Result<Date, Problem> {
    let written = moment::written(sent).filter(|one| (INSTANT_MS_MIN..=INSTANT_MS_MAX).contains(&one.at));
    written.map(|one| one.day).ok_or_else(|| invalid("date", "`date` is a day such as 2026-10-24."))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_read_from_whatever_has_one() {
        for sent in [
            "2026-10-24",
            "2026/10/24",
            "10/24/2026",
            "2026-10-24T23:59:59.999Z",
            "2026-10-24T00:00:00",
            "2026-10-24T00:30:00+08:00",
            " 2026-10-24 ",
            "Sat Oct 24 2026 00:00:00 GMT+0800 (China Standard Time)",
            // A plus sign that was not escaped.
            "Sat Oct 24 2026 00:00:00 GMT 0800",
            "1792857600000",
        ] {
            assert_eq!(read_day(sent).ok(), Some(date(2026, 10, 24)), "{sent}");
        }
        for bad in ["", "today", "2026-13-01", "2026-02-30", "-000001-01-01", "24"] {
            assert!(read_day(bad).is_err(), "{bad}");
        }
    }
}
