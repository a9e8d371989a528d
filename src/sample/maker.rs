//! What households, cases and recipes are made with: one source of random numbers and the numbers given out so far.

use super::SampleEncoding;
use super::dice::Dice;
use super::draft::{Cover, Draft};
use super::household::{self, Household, Wants};
use super::number;
use super::tables::Place;

/// What cases and recipes are made with.
pub(super) struct Maker {
    pub(super) dice: Dice,
    pub(super) encoding: SampleEncoding,
    pub(super) home: &'static Place,
    seed: u64,
    /// 個人番号 given out so far.
    numbers: u64,
    /// 被保険者証番号 given out last.
    cover: u64,
}

impl Maker {
    pub(super) fn new(mut dice: Dice, encoding: SampleEncoding, home: &'static Place, seed: u64) -> Self {
        let cover = u64::from(dice.below(500));
        Self { dice, encoding, home, seed, numbers: 0, cover }
    }

    pub(super) fn household(&mut self, wants: &Wants) -> Household {
        household::throw(&mut self.dice, self.home, wants)
    }

    pub(super) fn next_cover(&mut self) -> u64 {
        self.cover += 1 + u64::from(self.dice.below(3));
        self.cover
    }

    /// Makes the rows of a household, every one with a number of its own.
    pub(super) fn drafts(&mut self, house: &Household) -> Vec<Draft> {
        let cover = self.next_cover();
        let mut rows = Vec::with_capacity(house.members.len() + 1);
        for (index, person) in house.members.iter().enumerate() {
            let acquired = house.acquired.max(person.birth);
            let lost = house.lost.filter(|&lost| lost > acquired);
            let my_number = number::my_number(self.numbers, self.seed);
            self.numbers += 1;
            let branch = index as u8 + 1;
            let mut row = Draft::new(*person, house.habits, Cover { number: cover, branch, acquired, lost }, my_number);
            row.multiple = self.dice.chance(30);
            if self.dice.chance(25) {
                row.remark = *self.dice.pick(&REMARKS);
            }
            rows.push(row);
        }
        rows
    }
}

const REMARKS: [&str; 12] = [
    "限度額認定あり",
    "住所地特例",
    "転入時に確認, 住民票あり",
    "窓口で\"通称\"の届出あり",
    "世帯主変更",
    "学生特例（遠隔地）",
    "前住所, 前々住所とも市内",
    "氏名変更届\n受付済（要照合）",
    "カナは本人申出による",
    "\"外字\"台帳を参照",
    "再交付 1 回",
    "送付先, 別途登録あり",
];
