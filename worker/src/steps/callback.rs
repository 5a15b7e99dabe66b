//! The callback of a step: how a program outside answers later.

use super::{StepContext, StepError};
use db::{
    DbError,
    pool::{self, LONGEST_ANSWER},
    queue,
};
use sha2::{Digest, Sha256};

impl StepContext<'_> {
    /// Opens the callback of this step and answers with its token, which is the same at every try and is
    /// hidden in everything the run says. Whoever knows it may answer at `POST /runs.callback/{token}`.
    pub async fn open_callback(&self) -> Result<String, StepError> {
        let key = self.key.get().map_err(StepError::no_key)?;
        let token = key.callback_token(self.run_id, self.step);
        self.journal.hide([&token]);
        let hash = domain::hex(&Sha256::digest(token.as_bytes()));
        let opened = pool::ask(self.pool, LONGEST_ANSWER, async |conn| {
            queue::open_callback(conn, self.run_id, self.lease_seq, self.step, &hash).await
        });
        opened.await.map_err(|error: DbError| {
            let passing = error.is_unavailable();
            let words = StepError::words("callback_refused", "the callback could not be opened").caused_by(error);
            if passing { words.retryable() } else { words }
        })?;
        Ok(token)
    }
}
