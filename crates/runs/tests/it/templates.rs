//! Saving templates that others edit too.

use crate::enqueue::{caller, with_ping};
use domain::Role;
use runs::template::{self, SaveError};

const PING: &str =
    "version: 1\nslug: ping\ntitle: Pong\nsteps:\n  - { id: probe, kind: api, with: { url: 'http://x' } }\n";

#[tokio::test]
async fn a_version_that_came_in_between_is_not_overwritten() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let saved = template::save_after(&mut tx, &operator, (Some("ping"), 1), PING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(saved.version, 2);

    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let refused = template::save_after(&mut tx, &operator, (Some("ping"), 1), PING).await;
    drop(tx);
    assert!(
        matches!(refused, Err(SaveError::Overtaken { newest: 2 })),
        "{refused:?}"
    );
    assert_eq!(
        db.value("select latest_version::text from public.run_templates").await,
        "2"
    );

    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let refused = template::save_after(&mut tx, &operator, (None, 0), PING).await;
    assert!(
        matches!(refused, Err(SaveError::Overtaken { newest: 2 })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_text_of_another_template_is_refused() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    let other = PING.replace("slug: ping", "slug: pong");
    let refused = template::save_after(&mut tx, &operator, (Some("ping"), 1), &other).await;
    assert!(matches!(refused, Err(SaveError::OtherSlug { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_archived_template_is_listed_apart_until_a_version_is_restored() {
    let db = with_ping().await;
    let operator = caller(Role::Operator);
    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    template::archive(&mut tx, "ping").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    assert_eq!(runs::read::templates(&mut tx).await.unwrap(), []);
    assert_eq!(runs::read::archived_templates(&mut tx).await.unwrap()[0].slug, "ping");
    let restored = template::restore(&mut tx, &operator, "ping", 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((restored.version, restored.template.title.as_str()), (2, "Ping"));

    let mut tx = db::pool::begin_as(db.pool(), &operator).await.unwrap();
    assert_eq!(runs::read::archived_templates(&mut tx).await.unwrap(), []);
}
