//! 保険者番号 and the kind of insurer it tells.

use serde::{Deserialize, Serialize};

/// The kind of an insurer; it decides whether employers exist (G5) and later the 送付区分.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InsurerKind {
    /// 市町村国保
    #[serde(rename = "市町村国保")]
    Municipal,
    /// 後期高齢者医療広域連合
    #[serde(rename = "後期広域連合")]
    LateElderly,
    /// 国保組合
    #[serde(rename = "国保組合")]
    NationalUnion,
    /// 健保組合
    #[serde(rename = "健保組合")]
    HealthUnion,
    /// 協会けんぽ
    #[serde(rename = "協会けんぽ")]
    KyokaiKenpo,
    /// 共済組合
    #[serde(rename = "共済組合")]
    MutualAid,
}

impl InsurerKind {
    /// Every kind, in the order of ARCHITECTURE "Commands".
    pub const ALL: [Self; 6] = [
        Self::Municipal,
        Self::LateElderly,
        Self::NationalUnion,
        Self::HealthUnion,
        Self::KyokaiKenpo,
        Self::MutualAid,
    ];

    /// The word used in settings and on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Municipal => "市町村国保",
            Self::LateElderly => "後期広域連合",
            Self::NationalUnion => "国保組合",
            Self::HealthUnion => "健保組合",
            Self::KyokaiKenpo => "協会けんぽ",
            Self::MutualAid => "共済組合",
        }
    }

    /// Whether members have an employer who can be asked (G5: 被用者保険 and 国保組合).
    pub fn has_employers(self) -> bool {
        !matches!(self, Self::Municipal | Self::LateElderly)
    }

    /// Guesses the kind from a 保険者番号: 6 digits are 国保 (third digit 3 = 国保組合), 8 digits begin with the 法別番号
    /// (01 協会けんぽ, 06 健保組合, 31–34 共済組合, 39 後期高齢者医療, 63 特例退職, 72–75 特例退職共済).
    pub fn guess(insurer_no: &str) -> Option<Self> {
        let digits: Vec<char> = insurer_no.trim().chars().collect();
        if !digits.iter().all(char::is_ascii_digit) {
            return None;
        }
        match digits.len() {
            6 => Some(if digits[2] == '3' { Self::NationalUnion } else { Self::Municipal }),
            8 => match &insurer_no.trim()[..2] {
                "01" | "02" | "03" | "04" => Some(Self::KyokaiKenpo),
                "06" | "63" => Some(Self::HealthUnion),
                "31" | "32" | "33" | "34" | "72" | "73" | "74" | "75" => Some(Self::MutualAid),
                "39" => Some(Self::LateElderly),
                "67" => Some(Self::Municipal),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Tests the check digit of a 保険者番号 of 6 or 8 digits: weights 2,1,2,1… from the right, digit sums, modulus 10
/// (RULES §7). `None` for any other form.
pub fn insurer_number_ok(insurer_no: &str) -> Option<bool> {
    let digits: Option<Vec<u32>> = insurer_no.trim().chars().map(|c| c.to_digit(10)).collect();
    let digits = digits?;
    if !matches!(digits.len(), 6 | 8) {
        return None;
    }
    let (check, body) = digits.split_last()?;
    let sum: u32 = body
        .iter()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(&digit, weight)| digit * weight / 10 + digit * weight % 10)
        .sum();
    Some((10 - sum % 10) % 10 == *check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_check_digit_is_valid() {
        for body in (0..99_999u32).step_by(37) {
            let valid = (0..10).filter(|d| insurer_number_ok(&format!("{body:05}{d}")) == Some(true)).count();
            assert_eq!(valid, 1);
        }
        for body in (0..9_999_999u32).step_by(4_001) {
            let valid = (0..10).filter(|d| insurer_number_ok(&format!("{body:07}{d}")) == Some(true)).count();
            assert_eq!(valid, 1);
        }
    }

    #[test]
    fn known_numbers() {
        // Made-up numbers of the right form; the first is computed by hand: 1·2+3·1+3·2+9·1(18→9)… = check digit 7.
        assert_eq!(insurer_number_ok("133967"), Some(true));
        assert_eq!(insurer_number_ok("133968"), Some(false));
        assert_eq!(insurer_number_ok("13396"), None);
        assert_eq!(insurer_number_ok("１３３９６７"), None);
    }

    #[test]
    fn kinds_are_guessed_from_the_number() {
        let table = [
            ("169854", Some(InsurerKind::Municipal)),
            ("133967", Some(InsurerKind::NationalUnion)),
            ("39149919", Some(InsurerKind::LateElderly)),
            ("06429914", Some(InsurerKind::HealthUnion)),
            ("01130012", Some(InsurerKind::KyokaiKenpo)),
            ("34130021", Some(InsurerKind::MutualAid)),
            ("99999999", None),
            ("abc", None),
        ];
        for (number, kind) in table {
            assert_eq!(InsurerKind::guess(number), kind, "{number}");
        }
    }
}
