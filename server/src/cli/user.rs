//! `runboard user`.

use super::session;
use crate::config::Config;
use anyhow::Context;
use domain::{Claims, Role};
use runs::{
    Services,
    access::{self, Keep, NewPassword},
};
use std::io::{IsTerminal, Read};
use uuid::Uuid;

/// People who log in.
#[derive(clap::Subcommand)]
pub(super) enum User {
    /// Make a person known.
    Add {
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// Name that people see.
        #[arg(long)]
        name: Option<String>,
        /// viewer, planner, operator or admin.
        #[arg(long, default_value = "viewer")]
        role: Role,
    },
    /// Print a one-time link that logs a person in. The first person of an installation becomes its admin.
    Link {
        /// E-mail address; the first admin when left out.
        #[arg(long)]
        email: Option<String>,
    },
    /// Give a person a password, read from standard input.
    Password {
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// Give a person another role.
    Role {
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// viewer, planner, operator or admin.
        role: Role,
    },
    /// Shut a person out; every session ends.
    Disable {
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// Let a person in again.
    Enable {
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// List everybody.
    List,
}

impl User {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let services = session::open(&config).await?;
        let (by, now) = (Claims::command_line(), services.now());
        match self {
            Self::Add { email, name, role } => {
                let email = email.to_lowercase();
                let mut tx = services.pool().begin().await?;
                let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or(&email).to_owned());
                access::create_user(&mut tx, now, &by, &email, &name, role).await?;
                tx.commit().await?;
                println!("{email} is a {role} now; `runboard user link --email {email}` lets them in.");
            }
            Self::Link { email } => {
                let link = login_link(&services, &by, email.as_deref()).await?;
                println!("{}/login/{link}", session::server_url(&config));
            }
            Self::Password { email } => {
                let password = read_password()?;
                let mut tx = services.pool().begin().await?;
                let user_id = find(&mut tx, &email).await?;
                access::set_password(
                    &mut tx,
                    now,
                    &by,
                    user_id,
                    NewPassword {
                        text: &password,
                        keep: Keep::Nothing,
                    },
                )
                .await?;
                tx.commit().await?;
                println!("The password of {email} is set; browsers that were logged in are not any more.");
            }
            Self::Role { email, role } => {
                let mut tx = services.pool().begin().await?;
                let user_id = find(&mut tx, &email).await?;
                access::set_role(&mut tx, now, &by, user_id, role).await?;
                tx.commit().await?;
                println!("{email} is a {role} now.");
            }
            Self::Disable { email } => set_disabled(&services, &by, &email, true).await?,
            Self::Enable { email } => set_disabled(&services, &by, &email, false).await?,
            Self::List => {
                let mut conn = services.pool().acquire().await?;
                for user in access::users(&mut conn).await? {
                    let state = if user.disabled_at.is_some() { "disabled" } else { "" };
                    println!("{:<32} {:<9} {} {state}", user.email, user.role, user.display_name);
                }
            }
        }
        Ok(())
    }
}

async fn find(conn: &mut db::PgConnection, email: &str) -> anyhow::Result<Uuid> {
    let users = access::users(conn).await?;
    let user = users.iter().find(|user| user.email == email.to_lowercase());
    Ok(user.with_context(|| format!("there is no user {email}"))?.user_id)
}

async fn set_disabled(services: &Services, by: &Claims, email: &str, disabled: bool) -> anyhow::Result<()> {
    let mut tx = services.pool().begin().await?;
    let user_id = find(&mut tx, email).await?;
    access::set_disabled(&mut tx, services.now(), by, user_id, disabled).await?;
    tx.commit().await?;
    println!("{email} {}.", if disabled { "is shut out" } else { "may come in" });
    Ok(())
}

/// Issues a one-time link for a person, else for the first admin, and answers with its token.
pub(super) async fn login_link(services: &Services, by: &Claims, email: Option<&str>) -> anyhow::Result<String> {
    let mut tx = services.pool().begin().await?;
    let email = match email {
        Some(email) => email.to_lowercase(),
        None => first_admin(access::users(&mut tx).await?),
    };
    let link = access::issue_login_link(&mut tx, services.now(), by, &email).await?;
    tx.commit().await?;
    Ok(link.token)
}

/// The admin who has been here longest; the one that an installation without people will have.
fn first_admin(users: Vec<access::User>) -> String {
    let admins = users
        .into_iter()
        .filter(|user| user.role == Role::Admin.as_str() && user.disabled_at.is_none());
    admins
        .min_by_key(|user| user.created_at)
        .map_or_else(|| "admin@localhost".to_owned(), |user| user.email)
}

fn read_password() -> anyhow::Result<String> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("Type the password, then Enter and Ctrl-D:");
    }
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use db::clock::Clock;
    use runs::secrets::SecretKey;

    #[tokio::test]
    async fn a_link_for_nobody_in_particular_is_for_the_first_admin_there_is() {
        let db = testkit::TestDb::new().await;
        let services = Services::new(db.pool().clone(), Clock::system(), SecretKey::random());
        let by = Claims::command_line();
        let mut tx = services.pool().begin().await.unwrap();
        for (email, role) in [("ann@example.org", Role::Viewer), ("bob@example.org", Role::Admin)] {
            access::create_user(&mut tx, services.now(), &by, email, "x", role)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let token = login_link(&services, &by, None).await.unwrap();
        let mut tx = services.pool().begin().await.unwrap();
        let session = access::redeem_login_link(&mut tx, services.now(), &token, None)
            .await
            .unwrap();
        assert_eq!(session.unwrap().claims.actor, "bob@example.org");
    }
}
