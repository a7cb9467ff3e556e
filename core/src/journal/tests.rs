//! Tests of the file: every crash is a cut of it, and every other change is found.

use super::*;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// A path in a folder of its own, which is removed when it is dropped.
struct TestFile(PathBuf);

impl TestFile {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("egito-journal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        Self(folder.join("import.journal"))
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(&self.0).unwrap()
    }

    fn lines(&self) -> Vec<String> {
        String::from_utf8(self.bytes()).unwrap().lines().map(str::to_owned).collect()
    }

    fn open(&self) -> Result<Journal> {
        Journal::open(&self.0, &header("create", None))
    }

    fn refusal(&self) -> String {
        let before = self.bytes();
        let error = self.open().unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("journal")));
        assert_eq!(error.outcome(), Some(Outcome::NotSent));
        assert_eq!(self.bytes(), before, "a refused file is not changed");
        error.to_string()
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.0.parent().unwrap());
    }
}

fn header(action: &str, key: Option<&str>) -> Header {
    let key = key.map(|field| vec![field.to_owned()]);
    Header::new("https://firma.egito.pl/".to_owned(), "Lead", action, key.as_deref())
}

fn input(row: u64) -> Fingerprint {
    Fingerprint::of([Some(&*row.to_string())])
}

fn result(row: u64) -> Box<RawValue> {
    RawValue::from_string(format!("{{\"id\":{}}}", row + 1000)).unwrap()
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test)
}

/// Writes rows 0 to 3: done, failed, of unknown outcome, and begun.
async fn write_rows(journal: &Journal) {
    for row in 0..4 {
        journal.begin(row, input(row)).await.unwrap();
    }
    journal.done(0, input(0), &result(0)).await.unwrap();
    let refused = Error::new(Code::Validation, "").with(|d| d.outcome = Some(Outcome::Rejected));
    journal.failed(1, input(1), &refused, false).await.unwrap();
    let lost = Error::new(Code::Connection, "").into_outcome_unknown();
    journal.failed(2, input(2), &lost, false).await.unwrap();
}

/// Returns a letter for what happened to each row.
fn states(journal: &Journal) -> String {
    let state = |row| match journal.past(row, input(row)).unwrap() {
        Past::Nothing => '-',
        Past::InDoubt => '?',
        Past::Done(found) => {
            assert_eq!(found.get(), result(row).get());
            'd'
        }
    };
    (0..5).map(state).collect()
}

#[test]
fn a_later_run_knows_what_happened_to_each_row() {
    let file = TestFile::new("states");
    let journal = file.open().unwrap();
    assert!(!journal.has_doubts());
    run(write_rows(&journal));
    drop(journal);
    for _ in 0..2 {
        let journal = file.open().unwrap();
        assert!(journal.has_doubts());
        assert_eq!(states(&journal), "d-??-");
    }
    assert_eq!(file.lines().len(), 8, "reading writes nothing");
    assert!(file.lines().iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn a_row_stays_in_doubt_until_a_server_has_responded() {
    let file = TestFile::new("doubt");
    let (not_sent, refused) =
        (Error::config("key", ""), Error::new(Code::Validation, "").with(|d| d.outcome = Some(Outcome::Rejected)));
    for (error, in_doubt, expected) in
        [(&not_sent, false, "-"), (&not_sent, true, "?"), (&refused, false, "-"), (&refused, true, "-")]
    {
        let journal = file.open().unwrap();
        run(journal.begin(0, input(0))).unwrap();
        run(journal.failed(0, input(0), error, in_doubt)).unwrap();
        drop(journal);
        assert_eq!(&states(&file.open().unwrap())[..1], expected, "{error:?} {in_doubt}");
    }
    for (in_doubt, expected) in [(false, "-"), (true, "?")] {
        let journal = file.open().unwrap();
        run(journal.begin(0, input(0))).unwrap();
        journal.not_sent(0, input(0), in_doubt);
        drop(journal);
        assert_eq!(&states(&file.open().unwrap())[..1], expected);
    }
}

#[test]
fn a_file_that_a_crash_has_cut_anywhere_can_be_continued() {
    let file = TestFile::new("cut");
    run(write_rows(&file.open().unwrap()));
    let whole = file.bytes();
    let ends: Vec<usize> = (1..=whole.len()).filter(|end| whole[end - 1] == b'\n').collect();
    // The states after the header and each further line.
    let expected = ["-----", "?----", "??---", "???--", "????-", "d???-", "d-??-", "d-??-"];
    let near = |end: usize| [end.saturating_sub(40), end - 1, end, end + 1];
    for cut in [0].into_iter().chain(ends.iter().flat_map(|end| near(*end))).filter(|cut| *cut <= whole.len()) {
        let complete = ends.iter().filter(|end| **end <= cut).count();
        for zeros in [0, 100] {
            let mut bytes = whole[..cut].to_vec();
            bytes.extend(std::iter::repeat_n(0, zeros)); // some file systems leave such an end
            fs::write(&file.0, bytes).unwrap();
            let journal = file.open().unwrap();
            assert_eq!(states(&journal), expected[complete.saturating_sub(1)], "{cut} of {}", whole.len());
            run(journal.begin(4, input(4))).unwrap();
            drop(journal);
            assert_eq!(file.lines().len(), complete.max(1) + 1);
            assert!(states(&file.open().unwrap()).ends_with('?'));
        }
    }
}

#[test]
fn a_change_that_no_crash_makes_is_found_with_its_line() {
    let file = TestFile::new("damage");
    run(write_rows(&file.open().unwrap()));
    let lines = file.lines();
    for (index, line) in lines.iter().enumerate() {
        for position in [0, line.len() / 2, line.len() - 1] {
            let mut changed = lines.clone();
            changed[index].replace_range(position..=position, "~");
            fs::write(&file.0, changed.join("\n") + "\n").unwrap();
            let refusal = file.refusal();
            let is_header = index == 0 && refusal.contains("not the journal of a bulk");
            assert!(is_header || refusal.contains(&format!("line {} is damaged", index + 1)), "{refusal}");
        }
    }
    // Zeros before a complete line.
    let mut changed = lines.join("\n").into_bytes();
    let second = lines[0].len() + 1;
    changed[second..second + 9].fill(0);
    fs::write(&file.0, changed).unwrap();
    assert!(file.refusal().contains("line 2 is damaged"));
}

#[test]
fn a_whole_line_that_is_removed_copied_or_moved_is_found() {
    let file = TestFile::new("misplaced");
    run(write_rows(&file.open().unwrap()));
    let lines = file.lines();
    let check = |changed: &[String], ends: [&str; 2], line: usize, number: usize| {
        for end in ends {
            fs::write(&file.0, changed.join("\n") + end).unwrap();
            let refusal = file.refusal();
            assert!(
                refusal.contains(&format!("line {line} has the number {number}, so lines were removed")),
                "{refusal}"
            );
        }
    };
    // The last line may be cut as well.
    let ends = ["\n", "\n{\"line\":"];
    for index in 1..lines.len() {
        let number = index + 1;
        if index < lines.len() - 1 {
            let removed = [&lines[..index], &lines[index + 1..]].concat();
            check(&removed, ends, number, number + 1);
            let mut swapped = lines.clone();
            swapped.swap(index, index + 1);
            check(&swapped, ends, number, number + 1);
        }
        let copied = [&lines[..=index], &lines[index..]].concat();
        check(&copied, ends, number + 1, number);
    }
    // Without its last lines, it looks like a file that a crash has cut.
    fs::write(&file.0, lines[..5].join("\n") + "\n").unwrap();
    let journal = file.open().unwrap();
    assert_eq!(states(&journal), "????-");
    run(journal.begin(4, input(4))).unwrap();
    drop(journal);
    let number = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap()["line"].as_u64();
    assert_eq!(
        file.lines().iter().map(number).collect::<Vec<_>>(),
        [None, Some(2), Some(3), Some(4), Some(5), Some(6)]
    );
}

#[test]
fn a_file_of_something_else_is_refused() {
    let file = TestFile::new("other");
    drop(file.open().unwrap());
    for (other, why) in [
        (header("update", None), "its action is create, and that of this bulk is update"),
        (Header { entity: "Account".to_owned(), ..header("create", None) }, "its entity is Lead"),
        (
            Header { server: "https://other.egito.pl/".to_owned(), ..header("create", None) },
            "its server is https://firma",
        ),
    ] {
        let error = Journal::open(&file.0, &other).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(Journal::open(&file.0, &header("create", Some("nip"))).is_ok(), "its rows in doubt can be looked for");

    fs::remove_file(&file.0).unwrap();
    drop(Journal::open(&file.0, &header("create", Some("nip"))).unwrap());
    for (key, of_bulk) in [(None, "none"), (Some("name"), "name")] {
        let error = Journal::open(&file.0, &header("create", key)).unwrap_err();
        assert!(error.to_string().contains(&format!("its key is nip, and that of this bulk is {of_bulk}")), "{error}");
    }

    let with_key = |fields: [&str; 2]| {
        let fields = fields.map(str::to_owned);
        Header::new("https://firma.egito.pl/".to_owned(), "Lead", "create", Some(&fields))
    };
    fs::remove_file(&file.0).unwrap();
    drop(Journal::open(&file.0, &with_key(["number", "account.id"])).unwrap());
    assert!(
        Journal::open(&file.0, &with_key(["account.id", "number"])).is_ok(),
        "the order of the fields is the same key"
    );

    for (content, why) in [
        ("id;name\n1;Jan\n", "not the journal of a bulk"),
        ("id", "not the journal of a bulk"),
        ("{\"egito_tokens\":1}", "not the journal of a bulk"),
        ("{\"egito_journal\":3}\n", "its version is 3, so a newer version of this library wrote it"),
        ("{\"egito_journal\":1}\n", "its version is 1, so an older version of this library wrote it"),
        ("{\"egito_journal\":2}\n", "line 1 is damaged"),
    ] {
        fs::write(&file.0, content).unwrap();
        let refusal = file.refusal();
        assert!(refusal.contains(why), "{refusal}");
    }
    let folder = Journal::open(file.0.parent().unwrap(), &header("create", None)).unwrap_err();
    assert!(folder.to_string().contains("not a regular file"), "{folder}");
    let missing = Journal::open(&file.0.join("x"), &header("create", None)).unwrap_err();
    assert!(missing.details().os_error.is_some() && missing.to_string().contains("cannot be written"), "{missing}");
}

#[test]
fn one_bulk_at_a_time_uses_a_file() {
    let file = TestFile::new("lock");
    let first = file.open().unwrap();
    assert!(file.refusal().contains("another process or bulk uses it"));
    run(first.begin(0, input(0))).unwrap();
    first.unlock();
    first.unlock();
    let second = file.open().unwrap();
    assert!(run(first.begin(1, input(1))).unwrap_err().to_string().contains("another process or bulk uses it"));
    drop(second);
    run(first.begin(1, input(1))).unwrap(); // the second one has written nothing
    first.unlock();
    run(file.open().unwrap().begin(2, input(2))).unwrap();
    assert!(run(first.begin(3, input(3))).is_err(), "another bulk has written");
    assert_eq!(states(&file.open().unwrap()), "???--");
    first.close();
    assert!(run(first.begin(3, input(3))).is_err());
}

#[test]
fn an_input_that_was_sent_must_be_the_same() {
    let file = TestFile::new("inputs");
    run(write_rows(&file.open().unwrap()));
    for (row, is_refused) in [(0, true), (1, false), (2, true), (3, true), (4, false)] {
        let past = file.open().unwrap().past(row, input(100));
        assert_eq!(past.is_err(), is_refused, "{row}");
        if let Err(error) = past {
            assert!(error.to_string().contains(&format!("the input at index {row} is not the one")), "{error}");
        }
    }
}

/// Rows that wait at the same time share a write, and each of them is on the disk when its wait ends.
#[test]
fn rows_wait_together_and_none_is_lost() {
    let file = TestFile::new("together");
    let journal = file.open().unwrap();
    run(async {
        let begun: Vec<_> = (0..200).map(|row| journal.begin(row, input(row))).collect();
        futures_util::future::try_join_all(begun).await.unwrap();
        assert_eq!(file.lines().len(), 201);
        let done: Vec<_> = (0..200).map(|row| journal.done(row, input(row), &result(row))).collect();
        drop(done); // written all the same
    });
    drop(journal);
    let journal = file.open().unwrap();
    assert!((0..200).all(|row| matches!(journal.past(row, input(row)), Ok(Past::Done(_)))));
}

/// A file without the right to write behaves like a full disk: each further row has its error, and is not sent.
#[test]
fn nothing_is_written_after_a_failed_write() {
    let file = TestFile::new("failed");
    run(write_rows(&file.open().unwrap()));
    let before = file.bytes();
    let read_only = JournalFile::of(fs::File::open(&file.0).unwrap(), &file.0, before.len() as u64).unwrap();
    let journal = Journal { writer: Writer::new(read_only, 8), rows: Mutex::default(), has_doubts: false };
    for row in 4..7 {
        let error = run(journal.begin(row, input(row))).unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Code::Config, Some(Outcome::NotSent)));
        assert!(error.details().os_error.is_some() && error.to_string().contains("cannot be written"), "{error}");
    }
    drop(journal);
    assert_eq!(file.bytes(), before);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let file = TestFile::new("mode");
    drop(file.open().unwrap());
    assert_eq!(fs::metadata(&file.0).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_line_that_is_changed_while_a_bulk_uses_the_file_is_found() {
    let file = TestFile::new("changed");
    run(write_rows(&file.open().unwrap()));
    let journal = file.open().unwrap();
    let mut other = fs::File::options().write(true).open(&file.0).unwrap();
    other.write_all(&vec![b'~'; file.bytes().len()]).unwrap();
    assert!(journal.past(0, input(0)).unwrap_err().to_string().contains("index 0 was changed"));
}
