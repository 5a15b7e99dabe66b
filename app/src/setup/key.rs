//! What somebody sees who has not shown the link.

use super::{Frame, parts::copy};
use leptos::prelude::*;

/// How to get in, and nothing else.
pub fn key(frame: &Frame, is_used: bool) -> String {
    frame.draw(None, "This server is being set up", || {
        let used = is_used.then(|| {
            html! { <p class="refused-line" role="alert">"This link was used already, or is not the newest."</p> }
        });
        html! {
            <section class="card pane">
                {used}
                <p>
                    "To go on, open the link that the server wrote on its console when it started. It works once; after it was used, the server writes another."
                </p>
                <p>"Where the server runs as a service, look into its log, for example:"</p>
                {copy("journalctl --unit runboard-server --grep /setup/link/ --lines 1\nkubectl logs deployment/runboard-server | grep /setup/link/\ndocker logs runboard 2>&1 | grep /setup/link/")}
                <p class="note">
                    "Until then this server answers nothing else; /healthz says that it lives and /readyz why it cannot serve."
                </p>
            </section>
        }
    })
}
