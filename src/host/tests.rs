//! The service at the other end of the socket is the service in the process.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::desk::tests::{Office, office, papers};
use crate::desk::{DeskError, Query, Service, request_id};
use crate::domain::case::Decision;
use crate::domain::category::Category;
use crate::domain::request::{Caller, Seen};
use crate::service::{Answer, Ask, Command};
use crate::store::StoreError;

/// An office whose desk answers on a socket.
struct Served {
    office: Office,
    folder: tempfile::TempDir,
    own: Caller,
    _server: Server,
}

impl Served {
    fn new() -> Self {
        let office = office(&[("1", ""), ("2", "")]);
        let folder = tempfile::tempdir().unwrap();
        let uid = rustix::process::geteuid().as_raw();
        let own = Caller { uid, ..Caller::named("佐藤") };
        let service = Arc::new(office.desk.desk().clone());
        let server = serve(&folder.path().join("meken.sock"), service, &own, "確認画面").unwrap();
        Self { office, folder, own, _server: server }
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("meken.sock")
    }

    fn remote(&self) -> Remote {
        Remote::at(self.socket())
    }

    fn seen(&self, id: &str) -> Seen {
        self.office.desk.find_seen(id).unwrap()
    }

    fn events(&self) -> u64 {
        self.office.desk.snapshot().unwrap().meta().unwrap().audit_seq
    }
}

fn answers(service: &dyn Service, who: &Caller, ask: &Ask) -> Result<Vec<Answer>, DeskError> {
    let mut answers = Vec::new();
    service.ask(who, ask, &mut |answer| {
        answers.push(answer);
        true
    })?;
    Ok(answers)
}

/// Answers as they are sent, without the times at which they were made: the clock goes on between two questions.
fn kinds(answers: &[Answer]) -> Vec<serde_json::Value> {
    fn without_times(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                fields.retain(|name, _| !["now", "as_of"].contains(&name.as_str()));
                fields.values_mut().for_each(without_times);
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(without_times),
            _ => {}
        }
    }
    let mut values: Vec<_> = answers.iter().map(|answer| serde_json::to_value(answer).unwrap()).collect();
    values.iter_mut().for_each(without_times);
    values
}

fn decide(seen: Seen, decision: Decision) -> Command {
    Command::Decide { seen, decision: Box::new(decision) }
}

#[test]
fn questions_are_answered_as_in_the_process() {
    let served = Served::new();
    let one = served.office.desk.find("1").unwrap();
    let list = Query::List { filter: String::new(), all: true, sort: Default::default(), limit: None };
    let queries = [list, Query::Batches, Query::Log { id: None }, Query::Quarantine { closed: true }];
    let asks = queries.into_iter().map(Ask::View).chain([
        Ask::Open,
        Ask::Load { lines: vec![one], records: vec![one] },
        Ask::Filter("state:未着手".into()),
        Ask::SearchTexts,
        Ask::Related(one),
        Ask::Trail { record: None, below: None, limit: 3 },
        Ask::Find("2".into()),
        Ask::Step(crate::domain::event::EventId::first(1)),
        Ask::Contradictions,
    ]);
    for ask in asks {
        let here = answers(served.office.desk.desk(), &served.own, &ask).unwrap();
        assert!(!here.is_empty() || matches!(ask, Ask::View(_)), "{ask:?}");
        assert_eq!(kinds(&answers(&served.remote(), &served.own, &ask).unwrap()), kinds(&here), "{ask:?}");
    }
    // So are refusals, with all they say.
    let wrong = Ask::View(Query::Count { filter: "class:⑨".into(), all: false });
    let here = answers(served.office.desk.desk(), &served.own, &wrong).unwrap_err();
    let there = answers(&served.remote(), &served.own, &wrong).unwrap_err();
    assert!(matches!(there, DeskError::Filter(_)));
    assert_eq!(there.to_string(), here.to_string());
    // Whoever has enough hears no more.
    let mut count = 0;
    let all = Ask::View(Query::Log { id: None });
    let mut one = |_| {
        count += 1;
        false
    };
    served.remote().ask(&served.own, &all, &mut one).unwrap();
    assert_eq!(count, 1);
    assert_eq!(
        holder(&served.socket()).unwrap().to_string(),
        format!("佐藤 の確認画面、プロセス {}", std::process::id())
    );
}

#[test]
fn a_command_is_carried_out_once_under_its_number() {
    let served = Served::new();
    let (remote, before) = (served.remote(), served.events());
    let (command, id) = (decide(served.seen("1"), papers()), request_id().unwrap());
    // Whom the message would name is of no matter: the kernel says who asks.
    let anybody = Caller { uid: 7, ..Caller::named("部長") };
    let first = remote.run(&anybody, id, &command).unwrap();
    assert_eq!(remote.run(&served.own, id, &command).unwrap(), first);
    assert_eq!(served.events(), before + 1);
    assert_eq!(first.events()[0].operator(), "佐藤");
    // Under another number it is another request, on a state that is gone.
    let again = remote.run(&served.own, request_id().unwrap(), &command);
    let Err(DeskError::Stale { case, id, .. }) = again else { panic!("{again:?}") };
    assert_eq!((case.version, id.as_str()), (1, "1"));
    // What a guard refuses says here as there what would satisfy it.
    let letter = decide(served.seen("2"), Decision::category(Category::C43));
    let there = remote.run(&served.own, request_id().unwrap(), &letter).unwrap_err();
    let here = Service::run(served.office.desk.desk(), &served.own, request_id().unwrap(), &letter).unwrap_err();
    match (there, here) {
        (DeskError::Refused(there), DeskError::Refused(here)) => assert_eq!(there, here),
        other => panic!("{other:?}"),
    }
}

/// The connection breaks after the command was carried out and before its answer came: it is sent again, and done once.
#[test]
fn a_command_whose_answer_was_lost_is_sent_again() {
    let served = Served::new();
    let before = served.events();
    let between = served.folder.path().join("between.sock");
    let listener = UnixListener::bind(&between).unwrap();
    let socket = served.socket();
    let proxy = std::thread::spawn(move || {
        for lose in [true, false] {
            let (mut client, _) = listener.accept().unwrap();
            let mut line = String::new();
            BufReader::new(client.try_clone().unwrap()).read_line(&mut line).unwrap();
            let mut server = UnixStream::connect(&socket).unwrap();
            server.write_all(line.as_bytes()).unwrap();
            let mut answer = Vec::new();
            server.read_to_end(&mut answer).unwrap();
            if !lose {
                client.write_all(&answer).unwrap();
            }
        }
    });
    let command = decide(served.seen("1"), papers());
    let done = Remote::at(&between).run(&served.own, request_id().unwrap(), &command).unwrap();
    proxy.join().unwrap();
    assert_eq!((done.events().len(), served.events()), (1, before + 1));
}

#[test]
fn nobody_there_and_another_version_are_told_apart() {
    let served = Served::new();
    let nobody = Remote::at(served.folder.path().join("none.sock"));
    let status = Ask::View(Query::Status);
    let is_busy = |error| matches!(error, DeskError::Store(StoreError::Busy { holder: None }));
    assert!(is_busy(answers(&nobody, &served.own, &status).unwrap_err()));
    let command = decide(served.seen("1"), papers());
    assert!(is_busy(nobody.run(&served.own, request_id().unwrap(), &command).unwrap_err()));
    let say = |line: &str| {
        let mut stream = UnixStream::connect(served.socket()).unwrap();
        stream.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    // The words of the first version, which reads `error` with `kind` and `message`.
    let older = say("{\"version\":1,\"ask\":{\"query\":\"status\"}}\n");
    assert!(older.contains("{\"error\":{\"kind\":\"request\",\"message\":\"使用中の meken と版が違います"), "{older}");
    assert!(say("何か\n").contains("\"usage\""));
}
