//! `runboard user`.

use super::session;
use crate::config::Config;
use anyhow::Context;
use domain::{Claims, Role};
use runs::{Services, access};
use std::io::{IsTerminal, Read};

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
        /// E-mail address.
        #[arg(long)]
        email: String,
    },
    /// Give a person a password, read from standard input.
    Password {
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
                let link = login_link(&services, &by, &email.to_lowercase()).await?;
                println!("{}/login/{link}", session::server_url(&config));
            }
            Self::Password { email } => {
                let password = read_password()?;
                let mut tx = services.pool().begin().await?;
                let users = access::users(&mut tx).await?;
                let user = users.iter().find(|user| user.email == email.to_lowercase());
                let user = user.with_context(|| format!("there is no user {email}"))?;
                access::set_password(&mut tx, now, &by, user.user_id, &password).await?;
                tx.commit().await?;
                println!("The password of {email} is set.");
            }
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

/// Issues a one-time link and answers with its token.
pub(super) async fn login_link(services: &Services, by: &Claims, email: &str) -> anyhow::Result<String> {
    let mut tx = services.pool().begin().await?;
    let link = access::issue_login_link(&mut tx, services.now(), by, email).await?;
    tx.commit().await?;
    Ok(link.token)
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
