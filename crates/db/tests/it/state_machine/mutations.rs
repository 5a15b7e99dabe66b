//! The machine can fail: each rule is broken on purpose, in the copy of its function in one database, and
//! the machine must find out. A pattern that fits nowhere any more fails too: the rule moved, so move it.

use super::machine::Machine;
use futures::future::join_all;

/// A rule broken by a replacement in the functions of the queue.
struct Mutation {
    /// What would then be wrong.
    name: &'static str,
    /// Regular expression of Postgres.
    pattern: &'static str,
    replacement: &'static str,
}

const FENCE: Mutation = Mutation {
    name: "a write under an old lease is taken",
    pattern: r"l\.lease_seq = ",
    replacement: "l.lease_seq is not null or l.lease_seq = ",
};
const LANE_LIMIT: Mutation = Mutation {
    name: "a lane is filled over its limit",
    pattern: r"l\.max_running -",
    replacement: "1000 + l.max_running -",
};
const KEY_LIMIT: Mutation = Mutation {
    name: "two runs of one key run at once",
    pattern: r"<= [cp]\.max_per_key",
    replacement: "<= 99",
};
const PAUSE: Mutation = Mutation {
    name: "a paused lane gives runs",
    pattern: r"and l\.paused_at is null",
    replacement: "",
};
const EARLY_SWEEP: Mutation = Mutation {
    name: "a sweep takes leases that are good",
    pattern: r"l\.expires_at <= moment or",
    replacement: "true or",
};
const EARLY_PROMOTION: Mutation = Mutation {
    name: "a run begins before its time",
    pattern: r"d\.due_at <= moment",
    replacement: "true",
};
const DOUBLE: Mutation = Mutation {
    name: "a canceled run stays in the queue",
    pattern: r"delete from runboard_internal\.run_queue as q where q\.run_id = end_queued\.run_id",
    replacement: "perform from runboard_internal.run_queue as q where q.run_id = end_queued.run_id",
};

const DAILY_CAP: Mutation = Mutation {
    name: "a schedule starts more than its daily cap",
    pattern: r"due\.daily_cap <= \(",
    replacement: "1000 <= (",
};
const FIRED_TWICE: Mutation = Mutation {
    name: "two servers fire one time",
    pattern: r"due\.next_at is distinct from expected_next_at or due\.next_at > moment",
    replacement: "false",
};
const ITEM_TWICE: Mutation = Mutation {
    name: "an item of a bulk operation is done again",
    pattern: r"and i\.outcome is null order by i\.place",
    replacement: "order by i.place",
};
const SECOND_ANSWER: Mutation = Mutation {
    name: "a callback takes a second answer",
    pattern: r"if known\.answered_at is not null then",
    replacement: "if false then",
};
const SECOND_CHILD: Mutation = Mutation {
    name: "a step that is done again starts a second run",
    pattern: r"child_key text := 'step ' \|\| step;",
    replacement: "child_key text := gen_random_uuid()::text;",
};
impl Mutation {
    /// Breaks the rule; answers how many functions changed.
    async fn apply(&self, machine: &mut Machine) -> Result<(), String> {
        let quote = |text: &str| text.replace('\'', "''");
        let fits = format!(
            "p.pronamespace in ('public'::regnamespace, 'runboard_internal'::regnamespace) and p.prokind = 'f'
             and p.prosrc ~ '{}'",
            quote(self.pattern)
        );
        let found = machine
            .value(&format!("select count(*) from pg_proc as p where {fits}"))
            .await?;
        if found == "0" {
            return Err(format!("{}: nothing fits {}", self.name, self.pattern));
        }
        machine
            .execute(&format!(
                "do $do$ declare broken text; begin
                   for broken in
                     select regexp_replace(pg_get_functiondef(p.oid), '{}', '{}', 'g') from pg_proc as p where {fits}
                   loop execute broken; end loop;
                 end $do$",
                quote(self.pattern),
                quote(self.replacement)
            ))
            .await
    }

    /// Whether one of a few stories finds out, and how.
    async fn is_found(&self) -> Result<String, String> {
        for seed in 1..=6 {
            let mut machine = Machine::new(seed).await;
            self.apply(&mut machine).await?;
            let mut told = machine.play(220).await;
            if told.is_ok() {
                told = machine.play_to_the_end().await;
            }
            if let Err(wrong) = told {
                return Ok(wrong);
            }
        }
        Err(format!("{}: nobody noticed", self.name))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_that_is_broken_on_purpose_is_found_out() {
    let rules = [
        FENCE,
        LANE_LIMIT,
        KEY_LIMIT,
        PAUSE,
        EARLY_SWEEP,
        EARLY_PROMOTION,
        DOUBLE,
        DAILY_CAP,
        FIRED_TWICE,
        ITEM_TWICE,
        SECOND_ANSWER,
        SECOND_CHILD,
    ];
    let findings = join_all(rules.iter().map(Mutation::is_found)).await;
    for (rule, finding) in rules.iter().zip(&findings) {
        if let Ok(wrong) = finding {
            println!("{}: {}", rule.name, wrong.lines().next().unwrap_or_default());
        }
    }
    let missed: Vec<&String> = findings.iter().filter_map(|finding| finding.as_ref().err()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
