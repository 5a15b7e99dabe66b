//! `/templates/new` and `/templates/{slug}/edit`: a template as text and as a form side by side.
//!
//! Both are sent together, with the text the form was drawn from: what was entered in the form since then is written
//! into the text (`draft`), and the form is drawn anew from it. Without any script that is a form on this page's own
//! address; with it `components::served` sends the same fields to [`answer`] and puts its pieces in place.

mod draft;
mod field;
mod fields;
mod findings;
mod form;
mod input;
mod language;
mod ops;
mod save;

use super::{Ask, Page};
use crate::api::{PageError, schema_fields};
use crate::served::{field::Field as StartField, text_area::TextArea};
use crate::views::EditView;
use db::PgConnection;
use domain::{Permission, Template};
use draft::Draft;
use input::Said;
use leptos::prelude::*;
use runs::template::Finding;
use save::Outcome;

/// Recent parameters that are held against a changed schema.
const RECENT: i64 = 50;

/// The page; what its form sent is in the question.
pub(super) async fn page(ask: &Ask, slug: Option<&str>) -> Result<Page, PageError> {
    ask.require(Permission::ManageRuns)?;
    let mut tx = ask.services.begin(&ask.claims).await?;
    let lanes = lanes(&mut tx).await?;
    let draft = if let Some(pairs) = ask.posted() {
        Draft::go_on(pairs, lanes)
    } else {
        let copied = slug.or_else(|| ask.query("from"));
        let known = match copied {
            Some(known) => {
                let row = runs::read::template(&mut tx, known, None).await?;
                Some(row.ok_or_else(|| PageError::not_found("template"))?)
            }
            None => None,
        };
        let base = known
            .as_ref()
            .filter(|_| slug.is_some())
            .map_or(0, |known| known.version);
        Draft::begin(slug.map(str::to_owned), base, known.map(|known| known.source), lanes)
    };
    drop(tx);
    let outcome = save::press(&ask.services, &ask.claims, &draft).await?;
    if let Outcome::Saved { address } = &outcome {
        leptos_axum::redirect(address);
    }
    let pieces = Pieces::of(ask, &draft, &outcome).await?;
    let title = match &draft.slug {
        Some(slug) => format!("Edit {slug}"),
        None => "New template".to_owned(),
    };
    let back = match &draft.slug {
        Some(slug) => format!("/templates/{slug}"),
        None => "/templates".to_owned(),
    };
    let back = html! { <a class="btn" href=back>"Leave without saving"</a> };
    Ok(Page::new(ask, title, whole(ask, &draft, pieces)).actions(back))
}

/// What comes of the fields that the browser sent by itself.
pub(crate) async fn answer(form: &str) -> Result<EditView, PageError> {
    let ask = Ask::of("/templates/edit")?;
    ask.require(Permission::ManageRuns)?;
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let mut tx = ask.services.begin(&ask.claims).await?;
    let draft = Draft::go_on(&pairs, lanes(&mut tx).await?);
    drop(tx);
    let outcome = save::press(&ask.services, &ask.claims, &draft).await?;
    if let Outcome::Saved { address } = outcome {
        return Ok(EditView {
            address,
            ..EditView::default()
        });
    }
    let pieces = Pieces::of(&ask, &draft, &outcome).await?;
    let mut html = vec![
        ("editor-findings", pieces.findings),
        ("editor-marks", pieces.marks),
        ("editor-unread", pieces.unread),
        ("editor-save", pieces.save),
    ];
    if draft.is_readable() {
        html.push(("editor-form", pieces.form));
    }
    Ok(EditView {
        source: draft.source,
        focus: draft.focus.unwrap_or_default(),
        pieces: html
            .into_iter()
            .map(|(id, view)| (id.to_owned(), view.to_html()))
            .collect(),
        address: String::new(),
    })
}

async fn lanes(conn: &mut PgConnection) -> Result<Vec<String>, PageError> {
    let lanes = runs::read::lanes(conn).await?;
    Ok(lanes.into_iter().map(|lane| lane.name).collect())
}

/// What is drawn anew after every change.
struct Pieces {
    findings: AnyView,
    marks: AnyView,
    unread: AnyView,
    form: AnyView,
    save: AnyView,
}

impl Pieces {
    async fn of(ask: &Ask, draft: &Draft, outcome: &Outcome) -> Result<Self, PageError> {
        let (findings, template) = match runs::template::parse(&draft.source) {
            Ok(template) => (Vec::new(), Some(template)),
            Err(findings) => (findings, None),
        };
        let (fields, drawn) = draft.fields();
        let said = Said {
            refused: &draft.refused,
            found: findings
                .iter()
                .map(|finding| (findings::pointer(&finding.path), finding.message.clone()))
                .collect(),
            new_kind: draft.entered("new_kind"),
            schema: if draft.op == "schema-paste" {
                ""
            } else {
                draft.entered("schema")
            },
        };
        let misfit = misfit(ask, draft, template.as_ref()).await?;
        let form = html! {
            <input type="hidden" name="drawn" value=drawn.to_owned() />
            {form::of(&fields, &said, preview(template.as_ref()), misfit)}
        };
        Ok(Self {
            findings: findings::list(&draft.source, &findings),
            marks: findings::marks(&findings),
            unread: unread(draft, &findings),
            form,
            save: save::bar(ask, draft, template.as_ref(), outcome),
        })
    }
}

fn whole(ask: &Ask, draft: &Draft, pieces: Pieces) -> AnyView {
    let count = draft.source.split('\n').count();
    let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    html! {
        <form class="editor" id="editor" method="post" action=ask.address_with("from", None) data-edit="">
            <button class="sr" name="op" value="check" tabindex="-1">
                "Check"
            </button>
            <input type="hidden" name="slug" value=draft.slug.clone().unwrap_or_default() />
            <input type="hidden" name="base" value=draft.base.to_string() />
            <div id="editor-save" class="editor-save">{pieces.save}</div>
            <section class="editor-text" aria-labelledby="source-title">
                <h2>
                    <label for="source" id="source-title">"YAML"</label>
                </h2>
                <div class="code-frame">
                    <pre id="source-lines" aria-hidden="true">{numbers.join("\n")}</pre>
                    <div id="editor-marks" aria-hidden="true">{pieces.marks}</div>
                    <TextArea
                        name="source".to_owned()
                        id="source".to_owned()
                        value=draft.source.clone()
                        required=false
                        described_by="editor-findings".to_owned()
                        invalid=false
                        rows=u32::try_from(count).unwrap_or(40)
                    />
                </div>
                <div id="editor-findings">{pieces.findings}</div>
            </section>
            <section class="editor-side" aria-labelledby="form-title">
                <h2 id="form-title">"Form"</h2>
                <div id="editor-unread">{pieces.unread}</div>
                <div id="editor-form">{pieces.form}</div>
            </section>
        </form>
    }
}

fn unread(draft: &Draft, findings: &[Finding]) -> AnyView {
    if draft.is_readable() {
        return ().into_any();
    }
    let line = findings.iter().find_map(|finding| finding.line);
    let line = line.map(|line| format!(" Look at line {line}.")).unwrap_or_default();
    html! { <p class="refused-line">{format!("The text cannot be read, so the form shows what it last said.{line}")}</p> }
}

/// The start form that the parameters make.
fn preview(template: Option<&Template>) -> AnyView {
    let Some(template) = template else {
        return html! { <p class="note">"The start form is shown here once nothing is wrong with the template."</p> };
    };
    let fields: Vec<AnyView> = schema_fields(template)
        .into_iter()
        .map(|field| {
            let value = field.value.clone();
            let problem = Signal::stored(None::<String>);
            html! { <StartField field=field value=value problem=problem /> }
        })
        .collect();
    let none = fields
        .is_empty()
        .then(|| html! { <p class="note">"No question is asked."</p> });
    html! {
        <details class="preview" id="preview" open>
            <summary>"Start form, as people will see it"</summary>
            <fieldset disabled>
                <legend class="sr">"Start form"</legend>
                {none}
                {fields}
            </fieldset>
        </details>
    }
}

/// Which recent parameters the schema would refuse now.
async fn misfit(ask: &Ask, draft: &Draft, template: Option<&Template>) -> Result<AnyView, PageError> {
    let (Some(slug), Some(template)) = (&draft.slug, template) else {
        return Ok(().into_any());
    };
    let mut tx = ask.services.begin(&ask.claims).await?;
    let recent = runs::read::recent_params(&mut tx, slug, RECENT).await?;
    let wrong: Vec<String> = recent
        .iter()
        .filter_map(|params| runs::template::check_params(template, params).into_iter().next())
        .map(|problem| format!("{}: {}", problem.path, problem.message))
        .collect();
    let Some(first) = wrong.first() else {
        return Ok(().into_any());
    };
    let count = format!(
        "{} of the last {} different parameters would be refused now.",
        wrong.len(),
        recent.len()
    );
    Ok(html! {
        <p class="misfit">
            <span class="strong">{count}</span>
            {format!(" For one, {first}")}
        </p>
    })
}
