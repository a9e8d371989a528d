//! What every engine must do, tried by random operations on all engines and on a plain model.

use std::collections::BTreeMap;
use std::ops::Bound;

use ::redb::backends::InMemoryBackend;
use proptest::prelude::*;

use super::memory::Memory;
use super::redb::Redb;
use super::*;

/// Every engine, empty.
fn engines() -> Vec<Box<dyn Engine>> {
    vec![Box::new(Memory::default()), Box::new(Redb::over(InMemoryBackend::new(), 256 * 1024).unwrap())]
}

/// What the tables should hold, by encoded keys.
type Model = BTreeMap<(usize, Vec<u8>), Vec<u8>>;

/// An operation in a transaction; numbers become keys and values of the table at hand.
#[derive(Clone, Debug)]
enum Step {
    Put(Table, u32, u8),
    PutMany(Table, Vec<u32>, u8),
    Remove(Table, u32),
    Clear(Table),
}

fn tables() -> impl Strategy<Value = Table> {
    proptest::sample::select(&Table::ALL[..])
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // The ends of the number range are where an order of bytes and an order of numbers would part.
    let number = || prop_oneof![8 => 0u32..20, 2 => 250u32..260, 1 => Just(u32::MAX)];
    let step = prop_oneof![
        4 => (tables(), number(), any::<u8>()).prop_map(|(table, number, value)| Step::Put(table, number, value)),
        3 => (tables(), proptest::collection::btree_set(number(), 0..9), any::<u8>())
            .prop_map(|(table, numbers, value)| Step::PutMany(table, numbers.into_iter().collect(), value)),
        3 => (tables(), number()).prop_map(|(table, number)| Step::Remove(table, number)),
        1 => tables().prop_map(Step::Clear),
    ];
    proptest::collection::vec(step, 0..12)
}

/// Transactions one after another, and whether each is committed.
fn transactions() -> impl Strategy<Value = Vec<(Vec<Step>, bool)>> {
    proptest::collection::vec((steps(), any::<bool>()), 0..12)
}

/// The key of a number in a table, which ascends with the number; texts need a place to stand.
fn key(table: Table, number: u32, text: &mut String) -> Key<'_> {
    match table.shape() {
        Shape::Number => Key::Number(number),
        Shape::Seq => Key::Seq(u64::from(number) << 8),
        Shape::Text => {
            *text = format!("鍵{number:010}");
            Key::Text(text)
        }
        Shape::Chunk => Key::Chunk((number >> 30) as u8, number << 2 >> 2),
        Shape::Pair => Key::Pair(number / 4, number % 4),
        Shape::Event => Key::Event(number / 4, u64::from(number % 4) << 40),
        Shape::Id => Key::Id(u128::from(number) << 64),
        Shape::Step => Key::Step(number / 64, (number / 4 % 16) as u8, u64::from(number % 4) << 40),
    }
}

/// A value that the table takes.
fn value(table: Table, byte: u8) -> Vec<u8> {
    match table {
        Table::History => Vec::new(),
        Table::ByKey | Table::InBatch => vec![byte; 8],
        _ => vec![byte; usize::from(byte) * 30],
    }
}

fn take(txn: &mut dyn Txn, model: &mut Model, step: &Step) {
    let mut text = String::new();
    match step {
        Step::Put(table, number, byte) => {
            let (key, value) = (key(*table, *number, &mut text), value(*table, *byte));
            let replaced = model.insert((*table as usize, key.encode()), value.clone()).is_some();
            assert_eq!(txn.put(*table, key, &value).unwrap(), replaced, "{step:?}");
        }
        Step::PutMany(table, numbers, byte) => {
            let mut texts = vec![String::new(); numbers.len()];
            let value = value(*table, *byte);
            let keys: Vec<Key<'_>> = numbers.iter().zip(&mut texts).map(|(no, text)| key(*table, *no, text)).collect();
            let put = |key: &Key<'_>| model.insert((*table as usize, key.encode()), value.clone()).is_some();
            let replaced = keys.iter().map(put).filter(|replaced| *replaced).count() as u64;
            let mut entries = keys.iter().map(|key| (*key, value.as_slice()));
            assert_eq!(txn.put_many(*table, &mut entries).unwrap(), replaced, "{step:?}");
        }
        Step::Remove(table, number) => {
            let key = key(*table, *number, &mut text);
            let was_there = model.remove(&(*table as usize, key.encode())).is_some();
            assert_eq!(txn.remove(*table, key).unwrap(), was_there, "{step:?}");
        }
        Step::Clear(table) => {
            model.retain(|(at, _), _| *at != *table as usize);
            txn.clear(*table).unwrap();
        }
    }
}

/// The entries of a range, encoded.
fn shown(view: &dyn View, table: Table, keys: KeyRange<'_>, order: Direction, most: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut all = Vec::new();
    view.range(table, keys, order, &mut |key, value| {
        all.push((key.encode(), value.to_vec()));
        Ok(all.len() < most)
    })
    .unwrap();
    all
}

/// The view shows exactly the model: lengths, single keys, many keys, ranges in both directions and their ends.
fn check(view: &dyn View, model: &Model) {
    for table in Table::ALL {
        let of_table: BTreeMap<&Vec<u8>, &Vec<u8>> =
            model.iter().filter(|((at, _), _)| *at == table as usize).map(|((_, key), value)| (key, value)).collect();
        assert_eq!(view.len(table).unwrap(), of_table.len() as u64, "{table:?}");
        let mut texts = vec![String::new(); 24];
        let numbers = [u32::MAX].into_iter().chain((0..20).rev()).chain([250, 255, 256]);
        let keys: Vec<Key<'_>> = numbers.zip(&mut texts).map(|(number, text)| key(table, number, text)).collect();
        let mut found = Vec::new();
        view.get_many(table, &keys, &mut |place, value| {
            found.push((place, value.to_vec()));
            Ok(())
        })
        .unwrap();
        let expected = keys.iter().enumerate().filter_map(|(place, key)| {
            let value = of_table.get(&key.encode())?;
            Some((place, value.to_vec()))
        });
        assert_eq!(found, expected.collect::<Vec<_>>(), "{table:?}");
        assert_eq!(view.get(table, keys[3]).unwrap().as_ref(), of_table.get(&keys[3].encode()).copied());
        let (low, high) = (keys[17], keys[6]);
        let ranges = [
            KeyRange::ALL,
            KeyRange::from(low),
            KeyRange::up_to(high),
            KeyRange::between(low, high),
            KeyRange::between(low, low),
            KeyRange::between(high, low),
            KeyRange::within(low, high),
            KeyRange::within(high, low),
            KeyRange { from: Bound::Excluded(low), to: Bound::Included(high) },
            KeyRange { from: Bound::Excluded(low), to: Bound::Excluded(low) },
        ];
        for keys in ranges {
            let inside = |key: &Vec<u8>| {
                let above = match keys.from {
                    Bound::Included(from) => from.encode() <= *key,
                    Bound::Excluded(from) => from.encode() < *key,
                    Bound::Unbounded => true,
                };
                above
                    && match keys.to {
                        Bound::Included(to) => *key <= to.encode(),
                        Bound::Excluded(to) => *key < to.encode(),
                        Bound::Unbounded => true,
                    }
            };
            let mut expected: Vec<(Vec<u8>, Vec<u8>)> = of_table
                .iter()
                .filter(|(key, _)| inside(key))
                .map(|(key, value)| (key.to_vec(), value.to_vec()))
                .collect();
            assert_eq!(shown(view, table, keys, Direction::Ascending, usize::MAX), expected, "{table:?} {keys:?}");
            expected.reverse();
            assert_eq!(shown(view, table, keys, Direction::Descending, usize::MAX), expected, "{table:?} {keys:?}");
            expected.truncate(2);
            assert_eq!(shown(view, table, keys, Direction::Descending, 2), expected, "{table:?} {keys:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Transactions see what they wrote, views see what was durable when they were opened, aborts leave nothing.
    #[test]
    fn engines_do_what_a_model_does(transactions in transactions()) {
        for engine in engines() {
            let mut durable = Model::new();
            let mut old: Option<(Box<dyn View + '_>, Model)> = None;
            for (at, (steps, commit)) in transactions.iter().enumerate() {
                let mut model = durable.clone();
                let mut txn = engine.begin().unwrap();
                for step in steps {
                    take(&mut *txn, &mut model, step);
                }
                check(&*txn, &model);
                check(&*engine.read().unwrap(), &durable);
                if let Some((view, then)) = &old {
                    check(&**view, then);
                }
                if at % 3 == 0 {
                    old = Some((engine.read().unwrap(), durable.clone()));
                }
                if *commit {
                    txn.commit().unwrap();
                    durable = model;
                } else {
                    drop(txn);
                }
                check(&*engine.read().unwrap(), &durable);
            }
            if let Some((view, then)) = &old {
                check(&**view, then);
            }
            drop(old);
            engine.idle().unwrap();
            check(&*engine.read().unwrap(), &durable);
        }
    }

    #[test]
    fn keys_are_ordered_as_their_bytes(a: u32, b: u32, c: u64, d: u64, e: u8, f: u8, x in ".{0,6}", y in ".{0,6}") {
        let pairs = [
            (Key::Number(a), Key::Number(b)),
            (Key::Seq(c), Key::Seq(d)),
            (Key::Text(&x), Key::Text(&y)),
            (Key::Chunk(e, a), Key::Chunk(f, b)),
            (Key::Pair(a, b), Key::Pair(b, a)),
            (Key::Event(a, c), Key::Event(b, d)),
            (Key::Step(a, e, c), Key::Step(b, f, d)),
            (Key::Step(a, e, c), Key::Step(a, f, d)),
            (Key::Id(u128::from(c) << 64 | u128::from(d)), Key::Id(u128::from(d) << 64 | u128::from(c))),
        ];
        for (one, other) in pairs {
            prop_assert_eq!(one.cmp(&other), one.encode().cmp(&other.encode()));
            let bytes = one.encode();
            prop_assert_eq!(one.shape().decode(&bytes), Some(one));
        }
    }
}

#[test]
fn a_key_or_value_that_does_not_fit_is_refused() {
    for engine in engines() {
        let mut txn = engine.begin().unwrap();
        for table in Table::ALL {
            let foreign = if table.shape() == Shape::Seq { Key::Number(1) } else { Key::Seq(1) };
            assert!(txn.put(table, foreign, &value(table, 1)).is_err(), "{table:?}");
            assert!(txn.put_many(table, &mut std::iter::once((foreign, &value(table, 1)[..]))).is_err(), "{table:?}");
            assert!(txn.remove(table, foreign).is_err(), "{table:?}");
            assert!(txn.get(table, foreign).is_err(), "{table:?}");
            txn.clear(table).unwrap();
            let foreign = KeyRange::from(foreign);
            assert!(txn.range(table, foreign, Direction::Ascending, &mut |_, _| Ok(true)).is_err(), "{table:?}");
        }
        assert!(txn.put(Table::ByKey, Key::Text("a"), b"seven b").is_err());
        assert!(txn.put(Table::History, Key::Event(1, 1), b"x").is_err());
        assert_eq!(txn.len(Table::ByKey).unwrap() + txn.len(Table::History).unwrap(), 0);
    }
}

#[test]
fn a_job_that_fails_leaves_nothing_and_its_error_comes_back() {
    for engine in engines() {
        engine.write(&mut |txn| txn.put(Table::Signs, Key::Number(1), b"a").map(|_| ())).unwrap();
        let failed = engine.write(&mut |txn| {
            txn.put(Table::Signs, Key::Number(2), b"b")?;
            Err(StoreError::Refused("no".into()))
        });
        assert!(matches!(failed, Err(StoreError::Refused(_))));
        assert_eq!(engine.read().unwrap().len(Table::Signs).unwrap(), 1);
        let stopped = engine.read().unwrap().range(Table::Signs, KeyRange::ALL, Direction::Ascending, &mut |_, _| {
            Err(StoreError::Refused("no".into()))
        });
        assert!(matches!(stopped, Err(StoreError::Refused(_))));
    }
}

/// One view read by several threads, while a writer commits.
#[test]
fn threads_share_a_view_while_another_writes() {
    for engine in engines() {
        let put = |byte: u8| {
            let value = vec![byte; 2000];
            let entries = || (0..200).map(Key::Number).zip(std::iter::repeat(value.as_slice()));
            engine.write(&mut |txn| txn.put_many(Table::Rows, &mut entries()).map(|_| ())).unwrap();
        };
        put(0);
        let view = engine.read().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let mut seen = 0;
                        view.range(Table::Rows, KeyRange::ALL, Direction::Ascending, &mut |_, value| {
                            assert!(value.iter().all(|byte| *byte == 0));
                            seen += 1;
                            Ok(true)
                        })
                        .unwrap();
                        assert_eq!(seen, 200);
                    }
                });
            }
            (1..20).for_each(put);
        });
        drop(view);
        assert_eq!(engine.read().unwrap().get(Table::Rows, Key::Number(7)).unwrap(), Some(vec![19; 2000]));
    }
}
