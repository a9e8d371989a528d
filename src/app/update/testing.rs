//! A fake world for tests of this room and of the views: fictitious records in memory that answer every effect.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::date;

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::job::{ImportSource, Job, Outcome};
use crate::app::modal::Modal;
use crate::app::model::Model;
use crate::app::msg::{Msg, Opened};
use crate::app::screen::mapping::{FileColumn, Mapping};
use crate::app::update;
use crate::compare::{FieldKind, compare, search_fold};
use crate::config::embedded;
use crate::config::keymap::Keymap;
use crate::config::keys::Key;
use crate::domain::batch::{CameBack, Withdrawal};
use crate::domain::calendar::{Calendar, japan_time};
use crate::domain::case::{self, Case, State};
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::counter::Counts;
use crate::domain::danger::Danger;
use crate::domain::event::{self, Actor, Event, EventId, EventKind, UndoRefusal, UndoStack};
use crate::domain::filter::{Filter, Subject};
use crate::domain::insurer::InsurerKind;
use crate::domain::pattern::Pattern;
use crate::domain::quarantine::QuarantineState;
use crate::domain::queue::{PAGE, QueueEntry};
use crate::domain::record::{Column, Facts, Record, RecordNo, Row};
use crate::domain::request::Seen;
use crate::domain::suspension::Class;
use crate::domain::tally::{Bridge, Report, Status};
use crate::domain::transition;
use crate::domain::trend::Trend;
use crate::view::{
    BatchSummary, Contradiction, DangerView, DecisionRules, HeldClosing, HeldView, LeftOut, NextRelease, Outputs,
    QueueLine, QueuePage, RecordView, RelatedRecord, RelatedRecords, ReportView, StatusView, Step, Viewer,
    WorkspaceInfo, compare_row, redact,
};

/// The clock of the fake world: 2023-12-11 10:00 in Japan.
pub(crate) fn now() -> Timestamp {
    "2023-12-11T01:00:00Z".parse().unwrap()
}

/// What the settings of the fake workspace say about decisions.
fn rules() -> DecisionRules {
    DecisionRules { insurer: Some(InsurerKind::Municipal), employer_enabled: false, letter_days: 14 }
}

type Person<'a> = (&'a str, [(&'a str, &'a str); 5], &'a str);

/// Fictitious people: 整理番号, both sides of the five fields, marks B S K N A M.
const PEOPLE: &[Person<'_>] = &[
    (
        "0001377",
        [
            ("佐藤　健", "佐藤　健"),
            ("ｻﾄｳ ｹﾝ", "サトウ　ケン"),
            ("19851203", "19851201"),
            ("1", "1"),
            ("東京都港区赤坂１－２－３", "東京都港区赤坂１丁目２番３号"),
        ],
        "×○○○○0",
    ),
    (
        "0001234",
        [
            ("高崎　一郎", "髙﨑　一郎"),
            ("ﾀｶｻｷ ｲﾁﾛｳ", "ﾀｶｻｷ ｲﾁﾛｳ"),
            ("19610215", "19610215"),
            ("1", "1"),
            ("赤坂１丁目２番地２号", "東京都港区赤坂1-2-2"),
        ],
        "○○○××0",
    ),
    (
        "0001240",
        [
            ("渡●　花子", "渡邉　花子"),
            ("ﾜﾀﾅﾍﾞ ﾊﾅｺ", "ﾜﾀﾅﾍﾞ ﾊﾅｺ"),
            ("19700101", "19700101"),
            ("2", "2"),
            ("東京都港区赤坂1-11 山田ビル2 201", "東京都港区赤坂1-11 201"),
        ],
        "○○○××0",
    ),
    (
        "0002001",
        [
            ("吉田\u{200b}次郎", "吉田　次郎"),
            ("ﾖｼﾀﾞ ｼﾞﾛｳ", "ヨシダ　ジロウ"),
            ("19550505", "19550505"),
            ("1", "1"),
            ("港区芝公園4-2-8", "東京都港区芝公園四丁目２番９号"),
        ],
        "○○×○×0",
    ),
    (
        "0002002",
        [
            ("山本　明美", "KIM MYUNGMI"),
            ("ﾔﾏﾓﾄ ｱｹﾐ", "ｷﾑ ﾐﾖﾝﾐ"),
            ("19900909", "19900909"),
            ("2", "2"),
            ("東京都港区三田1-1-1", "東京都港区三田1-1-1"),
        ],
        "○○××○0",
    ),
    (
        "0003001",
        [
            ("鈴木　三郎", "鈴木　三郎"),
            ("ｽｽﾞｷ ｻﾌﾞﾛｳ", "ｽｽﾞｷ ｻﾌﾞﾛｳ"),
            ("19480303", "19480303"),
            ("1", "1"),
            ("東京都港区六本木3-2-1", "神奈川県横浜市中区本町1-1"),
        ],
        "○○○○×1",
    ),
];

/// The rows of the fake world: its people, over and over, numbered from 1.
pub(crate) fn rows(n: u32) -> Vec<Row> {
    (0..n)
        .map(|n| {
            let (id, fields, marks) = PEOPLE[n as usize % PEOPLE.len()];
            let mut cells = vec![String::new(); Column::COUNT];
            let mut set = |column: Column, text: &str| cells[column.index()] = text.to_owned();
            let turn = n as usize / PEOPLE.len();
            let base: u32 = id.parse().unwrap();
            set(Column::Id, &format!("{:07}", base + 10_000 * turn as u32));
            set(Column::InsurerNo, "138057");
            set(Column::Symbol, "港");
            set(Column::Number, &format!("{}", 100 + n));
            set(Column::Branch, "01");
            set(Column::MyNumber, "000012345678");
            set(Column::Acquired, "H30.04.01");
            set(Column::Overall, "×");
            set(Column::MatchedOn, "20230915");
            let marks: Vec<String> = marks.chars().map(String::from).collect();
            for (field, (left, right)) in FieldKind::ALL.into_iter().zip(fields) {
                set(Column::Left(field), left);
                set(Column::Right(field), right);
                // The table gives marks as B S K N A.
                let place = match field {
                    FieldKind::Birth => 0,
                    FieldKind::Sex => 1,
                    FieldKind::Kana => 2,
                    FieldKind::Kanji => 3,
                    FieldKind::Address => 4,
                };
                set(Column::Mark(field), &marks[place]);
            }
            set(Column::Multiple, &marks[5]);
            Row { line: n + 2, cells, ..Row::default() }
        })
        .collect()
}

/// Queue entries in the order of their numbers.
pub(crate) fn entries(n: u32) -> Vec<QueueEntry> {
    World::new(n).entries()
}

fn entry(record: &Record) -> QueueEntry {
    let pattern = Pattern::of(&record.facts.marks, &compare_row(&record.row));
    QueueEntry { no: record.no, facts: record.facts, pattern }
}

/// Records in memory that answer effects as a store would.
pub(crate) struct World {
    pub(crate) records: Vec<Record>,
    pub(crate) cases: Vec<Case>,
    pub(crate) events: Vec<Event>,
    pub(crate) undone: Vec<usize>,
    pub(crate) session: Option<Vec<u8>>,
    /// Answers wait here while this is set.
    pub(crate) slow: bool,
    /// Reported records that changed: how many, and 整理番号 with their list.
    pub(crate) changed: (u64, Vec<(String, u32)>),
    pub(crate) fails: bool,
    /// Records that cannot be read.
    pub(crate) damaged: Vec<RecordNo>,
    /// 解除 lists made, reports frozen.
    pub(crate) sent: u32,
    pub(crate) frozen: u32,
    /// Rows held back.
    pub(crate) held: [QuarantineState; 3],
    /// Work asked for.
    pub(crate) tasks: Vec<Job>,
    /// Imports so far.
    pub(crate) edition: usize,
    /// Everything asked so far.
    pub(crate) asked: Vec<Effect>,
    pub(crate) open_questions: VecDeque<Effect>,
}

impl World {
    pub(crate) fn new(n: u32) -> Self {
        let records: Vec<Record> = rows(n)
            .into_iter()
            .zip(1..)
            .map(|(row, no)| {
                let mut facts = row.facts();
                if row.id().ends_with("3001") {
                    facts.dangers.insert(Danger::F4);
                }
                Record { no: RecordNo(no), row, facts }
            })
            .collect();
        let cases = vec![Case::default(); records.len()];
        Self {
            records,
            cases,
            events: Vec::new(),
            undone: Vec::new(),
            session: None,
            slow: false,
            changed: (0, Vec::new()),
            fails: false,
            damaged: Vec::new(),
            sent: 2,
            frozen: 1,
            held: [QuarantineState::Open; 3],
            tasks: Vec::new(),
            edition: 1,
            asked: Vec::new(),
            open_questions: VecDeque::new(),
        }
    }

    pub(crate) fn entries(&self) -> Vec<QueueEntry> {
        self.records.iter().map(entry).collect()
    }

    /// Puts a record into a sent list.
    pub(crate) fn put_in_batch(&mut self, no: RecordNo, batch: u32) {
        self.cases[no.0 as usize - 1].in_batch = Some(batch);
    }

    fn record(&self, no: RecordNo) -> &Record {
        &self.records[no.0 as usize - 1]
    }

    pub(crate) fn case(&self, no: RecordNo) -> &Case {
        &self.cases[no.0 as usize - 1]
    }

    pub(crate) fn view(&self, no: RecordNo) -> RecordView {
        let record = self.record(no).clone();
        let case = self.case(no).clone();
        let view = RecordView {
            signs: record.facts.dangers.iter().map(|danger| self.sign(danger, no)).collect(),
            recent: self.events.iter().rev().filter(|event| event.record() == Some(no)).take(3).cloned().collect(),
            ..RecordView::of(record, case, now())
        };
        redact(view, &Viewer::named("佐藤"))
    }

    /// A sign that names the next record.
    fn sign(&self, danger: Danger, no: RecordNo) -> DangerView {
        let other = self.records.get(no.0 as usize).or(self.records.first());
        let words = "住所だけが異なり、市区町村も違います".to_owned();
        DangerView {
            danger,
            other: other.map(|other| other.row.id()),
            fields: Vec::new(),
            words,
            record: other.map(|other| Box::new(other.clone())),
        }
    }

    fn line(&self, no: RecordNo) -> QueueLine {
        let record = self.record(no);
        QueueLine::of(record, self.case(no).clone(), &Viewer::named("佐藤"))
    }

    fn change(&mut self, no: RecordNo, kind: EventKind, after: Case, refers: Option<EventId>) -> Event {
        let before = std::mem::replace(&mut self.cases[no.0 as usize - 1], after.clone());
        let event = Event {
            id: EventId::first(self.events.len() as u64 + 1),
            before: Some(before),
            after: Some(after),
            refers,
            ..Event::new(kind, event::Subject::Record(no), &Actor::named("佐藤", now()))
        };
        self.events.push(event.clone());
        event
    }

    /// Changes a case as a colleague does elsewhere: the workstation is not told.
    pub(crate) fn colleague(&mut self, no: RecordNo, change: impl FnOnce(&mut Case)) {
        let case = &mut self.cases[no.0 as usize - 1];
        change(case);
        case.version += 1;
    }

    /// The last event that can still be undone.
    fn last_done(&self) -> Option<usize> {
        (0..self.events.len()).rev().find(|at| self.events[*at].kind.can_undo() && !self.undone.contains(at))
    }

    pub(crate) fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        Some(match effect {
            Effect::Load { lines, records } => Msg::Loaded {
                lines: lines.iter().filter(|no| !self.damaged.contains(no)).map(|no| self.line(*no)).collect(),
                records: records.iter().filter(|no| !self.damaged.contains(no)).map(|no| self.view(*no)).collect(),
                faults: self
                    .damaged
                    .iter()
                    .filter(|no| lines.contains(no) || records.contains(no))
                    .map(|no| (*no, "保存データが壊れています(行データ)。meken verify で確認してください".into()))
                    .collect(),
            },
            Effect::Decide { request, .. } | Effect::Annotate { request, .. } if self.fails => {
                Msg::Failed {
                    request: Some(*request), message: "ディスクがいっぱいです".into(), fatal: true
                }
            }
            Effect::Decide { request, seen, .. }
            | Effect::Annotate { request, seen, .. }
            | Effect::Protect { request, seen, .. }
                if self.case(seen.record).version != seen.version =>
            {
                let case = Box::new(self.case(seen.record).clone());
                let message = "他の操作で記録が変わりました".to_owned();
                Msg::Stale { request: *request, record: seen.record, case, message }
            }
            Effect::Decide { request, seen: Seen { record, .. }, decision } => {
                let today = japan_time(now()).date();
                let around = rules().context("佐藤", self.record(*record), now(), today);
                match transition::decide(self.case(*record), decision, &around) {
                    Ok(after) => {
                        let event = self.change(*record, EventKind::Decide, after, None);
                        Msg::Saved { request: *request, event: Box::new(event) }
                    }
                    Err(refusal) => Msg::Refused { request: *request, refusal },
                }
            }
            Effect::Protect { request, seen: Seen { record, .. }, on, reason } => {
                let facts = self.record(*record).facts;
                let after = case::protect(self.case(*record), *on, &facts, reason);
                let event = self.change(*record, EventKind::Protect, after, None);
                Msg::Saved { request: *request, event: Box::new(event) }
            }
            Effect::Annotate { request, seen: Seen { record, .. }, note } => {
                let after = case::annotate(self.case(*record), note);
                let event = self.change(*record, EventKind::Note, after, None);
                Msg::Saved { request: *request, event: Box::new(event) }
            }
            Effect::Undo { request } => match self.last_done() {
                Some(at) if self.unprotects(&self.events[at]) => self.needs_reason(*request, at),
                Some(at) => {
                    self.undone.push(at);
                    let done = self.events[at].clone();
                    let event = self.change(done.record()?, EventKind::Undo, done.before?, Some(done.id));
                    Msg::Saved { request: *request, event: Box::new(event) }
                }
                None => Msg::Failed {
                    request: Some(*request),
                    message: "これ以上戻せる操作はありません".into(),
                    fatal: false,
                },
            },
            Effect::Redo { request } => match self.undone.pop() {
                Some(at) => {
                    let done = self.events[at].clone();
                    let event = self.change(done.record()?, EventKind::Redo, done.after?, Some(done.id));
                    Msg::Saved { request: *request, event: Box::new(event) }
                }
                None => Msg::Failed {
                    request: Some(*request),
                    message: "これ以上戻せる操作はありません".into(),
                    fatal: false,
                },
            },
            Effect::Queue(page) => Msg::Queue(self.page(*page)),
            Effect::Filter(expression) => {
                let filter = Filter::parse(expression).unwrap();
                let nos = self.records.iter().filter(|record| filter.matches(&Asked(self, record))).map(|r| r.no);
                Msg::Filtered { expression: expression.clone(), nos: nos.collect() }
            }
            Effect::SearchTexts => Msg::Texts(Arc::new(
                self.records
                    .iter()
                    .map(|r| (r.no, r.row.cells.iter().map(|cell| search_fold(cell)).collect::<Vec<_>>().join(" ")))
                    .collect(),
            )),
            Effect::Status => {
                let counts = self.counts();
                let (mut status, trend) = (Status::of(&counts), Trend::of(&counts, japan_time(now())));
                status.out_of_scope = 4;
                status.changed = self.changed.0;
                let remaining = status.remaining;
                Msg::Status(Box::new(StatusView {
                    as_of: now(),
                    status,
                    quarantined: 3,
                    cutoff: Calendar::default().next(japan_time(now())),
                    file: "kekka.csv".into(),
                    forecast: trend.forecast(remaining, &Calendar::default()),
                    trend,
                }))
            }
            Effect::Related(no) => {
                let related = |no: u32, id: &str, summary: &str| RelatedRecord {
                    no: RecordNo(no),
                    id: id.into(),
                    summary: summary.into(),
                    detail: vec![
                        ("漢字 加入者".into(), "高崎　一郎".into()),
                        ("     J-LIS".into(), "髙﨑　一郎".into()),
                    ],
                };
                let address = "東京都港区赤坂１丁目２番地２号 赤坂グランドタワー別館２０１号室";
                let rows = vec![
                    related(2, "0001234", "同じ記号番号  ②b  高崎　一郎  19610215"),
                    related(9_999, "0009999", &format!("同じ記号番号  ○  高崎　花子  19630301  {address}")),
                ];
                Msg::Related(*no, RelatedRecords { rows, within: Some(8_192) })
            }
            Effect::Complete { head, part } => {
                let files = ["/tmp/new/", "/tmp/new.csv", "/tmp/newer.csv"];
                let lines = files.into_iter().filter(|file| file.starts_with(part)).map(|file| format!("{head}{file}"));
                Msg::Completed { text: format!("{head}{part}"), lines: lines.collect() }
            }
            Effect::KeepSession(bytes) => {
                self.session = Some(bytes.clone());
                return None;
            }
            Effect::Find(id) => {
                let record = self.records.iter().find(|record| record.row.id() == *id);
                let found = record.map(|record| (record.no, record.facts.scope));
                Msg::Found { id: id.clone(), found }
            }
            Effect::History { .. }
            | Effect::Step(_)
            | Effect::UndoStep { .. }
            | Effect::Outputs
            | Effect::Contradictions
            | Effect::Held(_)
            | Effect::Do(_) => return self.more(effect),
            Effect::Stop | Effect::Copy(_) | Effect::Reload | Effect::Redraw | Effect::Suspend | Effect::Quit => {
                return None;
            }
        })
    }
}

impl World {
    /// What the workstation begins with.
    pub(crate) fn opened(&self) -> Opened {
        Opened {
            edition: self.edition,
            classes: Status::of(&self.counts()).by_class,
            session: self.session.clone(),
            workspace: WorkspaceInfo {
                operator: "佐藤".into(), label: "市町村国保 全件".into(), rules: rules()
            },
            today: date(2023, 12, 11),
            cutoff: Some(Calendar::default().next(japan_time(now()))),
            newest: 0,
        }
    }

    /// Decides a record behind the back of the workstation.
    pub(crate) fn decide(&mut self, no: u32, category: Category) {
        let case = &mut self.cases[no as usize - 1];
        *case = Case { state: State::Decided(category), version: case.version + 1, ..case.clone() };
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (record, case) in self.records.iter().zip(&self.cases) {
            counts.add(&record.facts, case);
        }
        counts
    }

    /// A page of the queue.
    fn page(&self, page: u32) -> QueuePage {
        let entries: Vec<QueueEntry> = self.records.iter().skip(page as usize * PAGE).take(PAGE).map(entry).collect();
        let states = entries.iter().map(|entry| self.case(entry.no).state).collect();
        QueuePage { edition: self.edition, page, entries, states }
    }

    /// Answers for the screens with a list.
    fn more(&mut self, effect: &Effect) -> Option<Msg> {
        Some(match effect {
            Effect::History { record, below, limit } => {
                let mut steps: Vec<Step> = self
                    .events
                    .iter()
                    .rev()
                    .filter(|event| record.is_none() || event.record() == *record)
                    .filter(|event| below.is_none_or(|below| event.id.n < below))
                    .map(|event| self.step(event))
                    .collect();
                let next = if steps.len() > *limit { steps.get(limit - 1).map(|step| step.event.id.n) } else { None };
                steps.truncate(*limit);
                Msg::History { record: *record, below: *below, steps, next }
            }
            Effect::Step(seq) => {
                let event = self.events.iter().find(|event| event.id.n == *seq);
                let Some(event) = event else {
                    let message = format!("{seq} 番の操作はありません");
                    return Some(Msg::Failed { request: None, message, fatal: false });
                };
                let refused = self.undo_of(event).err().map(|refusal| refusal.to_string());
                Msg::Step(Box::new(self.step(event)), refused)
            }
            Effect::UndoStep { request, seq, reason } => {
                let event = self.events[*seq as usize - 1].clone();
                match self.undo_of(&event) {
                    Ok(_) if reason.is_empty() && self.unprotects(&event) => {
                        self.needs_reason(*request, *seq as usize - 1)
                    }
                    Ok(after) => {
                        self.undone.push(*seq as usize - 1);
                        let mut event =
                            self.change(event.record()?, EventKind::Undo, after, Some(EventId::first(*seq)));
                        event.reason.clone_from(reason);
                        Msg::Saved { request: *request, event: Box::new(event) }
                    }
                    Err(refusal) => Msg::Failed { request: Some(*request), message: refusal.to_string(), fatal: false },
                }
            }
            Effect::Outputs => Msg::Outputs(Box::new(self.outputs())),
            Effect::Contradictions => {
                Msg::Contradictions(vec![Contradiction { right: "0001234".into(), wrong: "0003001".into() }])
            }
            Effect::Held(closed) => Msg::Held(
                (0..3)
                    .filter(|n| *closed || self.held[*n].is_open())
                    .map(|n| HeldView {
                        number: n as u32 + 1,
                        import: 1,
                        file: "kekka.csv".into(),
                        line: 17 + 120 * n as u32,
                        column: Some("個人番号".into()),
                        code: "my-number".into(),
                        reason: "個人番号は数字12桁で入力してください".into(),
                        key: None,
                        state: self.held[n],
                        closed: (!self.held[n].is_open()).then(|| HeldClosing {
                            at: now(),
                            operator: "佐藤".into(),
                            reason: "資格のない行".into(),
                        }),
                        names: ["整理番号", "加入者情報_漢字氏名", "個人番号", "備考"].map(String::from).to_vec(),
                        cells: vec![format!("{n:07}"), "山田　太郎‹U+200B›".into(), "*****5678".into(), String::new()],
                        fault: Some(2),
                    })
                    .collect(),
            ),
            Effect::Do(task) => {
                self.tasks.push(task.clone());
                let lines = vec!["読込 12 = 新規 2 + 更新 1 + 変更なし 9 + 隔離 0 + 重複 0".to_owned()];
                match task {
                    _ if self.fails => Msg::Done(task.clone(), Err("ディスクがいっぱいです".into())),
                    Job::Check(source) if source.path.contains("unmapped") && source.columns.is_empty() => {
                        let needed = Column::ALL.into_iter().filter(|column| Mapping::is_needed(*column));
                        let columns = needed.enumerate().map(|(n, column)| FileColumn {
                            number: n + 1,
                            name: format!("項目{}", n + 1),
                            samples: vec!["山田　太郎".into(), String::new(), "高崎　一郎".into()],
                            column: Some(column).filter(|column| *column != Column::Overall),
                        });
                        let columns = columns.collect();
                        let mapping = Mapping { source: source.clone(), columns, ..Mapping::default() };
                        self.open_questions.push_front(Effect::Do(Job::Check(ImportSource::default())));
                        return Some(Msg::Unmapped(Box::new(mapping)));
                    }
                    Job::Check(source) if source.path.is_empty() => {
                        self.tasks.pop();
                        Msg::Done(task.clone(), Err("列の対応が分かりません".into()))
                    }
                    Job::Check(source) if source.path.contains("absent") => {
                        Msg::Done(task.clone(), Err(format!("{}: ファイルがありません", source.path)))
                    }
                    Job::Check(source) if source.path.contains("same") => {
                        let outcome =
                            Outcome { message: "取込済です".into(), lines, nothing: true, ..Outcome::default() };
                        Msg::Done(task.clone(), Ok(outcome))
                    }
                    Job::Dismiss { number, dismiss, .. } => {
                        let state = if *dismiss { QuarantineState::Dismissed } else { QuarantineState::Open };
                        self.held[*number as usize - 1] = state;
                        Msg::Done(task.clone(), Ok(Outcome { message: "除外しました".into(), ..Outcome::default() }))
                    }
                    Job::Withdraw { id, reason, .. } => {
                        let found = self.records.iter().find(|record| record.row.id() == *id).map(|record| record.no);
                        let case = found.map(|no| {
                            let after = case::withdraw(self.case(no), reason, "佐藤", now());
                            self.change(no, EventKind::Withdraw, after.clone(), None);
                            Box::new((no, after))
                        });
                        let message = "取り下げました".into();
                        Msg::Done(task.clone(), Ok(Outcome { message, case, ..Outcome::default() }))
                    }
                    Job::Freeze(_) => {
                        self.frozen += 1;
                        Msg::Done(task.clone(), Ok(Outcome { message: "確定しました".into(), ..Outcome::default() }))
                    }
                    Job::Export { request, .. } if request.creates() => {
                        self.sent += 1;
                        Msg::Done(task.clone(), Ok(Outcome { message: "作成しました".into(), ..Outcome::default() }))
                    }
                    _ => {
                        let vanishes = matches!(task, Job::Import(source)
                            if source.path.contains("half") && !source.allow_vanish);
                        let outcome =
                            Outcome { message: "終わりました".into(), lines, vanishes, ..Outcome::default() };
                        Msg::Done(task.clone(), Ok(outcome))
                    }
                }
            }
            _ => return None,
        })
    }

    fn step(&self, event: &Event) -> Step {
        let id = event.record().map(|no| self.record(no).row.id()).unwrap_or_default();
        Step { event: event.clone(), id, awaits_second: false }
    }

    /// Whether taking an event back takes 支援措置 away.
    fn unprotects(&self, event: &Event) -> bool {
        let (Some(no), Some(before), Some(after)) = (event.record(), &event.before, &event.after) else { return false };
        let facts = &self.record(no).facts;
        after.is_protected(facts) && !before.is_protected(facts)
    }

    fn needs_reason(&self, request: u64, at: usize) -> Msg {
        let event = &self.events[at];
        let id = event.record().map(|no| self.record(no).row.id()).unwrap_or_default();
        Msg::NeedsReason { request, id, seq: event.id.n }
    }

    fn undo_of(&self, event: &Event) -> Result<Case, UndoRefusal> {
        let no = event.record().ok_or(UndoRefusal::Nothing)?;
        event::may_undo(event, "佐藤", UndoStack::of(&self.events, "佐藤").can_undo(event.id))?;
        Ok(event::undo(event, self.case(no))?.after)
    }

    fn outputs(&self) -> Outputs {
        let mut report = Report::default();
        for (record, case) in self.records.iter().zip(&self.cases) {
            report.add(&record.facts, case.state);
        }
        let released = self.cases.iter().filter(|case| case.state.category().is_some_and(Category::releases)).count();
        let count = |number: Option<u32>| ReportView {
            number,
            as_of: now(),
            operator: if number.is_some() { "佐藤".into() } else { String::new() },
            report: report.clone(),
            bridge: number.map(|_| Bridge { last: 2, new: 10, this: 12, ..Bridge::default() }),
            quarantined: 3,
        };
        let cutoff = Calendar::default().next(japan_time(now()));
        let by_class = BTreeMap::from([(Class::One, 2), (Class::TwoB, 7)]);
        let by_category = BTreeMap::from([(Category::C22, 1), (Category::C23, 8)]);
        let withdrawn = Withdrawal {
            batch: 1,
            record: RecordNo(2),
            id: "0001234".into(),
            reason: "別人の疑い".into(),
            at: now(),
            operator: "鈴木".into(),
            reopened: true,
        };
        Outputs {
            next: NextRelease {
                number: self.sent + 1,
                cutoff,
                rows: released as u64,
                by_class: by_class.clone(),
                by_category: by_category.clone(),
                left_out: vec![(LeftOut::Open, 4), (LeftOut::Reported, 9)],
                doubtful: (2, vec!["0003001(F4)".into(), "0013001(F4)".into()]),
                changed: self.changed.clone(),
                protected: 1,
                came_back: CameBack { listed: vec!["0001234".into()], waiting: vec!["0011234".into()] },
            },
            sent: (1..=self.sent)
                .rev()
                .map(|number| BatchSummary {
                    number,
                    round: number,
                    cutoff: cutoff.at,
                    made_at: now(),
                    operator: "佐藤".into(),
                    rows: 9,
                    protected: u64::from(number == 1),
                    by_class: by_class.clone(),
                    by_category: by_category.clone(),
                    withdrawn: if number == 1 { vec![withdrawn.clone()] } else { Vec::new() },
                })
                .collect(),
            now: count(None),
            frozen: (1..=self.frozen).rev().map(|number| count(Some(number))).collect(),
            quarantined: 3,
            folder: "/home/meken/exports".into(),
        }
    }
}

struct Asked<'a>(&'a World, &'a Record);

impl Subject for Asked<'_> {
    fn facts(&self) -> &Facts {
        &self.1.facts
    }
    fn case(&self) -> &Case {
        self.0.case(self.1.no)
    }
    fn id(&self) -> &str {
        self.1.row.cell(Column::Id)
    }
    fn comparison(&self, field: FieldKind) -> (crate::compare::Verdict, Vec<crate::compare::Code>) {
        let found = compare(field, self.1.row.left(field), self.1.row.right(field));
        (found.verdict, found.codes())
    }
    fn text_contains(&self, folded: &str) -> bool {
        self.1.row.cells.iter().any(|cell| search_fold(cell).contains(folded))
    }
}

/// The default keymap.
pub(crate) fn keymap() -> Arc<Keymap<Action>> {
    shipped_keymap("default")
}

/// A shipped keymap.
pub(crate) fn shipped_keymap(name: &str) -> Arc<Keymap<Action>> {
    let text = embedded::find(embedded::KEYMAPS, name).unwrap();
    let base = |name: &str| embedded::find(embedded::KEYMAPS, name);
    Arc::new(Keymap::parse(name, &text, base, Action::from_run, Action::ESSENTIAL).unwrap())
}

/// A workstation at work: a model, its world and a clock.
pub(crate) struct Bench {
    pub(crate) model: Model,
    pub(crate) world: World,
    pub(crate) at: u64,
}

impl Bench {
    pub(crate) fn new(records: u32, size: (u16, u16)) -> Self {
        Self::open(World::new(records), size)
    }

    /// Starts the workstation on a world that may have been worked on before.
    pub(crate) fn open(world: World, size: (u16, u16)) -> Self {
        let mut bench = Self { model: Model::new(keymap(), size), world, at: 10_000 };
        let opened = bench.world.opened();
        bench.send(Msg::Opened(Box::new(opened)));
        bench.send(Msg::Drawn);
        bench
    }

    /// Sends a message and lets the world answer.
    pub(crate) fn send(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = update(&mut self.model, msg);
        let all = effects.clone();
        self.world.asked.extend(effects.iter().cloned());
        self.world.open_questions.extend(effects);
        if !self.world.slow {
            self.answer_all();
        }
        all
    }

    /// Lets the world answer everything that is open.
    pub(crate) fn answer_all(&mut self) {
        while let Some(effect) = self.world.open_questions.pop_front() {
            if let Some(msg) = self.world.answer(&effect) {
                let more = update(&mut self.model, msg);
                self.world.asked.extend(more.iter().cloned());
                self.world.open_questions.extend(more);
            }
        }
    }

    /// Presses keys as a person does: slowly, with a frame after each.
    pub(crate) fn press(&mut self, keys: &str) {
        for word in keys.split(' ') {
            self.at += 2_000;
            self.stroke(word.parse().unwrap());
            self.send(Msg::Drawn);
        }
    }

    /// Presses one key and waits until it has had its effect.
    pub(crate) fn stroke(&mut self, key: Key) {
        let at = self.at;
        self.send(Msg::Key { key, at, repeat: false });
        self.at += 200;
        let at = self.at;
        self.send(Msg::Quiet { at });
    }

    /// Types text into a field.
    pub(crate) fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.at += 200;
            self.stroke(Key::char(c));
            self.send(Msg::Drawn);
        }
    }

    /// How many decisions were asked for.
    pub(crate) fn decisions(&self) -> usize {
        self.world.asked.iter().filter(|effect| matches!(effect, Effect::Decide { .. })).count()
    }

    pub(crate) fn message(&self) -> &str {
        self.model.shared.message.as_ref().map_or("", |(_, text)| text.as_str())
    }

    /// The number of the record at the cursor.
    pub(crate) fn here(&self) -> u32 {
        self.model.record().map_or(0, |no| no.0)
    }
}

/// The category of a record in the world.
pub(crate) fn category(bench: &Bench, no: u32) -> Option<Category> {
    bench.world.case(RecordNo(no)).state.category()
}

/// The evidence of a record in the world.
pub(crate) fn evidence(bench: &Bench, no: u32) -> Vec<EvidenceCode> {
    bench.world.case(RecordNo(no)).evidence.iter().map(|evidence| evidence.code).collect()
}

/// The state of a record in the world.
pub(crate) fn state(bench: &Bench, no: u32) -> State {
    bench.world.case(RecordNo(no)).state
}

/// The size of most tests.
pub(crate) const SIZE: (u16, u16) = (80, 24);

/// A workstation at work on fictitious records.
pub(crate) fn bench(records: u32) -> Bench {
    Bench::new(records, SIZE)
}

/// Decides the second record twice and the third once, and stands on the second.
pub(crate) fn worked() -> Bench {
    let mut bench = bench(12);
    bench.press("j");
    bench.press("s");
    bench.press("d");
    bench.press("k");
    bench.press("k");
    bench.press("d");
    bench.type_text("届出書を見直した");
    bench.press("enter");
    bench.press("g g");
    bench.press("j");
    assert_eq!((bench.here(), bench.world.events.len()), (2, 3));
    bench
}

/// The text of the prompt and what is wrong with it.
pub(crate) fn prompted(bench: &Bench) -> (&str, Option<&str>) {
    match &bench.model.shared.modal {
        Some(Modal::Prompt(prompt)) => (prompt.line.text(), prompt.fault.as_deref()),
        other => panic!("{other:?} {}", bench.message()),
    }
}

/// Presses a key at a moment, and lets nothing else happen.
pub(crate) fn key(bench: &mut Bench, c: char, at: u64) {
    bench.send(Msg::Key { key: Key::char(c), at, repeat: false });
}
