//! A token may be signed by a key that another node published a moment ago. Before it is refused, the table of keys is
//! looked at once more; that costs nothing for tokens of known keys, and those who make keys up share few looks.

use std::future::{Ready, ready};

use actix_web::web;
use futures_util::FutureExt;
use futures_util::future::{Either, LocalBoxFuture};

use crate::problem::{Code, Problem};
use crate::state::App;

/// Ready at once, unless a key has to be looked for.
pub(super) type Answer<T> = Either<Ready<Result<T, Problem>>, LocalBoxFuture<'static, Result<T, Problem>>>;

/// Admits somebody by a token. When that fails while the number of unknown keys rose, it may be this token's: then the
/// keys are looked at and it is tried again. (Another thread may have raised the number; then a look was for nothing.)
pub(super) fn with_new_keys<T: 'static>(
    app: Option<web::Data<App>>,
    admit: impl Fn() -> Result<T, Problem> + 'static,
) -> Answer<T> {
    let Some(app) = app else { return Either::Left(ready(admit())) };
    let misses = app.tokens.misses();
    match admit() {
        Err(problem) if problem.code() == Code::TokenInvalid.as_str() && app.tokens.misses() != misses => {
            let again = async move {
                app.tokens.look_again(&app.pool).await?;
                admit()
            };
            Either::Right(again.boxed_local())
        }
        answer => Either::Left(ready(answer)),
    }
}
