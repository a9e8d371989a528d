//! The state that households, cases and recipes are generated from: random numbers, and the numbers given out so far.

use super::SampleEncoding;
use super::draft::{Draft, Membership};
use super::household::{self, Household, Requirements};
use super::number;
use super::random::Random;
use super::tables::Municipality;

/// The state of a file that is being generated.
pub(super) struct Generator {
    pub(super) random: Random,
    pub(super) encoding: SampleEncoding,
    pub(super) insurer_municipality: &'static Municipality,
    seed: u64,
    /// 個人番号 given out so far.
    numbers: u64,
    /// 被保険者証番号 given out last.
    last_card_number: u64,
}

impl Generator {
    pub(super) fn new(
        mut random: Random,
        encoding: SampleEncoding,
        insurer_municipality: &'static Municipality,
        seed: u64,
    ) -> Self {
        let last_card_number = u64::from(random.below(500));
        Self { random, encoding, insurer_municipality, seed, numbers: 0, last_card_number }
    }

    /// Returns a random household of the insurer's municipality.
    pub(super) fn household(&mut self, requirements: &Requirements) -> Household {
        household::random(&mut self.random, self.insurer_municipality, requirements)
    }

    /// Returns the next 被保険者証番号.
    pub(super) fn next_card_number(&mut self) -> u64 {
        self.last_card_number += 1 + u64::from(self.random.below(3));
        self.last_card_number
    }

    /// Makes the rows of a household, each with its own 個人番号.
    pub(super) fn drafts(&mut self, house: &Household) -> Vec<Draft> {
        let number = self.next_card_number();
        let mut rows = Vec::with_capacity(house.members.len() + 1);
        for (index, person) in house.members.iter().enumerate() {
            let acquired = house.acquired.max(person.birth);
            let lost = house.lost.filter(|&lost| lost > acquired);
            let my_number = number::my_number(self.numbers, self.seed);
            self.numbers += 1;
            let branch = index as u8 + 1;
            let mut row =
                Draft::new(*person, house.entry_style, Membership { number, branch, acquired, lost }, my_number);
            row.multiple = self.random.chance(30);
            if self.random.chance(25) {
                row.remark = *self.random.pick(&REMARKS);
            }
            rows.push(row);
        }
        rows
    }
}

/// Texts for the column 備考, with commas, quotation marks and line ends that a CSV reader must handle.
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
