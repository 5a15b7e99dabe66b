//! What is refused about schedules and channels.

use super::{ApiError, sentence};
use http::StatusCode;
use runs::{
    alerts::channels::ChannelError,
    enqueue::EnqueueError,
    schedules::{ScheduleError, TimetableError},
    secrets::SecretError,
};

impl From<ScheduleError> for ApiError {
    fn from(error: ScheduleError) -> Self {
        let detail = sentence(&error.to_string());
        match error {
            ScheduleError::Timetable(error) => {
                let code = match error {
                    TimetableError::NoSuchZone { .. } => "unknown_zone",
                    TimetableError::NotACron { .. } | TimetableError::NeverFires { .. } => "invalid_cron",
                };
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).field(error.field())
            }
            ScheduleError::Forbidden { needed, .. } => Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
                .hint(format!("Ask an admin for the role {needed}.")),
            ScheduleError::Action { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_action", detail)
                .field("action")
                .hint("GET /api/actions lists them."),
            ScheduleError::Misfit(misfit) => Self::invalid(misfit.field, misfit.message),
            ScheduleError::InvalidParams { problems } => EnqueueError::InvalidParams { problems }.into(),
            ScheduleError::Db(error) => error.into(),
        }
    }
}

impl From<ChannelError> for ApiError {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Secret(SecretError::Db(error)) | ChannelError::Db(error) => error.into(),
            ChannelError::Private(address) => Self::invalid("url", sentence(&error.to_string())).hint(format!(
                "If webhooks should reach it, start the server with RUNBOARD_ALLOW_ADDRESS={address}."
            )),
            ChannelError::Sealed(_) => Self::internal(error),
            ChannelError::Secret(error) => Self::invalid("secret", sentence(&error.to_string())),
        }
    }
}
