//! Whole-comparator tests: golden cases of RULES §5.

use super::*;

fn check(field: FieldKind, left: &str, right: &str) -> (Verdict, String) {
    let forward = compare(field, left, right);
    let backward = compare(field, right, left);
    assert_eq!(forward.verdict, backward.verdict, "{left} / {right}");
    let codes = forward.codes().iter().map(|c| c.to_string()).collect::<Vec<_>>().join(",");
    (forward.verdict, codes)
}

/// The table of RULES §5, its "never" list and the two examples of 手順書.
#[test]
fn the_table_of_variations() {
    use FieldKind::*;
    use Verdict::*;
    let mut wrong = Vec::new();
    for (field, left, right, verdict, codes) in [
        (Kanji, "山田太郎", "山田太郎", Same, ""),
        (Kanji, "山田 太郎", "山田　太郎", Notation, "N1"),
        (Kanji, "山田\u{200B}太郎", "山田太郎", Notation, "N1"),
        (Kanji, "林　田子", "林田　子", Uncertain, "N1"),
        (Kanji, "高崎", "髙﨑", Notation, "N2"),
        (Kanji, "吉男", "𠮷男", Notation, "N2"),
        (Kanji, "渡邉", "渡邊", Notation, "N2"),
        (Kanji, "\u{FA19}田", "神田", Notation, "N2"),
        (Kanji, "葛\u{E0100}西", "葛西", Notation, "N2"),
        (Kanji, "斎藤", "斉藤", Uncertain, "N2"),
        (Kanji, "斎藤", "齋藤", Notation, "N2"),
        (Kanji, "長嶋", "長島", Uncertain, "N2"),
        (Kanji, "冨田", "富田", Uncertain, "N2"),
        (Kanji, "弁田", "辨田", Notation, "N2"),
        (Kanji, "辨田", "瓣田", Different, "NX"),
        (Kanji, "渡●太郎", "渡邉太郎", Uncertain, "N3"),
        (Kanji, "渡\u{E000}太郎", "渡邉太郎", Uncertain, "N3"),
        (Kanji, "渡●太郎", "渡●太郎", Uncertain, "N3"),
        (Kanji, "渡●太郎", "渡邉次郎", Different, "N3,NX"),
        (Kanji, "ヨシダ太郎", "𠮷田太郎", Uncertain, "N4"),
        (Kanji, "佐藤花子", "鈴木花子", Different, "N5"),
        (Kanji, "田尻 椋", "田尻(佐々木)　椋", Uncertain, "N1,N5"),
        (Kanji, "山本一郎", "KIM CHULSOO", Different, "N6"),
        (Kanji, "Smith John", "SMITH JOHN", Notation, "N7"),
        (Kanji, "Smith John", "ＳＭＩＴＨ ＪＯＨＮ", Notation, "N1,N7"),
        (Kanji, "SMITH JOHN", "SMITH JOHN PAUL", Uncertain, "N7"),
        (Kanji, "SMITH JOHN", "JOHN SMITH", Uncertain, "N7"),
        (Kanji, "JOHNSON RO", "JOHNSON ROBERT JAMES", Uncertain, "N7"),
        (Kanji, "JONES RYAN", "JONES BRANDON", Different, "NX"),
        (Kanji, "竹ヶ原", "竹ケ原", Notation, "N8"),
        (Kanji, "佐々木", "佐佐木", Uncertain, "N8"),
        (Kanji, "山之内", "山ノ内", Uncertain, "N8"),
        (Kanji, "祢々", "禰禰", Uncertain, "N2,N8"),
        (Kanji, "斎々", "斉斉", Uncertain, "N2,N8"),
        (Kanji, "佐々木", "佐〻木", Notation, "N2"),
        (Kanji, "佐々木", "佐藤木", Different, "NX"),
        (Kanji, "いすゞ", "いすず", Uncertain, "N8"),
        (Kanji, "O'BRIEN JOHN", "O’BRIEN JOHN", Notation, "N1"),
        (Kanji, "O'BRIEN JOHN", "OBRIEN JOHN", Uncertain, "N7"),
        (Kanji, "O'BRIEN JOHN", "O BRIEN JOHN", Uncertain, "N7"),
        (Kanji, "O'BRIEN JOHN", "A’BRIEN JOHN", Different, "NX,N1"),
        (Kanji, "SMITH-JONES ANN", "SMITHーJONES ANN", Notation, "N1"),
        (Kanji, "SMITH-JONES ANN", "SMITH JONES ANN", Uncertain, "N7"),
        (Kanji, "ヴァン ジョン", "ヴアン ジヨン", Notation, "N8"),
        (Kanji, "O`BRIEN JOHN", "O’BRIEN JOHN", Notation, "N1"),
        (Kanji, "林・子", "林　子", Uncertain, "N1"),
        (Kanji, "林·子", "林子", Uncertain, "N1"),
        (Kanji, "ヴァン", "ヴアン", Notation, "N8"),
        (Kanji, "キョウ", "キヨウ", Uncertain, "N8"),
        (Kanji, "シン", "ジン", Different, "NX"),
        (Kanji, "山田ヴァネッサ", "山田ヴアネツサ", Notation, "N8"),
        (Kanji, "山田キョウ", "山田キヨウ", Uncertain, "N8"),
        (Kanji, "ジョン スミス", "スミス ジョン", Uncertain, "N7"),
        (Kanji, "ジョン・スミス", "ジョン·スミス", Notation, "N1"),
        (Kanji, "ヴァン ジョン", "バン ジョン", Uncertain, "N7"),
        (Kanji, "ジョーンズ アン", "ジョンソン アン", Different, "N5"),
        (Kanji, "太田", "大田", Different, "NX"),
        (Kanji, "智子", "知子", Different, "NX"),
        (Kanji, "玉木", "王木", Different, "NX"),
        (Kanji, "健一", "健－", Different, "NX"),
        (Kanji, "山田", "", Missing, "NM"),
        (Kana, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ　タロウ", Notation, "K1"),
        (Kana, "やまだ", "ヤマダ", Notation, "K1"),
        (Kana, "ジョン・スミス", "ｼﾞｮﾝ ｽﾐｽ", Notation, "K1"),
        (Kana, "シヨウイチ", "ショウイチ", Notation, "K2"),
        (Kana, "ミヅキ", "ミズキ", Notation, "K3"),
        (Kana, "ヒデヲ", "ヒデオ", Uncertain, "K3"),
        (Kana, "ヴァン", "バン", Uncertain, "K3"),
        (Kana, "ピ－タ‐", "ピーター", Notation, "K3"),
        (Kana, "ユウキ", "ユーキ", Notation, "K4"),
        (Kana, "オオタ", "オータ", Notation, "K4"),
        (Kana, "オオタ", "オウタ", Uncertain, "K4"),
        (Kana, "ユウキ", "ユキ", Different, "K4"),
        (Kana, "トヨタ", "トヨダ", Uncertain, "K5"),
        (Kana, "ジョン　スミス", "スミス　ジョン", Uncertain, "KX"),
        (Kana, "ｽﾐｽ ｼﾞﾖﾝ ﾎﾟ-ﾙ", "ジョン・ポール・スミス", Uncertain, "KX"),
        (Kana, "ジョン　ポール　スミス", "ジョン　スミス", Uncertain, "KX"),
        (Kana, "ジョン　ポール　スミス", "ジョン　スミソン", Different, "K1,K6"),
        (Kana, "ジョンスミス", "スミス　ジョン", Uncertain, "KX"),
        (Kana, "ジョンスミス", "スミスジョン", Different, "KX"),
        (Kana, "サトウ ハルミチ", "サトウ ミチハル", Different, "K6"),
        (Kana, "イスヾ", "イスズ", Uncertain, "K3"),
        (Kana, "いすゞ", "イスヾ", Notation, "K1"),
        (Kana, "O'BRIEN", "O’BRIEN", Notation, "K1"),
        (Kana, "O`BRIEN", "O’BRIEN", Notation, "K1"),
        (Kana, "オ’ブライエン", "オブライエン", Uncertain, "KX"),
        (Kana, "’", "オ", Different, "KX"),
        (Kana, "サトウ コウタ", "サトウ ユタカ", Different, "K6"),
        (Kana, "タカハシ", "タカハタ", Different, "KX"),
        (Kana, "スズキ タロウ", "SUZUKI TARO", Uncertain, "KX"),
        (Kana, "ノグチ", "", Missing, "KM"),
        (Kana, "ハヤ シタケ", "ハヤシ タケ", Uncertain, "K1"),
        (Kana, "サトウ コウタ", "スズキ コウタ", Different, "KX"),
        (Kana, "ハ゛ンノ", "バンノ", Notation, "K1"),
        (Birth, "19851203", "19851201", Different, "D1"),
        (Birth, "19600704", "19600407", Different, "D1"),
        (Birth, "19850021", "19850012", Uncertain, "DX"),
        (Birth, "19850000", "19850101", Different, "D2"),
        (Birth, "19850000", "19850000", Uncertain, "D2"),
        (Birth, "昭和8年8月24日", "平成8年8月24日", Different, "D2"),
        (Birth, "19530124", "19540124", Different, "D2"),
        (Birth, "昭和60年12月3日", "19851203", Notation, "D3"),
        (Birth, "S60.12.3", "19851203", Notation, "D3"),
        (Birth, "令和元年5月1日", "20190501", Notation, "D3"),
        (Birth, "明治45年7月30日", "大正元年7月30日", Uncertain, "D3"),
        (Birth, "大正15年12月25日", "19261225", Notation, "D3"),
        (Birth, "明治5年11月9日", "18721109", Uncertain, "D3"),
        (Birth, "1872-11-09", "18721109", Uncertain, "D3"),
        (Birth, "明治6年1月1日", "18730101", Notation, "D3"),
        (Birth, "1985/1 2/3", "1985/12/3", Uncertain, "D3"),
        (Birth, "昭和64年1月7日", "19890107", Notation, "D3"),
        (Birth, "昭和64年1月8日", "19890108", Uncertain, "D3"),
        (Birth, "昭和六十年十二月三日", "1985-12-03", Notation, "D3"),
        (Birth, "7080603", "19960603", Uncertain, "D3"),
        (Birth, "3600203", "19850203", Uncertain, "D3"),
        (Birth, "3600203", "昭和60年2月3日", Uncertain, "D3"),
        (Birth, "3600203", "5600203", Uncertain, "D3"),
        (Birth, "3600203", "3600203", Same, ""),
        (Birth, "3600203", "19710203", Different, "DX"),
        (Birth, "3100203", "19210203", Uncertain, "D3"),
        (Birth, "3100203", "19350203", Uncertain, "D3"),
        (Birth, "3100203", "3100203", Uncertain, "D3"),
        (Birth, "4300203", "20180203", Uncertain, "D3"),
        (Birth, "3-60-02-03", "19850203", Uncertain, "D3"),
        (Birth, "5640108", "19890108", Uncertain, "D3"),
        (Birth, "1985/12/03 0:00:00", "19851203", Notation, "D3"),
        (Birth, "1985-12-03T00:00:00.000", "昭和60年12月3日", Notation, "D3"),
        (Birth, "昭和60年12月3日 0時0分", "19851203", Notation, "D3"),
        (Birth, "1985/12/03 0:00:00", "1985/12/03 12:00:00 AM", Notation, "D3"),
        (Birth, "1985/12/03 0:00:00", "19851204", Different, "D1"),
        (Birth, "1985/12/3 0:00:00", "19851230", Different, "D1"),
        (Birth, "1985/12/02 15:00:00", "19851203", Uncertain, "D3"),
        (Birth, "1985/12/02 15:00:00", "19851202", Uncertain, "D3"),
        (Birth, "1985/12/02 15:00:00", "19851201", Different, "D1"),
        (Birth, "1985-12-02T15:00:00Z", "19851203", Uncertain, "D3"),
        (Birth, "1985-12-03T00:00:00Z", "19851203", Uncertain, "D3"),
        (Birth, "1985-12-03T00:00:00+09:00", "19851203", Uncertain, "D3"),
        (Birth, "1985-12-03T00:00:00Z", "19851202", Different, "D1"),
        (Birth, "31384", "19851203", Uncertain, "DX"),
        (Birth, "19850230", "19850230", Uncertain, "DX"),
        (Sex, "男", "1", Same, "S1"),
        (Sex, "２：女", "Ｆ", Same, "S1"),
        (Sex, "男", "2", Different, "S1"),
        (Sex, "男", "9", Uncertain, "S1"),
        (Sex, "9", "9", Uncertain, "S1"),
        (Sex, "男", "", Missing, "SM"),
        (Address, "東京都港区赤坂1-2-2", "東京都港区赤坂一丁目２番地２号", Notation, "A1"),
        (Address, "港区赤坂1-2-2", "東京都港区赤坂1-2-2", Notation, "A2"),
        (Address, "府中市府川町315", "広島県府中市府川町315", Uncertain, "A2"),
        (Address, "北海道ニセコ町字富士見55", "北海道虻田郡ニセコ町富士見55", Notation, "A2"),
        (Address, "東京都港区赤坂1-11 山田ビル2 201", "東京都港区赤坂1-11 201", Notation, "A3"),
        (Address, "東京都港区赤坂1-11 山田ビル2 201", "東京都港区赤坂1-12 201", Different, "A5,A3"),
        (Address, "東京都港区赤坂1-11 201", "東京都港区赤坂1-11 202", Different, "A3"),
        (Address, "東京都港区赤坂1-11 201", "東京都港区赤坂1-11", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-11 コーポA101", "東京都港区赤坂1-11 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-11 コーポA101", "東京都港区赤坂1-11 A101", Notation, "A3"),
        (Address, "東京都港区赤坂1-11 団地3棟101", "東京都港区赤坂1-11 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-11 小山方", "東京都港区赤坂1-11", Uncertain, "A3"),
        (Address, "東京都港区赤坂5-301", "東京都港区赤坂5 301号室", Uncertain, "A7"),
        (Address, "東京都港区赤坂1234番地 コーポ201", "東京都港区赤坂1234-201", Uncertain, "A3,A7"),
        (Address, "東京都港区赤坂1-12 103", "東京都港区赤坂1-12-103", Uncertain, "A7"),
        (Address, "東京都港区赤坂2-4-11 ビル1204", "東京都港区赤坂2-4-11-1204", Notation, "A1,A3"),
        (Address, "東京都港区赤坂5丁目", "東京都港区赤坂5", Uncertain, "A7"),
        (Address, "東京都港区赤坂5号", "東京都港区赤坂5", Uncertain, "A7"),
        (Address, "東京都港区赤坂5番地", "東京都港区赤坂5", Notation, "A1"),
        (Address, "東京都港区赤坂2-3", "東京都港区赤坂2丁目3番", Notation, "A1"),
        (Address, "北海道札幌市中央区北5条西4", "北海道札幌市中央区北5条西4丁目", Notation, "A1"),
        (Address, "北海道札幌市中央区北5条西4", "北海道札幌市中央区北5条西4番地", Uncertain, "A7"),
        (Address, "北海道旭川市四条通10", "北海道旭川市四条通10丁目", Notation, "A1"),
        (Address, "北海道深川市二条17", "北海道深川市二条17丁目", Uncertain, "A7"),
        (Address, "京都府京都市下京区七条5", "京都府京都市下京区七条5丁目", Uncertain, "A7"),
        (Address, "東京都港区赤坂1234番地 201号", "東京都港区赤坂1234-201", Uncertain, "A7"),
        (Address, "東京都港区赤坂999番地おはようビル205号室", "東京都港区赤坂999-205", Uncertain, "A3,A7"),
        (Address, "東京都港区赤坂1234-5-6 コーポ103", "東京都港区赤坂1234-5-6-103", Uncertain, "A7,A3"),
        (Address, "東京都港区赤坂5丁目 201", "東京都港区赤坂5-201", Uncertain, "A7"),
        (Address, "東京都港区赤坂3番1号", "東京都港区赤坂3丁1号", Different, "A1"),
        (Address, "東京都港区赤坂1-2-3 ハイツⅡ", "東京都港区赤坂1-2-3 ハイツ2", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 ハイツⅡ", "東京都港区赤坂1-2-3 ハイツⅢ", Different, "A5"),
        (Address, "東京都港区赤坂1-2-3 ハイツII 201", "東京都港区赤坂1-2-3 ハイツ２ 201", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 ハイツII 201", "東京都港区赤坂1-2-3 ハイツIII 201", Different, "A5"),
        (Address, "東京都港区赤坂1-2-3 ハイツI 201", "東京都港区赤坂1-2-3 ハイツ1 201", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-2-3 第二桜荘 201", "東京都港区赤坂1-2-3 第2桜荘 201", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 第二桜荘 201", "東京都港区赤坂1-2-3 第三桜荘 201", Different, "A5"),
        (Address, "東京都港区赤坂1-2-3 弐号館201", "東京都港区赤坂1-2-3 2号館201", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 コーポA-101", "東京都港区赤坂1-2-3 B-101", Different, "A5"),
        (Address, "東京都港区赤坂1-2-3 A-1", "東京都港区赤坂1-2-3 A1号室", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 鈴木気付", "東京都港区赤坂1-2-3 佐藤気付", Different, "A5"),
        (Address, "東京都港区赤坂1-2-3 鈴木宅", "東京都港区赤坂1-2-3 鈴木様方", Notation, "A3"),
        (Address, "東京都港区赤坂1-2-3 鈴木太郎方", "東京都港区赤坂1-2-3 鈴木方", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-2-3 鈴木 太郎方", "東京都港区赤坂1-2-3 鈴木太郎方", Notation, "A1"),
        (Address, "東京都港区赤坂10番地イ", "東京都港区赤坂10番地ロ", Different, "A5"),
        (Address, "東京都港区赤坂10番地イの1", "東京都港区赤坂10番地ロの1", Different, "A5"),
        (Address, "東京都港区赤坂10番地イの1", "東京都港区赤坂10番地イ1", Notation, "A3"),
        (Address, "東京都港区赤坂10番地イ1", "東京都港区赤坂10番地イ 1号室", Uncertain, "A7"),
        (Address, "東京都港区赤坂5-1-ハイツ桜201", "東京都港区赤坂5-1 ハイツ桜201", Notation, "A3"),
        (Address, "東京都港区赤坂10番地のイコーポ201", "東京都港区赤坂10-イ コーポ201", Notation, "A1"),
        (Address, "岩手県花巻市東和町第3地割", "岩手県花巻市東和町3地割", Notation, "A2"),
        (Address, "岩手県花巻市東和町第3地割字上5", "岩手県花巻市東和町三地割字上5", Notation, "A2,A1"),
        (Address, "岩手県花巻市東和町第3地割5", "岩手県花巻市東和町4地割5", Different, "A2,AX"),
        (Address, "千葉県旭市ロの1番地", "千葉県旭市ロ1番地", Notation, "A2"),
        (Address, "千葉県旭市ロの1番地", "千葉県旭市ハ1番地", Different, "A2,AX"),
        (Address, "東京都港区赤坂十ノ三", "東京都港区赤坂10-3", Notation, "A1"),
        (Address, "東京都港区赤坂十ノ三コーポ201", "東京都港区赤坂10番地3コーポ201", Notation, "A1"),
        (Address, "東京都港区赤坂十ノ3", "東京都港区赤坂10-3", Uncertain, "A1"),
        (Address, "東京都港区赤坂十ノ三桜荘201", "東京都港区赤坂10-3桜荘201", Uncertain, "A1"),
        (Address, "東京都港区赤坂五", "東京都港区赤坂5", Uncertain, "A1"),
        (Address, "岩手県盛岡市東見前第8地割12番地3", "岩手県盛岡市東見前8-12-3", Uncertain, "A1"),
        (Address, "岩手県盛岡市東見前第8地割12番地3", "岩手県盛岡市東見前9-12-3", Different, "A2,A5"),
        (Address, "東京都港区赤坂1-2-3 スズキ方", "東京都港区赤坂1-2-3 鈴木方", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-2-3 コーポ東館 A101", "東京都港区赤坂1-2-3 A101", Uncertain, "A3"),
        (Address, "東京都港区赤坂五", "東京都港区赤坂6", Different, "AX,A3"),
        (Address, "東京都港区麻布十番8号", "東京都港区麻布十番8", Uncertain, "A1,A7"),
        (Address, "東京都港区赤坂5番3号", "東京都港区赤坂5 3号室", Uncertain, "A3"),
        (Address, "東京都港区赤坂5番地301", "東京都港区赤坂5番地 301号室", Uncertain, "A3"),
        (Address, "東京都港区赤坂5-3", "東京都港区赤坂5 3号室", Uncertain, "A7"),
        (Address, "東京都港区赤坂1-1 201", "東京都港区赤坂1-1 201号室", Notation, "A3"),
        (Address, "東京都港区赤坂1-02", "東京都港区赤坂1-2", Uncertain, "A1"),
        (Address, "東京都港区赤坂1-1 0201", "東京都港区赤坂1-1 201", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 1階", "東京都港区赤坂1-1 地下1階", Different, "A3"),
        (Address, "東京都港区赤坂1-1 B1F", "東京都港区赤坂1-1 地下1階", Notation, "A3"),
        (Address, "東京都港区赤坂1-1 一階", "東京都港区赤坂1-1 1F", Notation, "A3"),
        (Address, "東京都港区赤坂1-1 山本方", "東京都港区赤坂1-1 山本様方", Notation, "A3"),
        (Address, "東京都港区赤坂1-1 コーポ2棟101", "東京都港区赤坂1-1 コーポ2号棟101", Notation, "A3"),
        (Address, "東京都港区赤坂1-1 コーポA棟101", "東京都港区赤坂1-1 コーポB棟101", Different, "A5"),
        (Address, "東京都港区赤坂1-1 コーポ2 101", "東京都港区赤坂1-1 コーポ3 101", Different, "A5"),
        (Address, "東京都港区赤坂1-1 コーポ2 101", "東京都港区赤坂1-1 ハイツ3 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 コーポ2 101", "東京都港区赤坂1-1 コーポ2101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 コーポ東館101", "東京都港区赤坂1-1 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 コーポ西101", "東京都港区赤坂1-1 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 コーポ101・102", "東京都港区赤坂1-1 102", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 2-101", "東京都港区赤坂1-1 101", Uncertain, "A3"),
        (Address, "東京都港区赤坂1-1 2-101", "東京都港区赤坂1-1 2101", Different, "A3"),
        (Address, "大阪府大阪市中央区上町A番6号", "大阪府大阪市中央区上町A-6", Notation, "A1"),
        (Address, "大阪府大阪市中央区上町A番6号", "大阪府大阪市中央区上町B番6号", Different, "AX"),
        (Address, "千葉県旭市ハの8", "千葉県旭市ハ8", Notation, "A2"),
        (Address, "静岡県静岡市葵区与一3丁目2", "静岡県静岡市葵区与一三丁目2", Notation, "A1"),
        (Address, "静岡県静岡市葵区与一3丁目2", "静岡県静岡市葵区与一四丁目2", Different, "AX,A5"),
        (Address, "北海道札幌市北区北8西3-1", "北海道札幌市北区北八条西三丁目1", Uncertain, "A2,A1"),
        (Address, "北海道札幌市北区北8西3-1", "北海道札幌市北区北九条西三丁目1", Different, "AX,A1"),
        (Address, "京都府京都市中京区室町通二条下る蛸薬師町1", "京都府京都市中京区蛸薬師町1", Uncertain, "A2"),
        (Address, "富山県富山市神通本町1-2", "富山県富山市本町1-2", Different, "AX"),
        (Address, "東京都港区麻布十番5丁目2", "東京都港区麻布十番五丁目二", Notation, "A1"),
        (Address, "愛知県清須市西枇杷島町日の出5", "愛知県清須市西枇杷島町日之出5", Uncertain, "A4"),
        (Address, "愛知県清須市西枇杷島町日の出5", "愛知県清須市西枇杷島町日ノ出5", Notation, "A4"),
        (Address, "三重県名張市つつじが丘5", "三重県名張市つつじガ丘5", Notation, "A4"),
        (Address, "愛知県清須市西枇杷島町日の出5番地", "愛知県清須市西枇杷島町日の出5", Notation, "A1"),
        (Address, "鹿嶋市本町5", "鹿島市本町5", Uncertain, "A2,A4"),
        (Address, "茨城県鹿嶋市本町5", "茨城県鹿島市本町5", Notation, "A4"),
        (Address, "茨城県鹿嶋市本町5", "佐賀県鹿島市本町5", Different, "A6"),
        (Address, "愛知県　一宮市北町5", "愛知県一宮市北町5", Notation, "A1"),
        (Address, "東京都千代田区霞ケ関1-1", "東京都千代田区霞が関1-1", Notation, "A4"),
        (Address, "東京都港区赤坂1-11", "東京都港区赤坂1-12", Different, "A5"),
        (Address, "東京都港区赤坂1-11 201", "東京都港区赤坂1-1 1201", Different, "A5"),
        (Address, "千葉県浦安市舞浜2-11", "千葉県浦安市舞浜2-1-1", Different, "A5"),
        (Address, "東京都港区赤坂①1", "東京都港区赤坂11", Different, "AX,A5"),
        (Address, "東京都港区三田1-1", "東京都港区3田1-1", Different, "A2,A5,A3"),
        (Address, "東京都港区六本木1-1", "東京都港区6本木1-1", Different, "A2,A5,A3"),
        (Address, "茨城県つくばみらい市台甲431", "茨城県つくばみらい市台乙431", Different, "AX"),
        (Address, "三重県鈴鹿市住吉96", "三重県鈴鹿市住吉町96", Different, "AX"),
        (Address, "東京都港区赤坂1丁目2", "東京都港区赤坂1番地2", Different, "A1"),
        (Address, "東京都港区赤坂2番地", "東京都港区赤坂2丁目", Different, "A1"),
        (Address, "東京都港区赤坂1丁目2番", "東京都港区赤坂1丁目2号", Uncertain, "A1"),
        (Address, "東京都港区赤坂1-11", "神奈川県横浜市西区赤坂1-11", Different, "A6"),
        (Address, "東京都港区赤●1-11", "東京都港区赤坂1-11", Uncertain, "N3"),
    ] {
        let (found, found_codes) = check(field, left, right);
        if (found, found_codes.as_str()) != (verdict, codes) {
            wrong.push(format!("{left} / {right}: {found} {found_codes}, not {verdict} {codes}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Cases from public bug reports of address and name tools: values that look alike and differ, and values that a person has to decide.
#[test]
fn cases_of_public_bug_reports() {
    use FieldKind::*;
    use Verdict::*;
    let mut wrong = Vec::new();
    for (field, left, right, verdict) in [
        // Control characters separate like a space.
        (Address, "新潟県長岡市寺泊1-2-3\u{B}201", "新潟県長岡市寺泊1-2-3201", Different),
        (Address, "新潟県長岡市寺泊1-2-3\u{85}201", "新潟県長岡市寺泊1-2-3 201", Notation),
        (Address, "新潟県長岡市寺泊3\u{1E}1", "新潟県長岡市寺泊31", Different),
        (Kanji, "LI\u{B}NA", "LINA", Uncertain),
        // Invisible characters between digits, letters or kana are 要確認; soft hyphens at two positions make two texts.
        (Address, "新潟県長岡市寺泊1\u{AD}2", "新潟県長岡市寺泊12", Uncertain),
        (Address, "新潟県長岡市寺泊1\u{AD}2", "新潟県長岡市寺泊1-2", Uncertain),
        (Address, "新潟県長岡市寺泊1\u{AD}23", "新潟県長岡市寺泊12\u{AD}3", Different),
        (Address, "新潟県長岡市寺泊1丁目2\u{AD}34", "新潟県長岡市寺泊1-2\u{AD}34", Uncertain),
        (Address, "新潟県長岡市寺泊1-2-3\u{FEFF}201", "新潟県長岡市寺泊1-2-3201", Uncertain),
        (Birth, "19851\u{AD}203", "19851203", Uncertain),
        (Birth, "1985\u{AD}1\u{AD}23", "1985\u{AD}12\u{AD}3", Different),
        (Kana, "ユ\u{AD}コ", "ユーコ", Uncertain),
        (Kana, "ユ\u{AD}キ", "ユキ", Uncertain),
        (Kanji, "LEE JI\u{AD}NA", "LEE JINA", Uncertain),
        (Kanji, "山\u{200B}田", "山田", Notation),
        // Number of words of a name in Latin letters.
        (Kanji, "SUN LI NA", "SUN LINA", Uncertain),
        (Kanji, "WU YAN", "WUYAN", Uncertain),
        (Kana, "XI AN", "XIAN", Uncertain),
        (Kanji, "NGUYỄN VĂN ĐỨC", "NGUYEN VAN DUC", Uncertain),
        // A designator before the room is not a building name.
        (Address, "栃木県宇都宮市本町1-4-15 イ201", "栃木県宇都宮市本町1-4-15 201", Uncertain),
        (Address, "栃木県宇都宮市本町1-4-15 Ⅱ201", "栃木県宇都宮市本町1-4-15 201", Uncertain),
        (Address, "栃木県宇都宮市本町1-4-15 上201", "栃木県宇都宮市本町1-4-15 201", Uncertain),
        (Address, "栃木県宇都宮市本町1-4-15 社宅ロ201", "栃木県宇都宮市本町1-4-15 201", Uncertain),
        (Address, "栃木県宇都宮市本町1-4-15 桜荘201", "栃木県宇都宮市本町1-4-15 201", Notation),
        // A postal code is a part of its own.
        (Address, "〒106-0044東京都港区東麻布1-8-1", "〒106-0044 東京都港区東麻布1丁目8番1号", Notation),
        (Address, "〒106-0044 東京都港区東麻布1-8-1", "東京都港区東麻布1丁目8番1号", Uncertain),
        (Address, "〒106-0044 東京都港区東麻布1-8-1", "東京都港区東麻布1丁目8番2号", Different),
        (Address, "〒106-0044 東京都港区東麻布1-8-1", "〒106-0045 東京都港区東麻布1-8-1", Uncertain),
        (Address, "〒106-0044 東京都港区東麻布1-8-1 301", "〒106-0044 301", Uncertain),
        (Address, "950-0000 新潟県新潟市中央区西堀通5-6 301", "950-0000 301", Uncertain),
        // A floor on one side only.
        (Address, "栃木県宇都宮市本町1-4-15 2F-201", "栃木県宇都宮市本町1-4-15 201", Uncertain),
        (Address, "栃木県宇都宮市本町1-4-15 2F-201", "栃木県宇都宮市本町1-4-15 2階201", Notation),
        (Address, "東京都港区芝5-29-11-13F", "東京都港区芝5丁目29番11号 Gベース 13階", Notation),
        // 大字 and 小字.
        (Address, "青森県五所川原市大字栄町20-1", "青森県五所川原市小字栄町20-1", Uncertain),
        (Address, "青森県五所川原市大字栄町20-1", "青森県五所川原市字栄町20-1", Notation),
        (Address, "京都府福知山市字天田小字犬丸114", "京都府福知山市天田小犬丸114", Uncertain),
        // Numerals that are names or can be split in two ways.
        (Address, "石川県七尾市大田町壱壱壱-11", "石川県七尾市大田町111-11", Uncertain),
        (Address, "石川県七尾市大田町壱番地", "石川県七尾市大田町1番地", Notation),
        (Address, "東京都港区赤坂二十三番地", "東京都港区赤坂二13番地", Uncertain),
        (Address, "東京都港区赤坂一一一-5", "東京都港区赤坂111-5", Uncertain),
        // On one side only: 小字, a letter, a side.
        (Address, "茨城県龍ケ崎市寺後3710番地", "茨城県龍ケ崎市3710番地", Uncertain),
        (Address, "長野県長野市大字南長野県町477-1", "長野県長野市大字南長野477-1", Uncertain),
        (Address, "佐賀県唐津市大字唐津字唐津5", "佐賀県唐津市大字唐津5", Uncertain),
        (Address, "佐賀県唐津市大字唐津字大手口5", "佐賀県唐津市大手口5", Uncertain),
        (Address, "千葉県成田市松子セ16番地", "千葉県成田市松子16番地", Uncertain),
        (Address, "大阪府大阪市中央区上町A-7", "大阪府大阪市中央区上町7", Uncertain),
        (Address, "北海道札幌市白石区南郷通1丁目北22-1", "北海道札幌市白石区南郷通1丁目22-1", Uncertain),
        (Address, "岐阜県岐阜市西野町7丁目北町5", "岐阜県岐阜市西野町7丁目5", Uncertain),
        (Address, "三重県鈴鹿市住吉96", "三重県鈴鹿市住吉町96", Different),
        // Katakana that look like kanji.
        (Address, "石川県羽咋郡志賀町町居ニ8", "石川県羽咋郡志賀町町居二8", Uncertain),
        (Address, "石川県輪島市鳳至町ロ5", "石川県輪島市鳳至町口5", Uncertain),
        (Kana, "シンドウ シツオ", "シンドウ シヅオ", Uncertain),
        (Kana, "ミチル", "ミヂル", Uncertain),
        (Kana, "ミチル", "ミジル", Different),
        // Another building, quarter or lot letter.
        (Address, "栃木県宇都宮市本町4-15 本町ハイツ南棟201", "栃木県宇都宮市本町4-15 本町ハイツ北棟201", Different),
        (Address, "栃木県宇都宮市本町1-4-15 別館201", "栃木県宇都宮市本町1-4-15 本館201", Different),
        (Address, "栃木県宇都宮市本町1-4-15 イースト201", "栃木県宇都宮市本町1-4-15 ウエスト201", Different),
        (Address, "栃木県宇都宮市本町1-4-15 社宅ロ201", "栃木県宇都宮市本町1-4-15 社宅イ201", Different),
        (Address, "栃木県宇都宮市本町1-4-15 ハイツⅡ201", "栃木県宇都宮市本町1-4-15 ハイツⅢ201", Different),
        (Address, "栃木県宇都宮市本町1-4-15 本町ハイツ301", "栃木県宇都宮市本町1-4-15 本町ハイツ30-1", Different),
        (Address, "栃木県宇都宮市本町1-4-15 鈴木方", "栃木県宇都宮市本町1-4-15 佐藤方", Different),
        (Address, "大阪府大阪市此花区桜島12-エ-46", "大阪府大阪市此花区桜島12-ユ-46", Different),
        (Address, "石川県能美市寺井町10番地イ5", "石川県能美市寺井町10番地ロ5", Different),
        (Address, "石川県能美市寺井町10-A", "石川県能美市寺井町10-B", Different),
        (Address, "岐阜県岐阜市西野町7丁目北町", "岐阜県岐阜市西野町7丁目南町", Different),
        (Address, "石川県輪島市市ノ瀬町8字", "石川県輪島市市ノ瀬町8番地", Different),
        (Address, "山形県西村山郡大江町大字三郷丁35番地", "山形県西村山郡大江町大字三郷35丁目", Different),
        (Address, "大分県大分市大石町3丁目3-5(小野ビル101号)", "大分県大分市大石町3-3-5 小野ビル102", Different),
        (Kanji, "一ノ瀬　一", "一ノ瀬　ー", Different),
        // The same in another notation.
        (Address, "大分県大分市大字荏隈394-1(小野ビル101号)", "大分県大分市荏隈394番地1 101号室", Notation),
        (Address, "岩手県花巻市東十二丁目第19地割10-54", "岩手県花巻市東十二丁目第十九地割10番地54", Notation),
        (Address, "岩手県花巻市東十二丁目第19地割10-54", "岩手県花巻市東十二丁目19地割10-54", Notation),
        (Address, "北海道札幌市白石区南郷通１－北２２－１", "北海道札幌市白石区南郷通1丁目北22-1", Notation),
        (Address, "広島県広島市西区商工センタ-6-9-39", "広島県広島市西区商工センター6-9-39", Notation),
        (
            Address,
            "京都府京都市中京区三条通河原町西入ル石橋町12",
            "京都府京都市中京区三条通河原町西入石橋町12番地",
            Notation,
        ),
        (Address, "東京都港区赤坂一の二の三", "東京都港区赤坂1-2-3", Notation),
        (Address, "栃木県宇都宮市本町1-4-15 本町ハイツ二〇一", "栃木県宇都宮市本町1-4-15 本町ハイツ201", Notation),
        (Address, "山形県最上郡真室川町大字釡渕142", "山形県真室川町大字釜淵142", Notation),
        (Address, "愛知県津島市池麩町5", "愛知県津島市池麸町5", Notation),
        (Kanji, "角田　聡", "⻆田　聡", Notation),
    ] {
        let (found, codes) = check(field, left, right);
        if found != verdict {
            wrong.push(format!("{left:?} / {right:?}: {found} {codes}, not {verdict}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Different places that an earlier version called the same.
#[test]
fn places_that_may_differ_are_never_the_same() {
    use FieldKind::*;
    let mut wrong = Vec::new();
    for (field, left, right) in [
        (Address, "栃木県宇都宮市本町1-2-3コーポ( 1201)", "栃木県宇都宮市本町1-2-3コーポ1 201"),
        (Address, "栃木県宇都宮市本町1-2-3（　１２０１号）", "栃木県宇都宮市本町1-2-3 1 201号"),
        (Address, "石川県金沢市木町1234番地201号室", "石川県金沢市木町1234-201"),
        (Address, "石川県金沢市木町1-2-3 A11方", "石川県金沢市木町1-2-3 A1 1方"),
        (Address, "石川県金沢市木町1-2-3 コーポ02階", "石川県金沢市木町1-2-3 コーポ2階"),
        (Address, "石川県金沢市木町1-2-3 コーポ・(12第", "石川県金沢市木町1-2-3 コーポ・(1・2第"),
        (Address, "石川県金沢市木町1234番地201号室", "石川県金沢市木町1234番地201"),
        (Address, "石川県金沢市木町12番3号室", "石川県金沢市木町12番3号"),
        (Address, "石川県金沢市木町1丁目2-201号室", "石川県金沢市木町1丁目2番201号"),
        (Address, "石川県金沢市木町1-2-3号室", "石川県金沢市木町1-2-3"),
        (Address, "石川県金沢市木町1234番地5-6-7", "石川県金沢市木町1234番地5-6 7号"),
        (Address, "石川県金沢市木町1番地2-3 201", "石川県金沢市木町1番地2-3-201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ1 101A", "栃木県宇都宮市本町1-2-3 コーポ1101A"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ1 101A", "栃木県宇都宮市本町1-2-3 コーポ11 01A"),
        (Address, "石川県金沢市木町1-2-3 都営1 2号棟 301号室", "石川県金沢市木町1-2-3 都営12号棟 301号室"),
        (Address, "石川県金沢市木町1-2-3 団地1(2棟)301", "石川県金沢市木町1-2-3 団地12棟301"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ1・1号棟201", "栃木県宇都宮市本町1-2-3 コーポ11号棟201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ1,2号棟301", "栃木県宇都宮市本町1-2-3 コーポ12号棟301"),
        (Address, "石川県金沢市木町1-2-3 ビル5 6階東", "石川県金沢市木町1-2-3 ビル56階東"),
        (Address, "石川県金沢市木町10番地イ1 2ロ", "石川県金沢市木町10番地イ12ロ"),
        (Address, "石川県金沢市木町10番地イの1、2", "石川県金沢市木町10番地イの12"),
        (Address, "石川県金沢市木町10番地1、2、13", "石川県金沢市木町10番地1、21、3"),
        (Address, "石川県金沢市木町1丁目2番3・4号", "石川県金沢市木町1丁目2番3-4号"),
        (Address, "石川県金沢市木町1丁目2番3、4", "石川県金沢市木町1-2-3-4"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ二 三〇一", "栃木県宇都宮市本町1-2-3 コーポ2301"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ十 二階", "栃木県宇都宮市本町1-2-3 コーポ 12階"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ二 三階", "栃木県宇都宮市本町1-2-3 コーポ23階"),
        (Address, "石川県金沢市木町1-2-3 第二三〇一", "石川県金沢市木町1-2-3 第2301"),
        (Address, "栃木県宇都宮市本町1-2-3 ハイツ 〇二一", "栃木県宇都宮市本町1-2-3 ハイツ 21"),
        (Address, "栃木県宇都宮市本町〇一二番地", "栃木県宇都宮市本町12番地"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポⅡ2号棟201", "栃木県宇都宮市本町1-2-3 コーポ22号棟201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポⅠ1 201", "栃木県宇都宮市本町1-2-3 コーポ11 201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポ1Ⅱ 201", "栃木県宇都宮市本町1-2-3 コーポ12 201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポⅠⅡ 201", "栃木県宇都宮市本町1-2-3 コーポⅢ 201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポⅠⅡ 201", "栃木県宇都宮市本町1-2-3 コーポ12 201"),
        (Address, "石川県金沢市木町ⅠⅠ-2", "石川県金沢市木町Ⅱ-2"),
        (Address, "栃木県宇都宮市本町10番地イ コーポ201", "栃木県宇都宮市本町10番地 201"),
        (Address, "栃木県宇都宮市本町10番地乙ハイツ201", "栃木県宇都宮市本町10番地 201"),
        (Address, "栃木県宇都宮市本町10番地5イ メゾン桜201", "栃木県宇都宮市本町10番地5 201"),
        (Address, "栃木県宇都宮市本町1-2-3-A コーポ201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町10番地甲 鈴木ビル 3F", "栃木県宇都宮市本町10番地 3F"),
        (Address, "石川県金沢市木町1-2-10の甲コーポ206", "石川県金沢市木町1-2-10 206"),
        (Address, "栃木県宇都宮市本町1-2-3 山田方201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 山田様方 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 山田様 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 山田気付201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "石川県金沢市木町1-2-3 山田方2階", "石川県金沢市木町1-2-3 2階"),
        (Address, "石川県金沢市木町1-2-3 鈴木方201", "石川県金沢市木町1-2-3 佐藤方201"),
        (Address, "石川県金沢市木町1-2-3 1A201号室", "石川県金沢市木町1-2-3 A201"),
        (Address, "石川県金沢市木町1-2-3 1B-101", "石川県金沢市木町1-2-3 B-101"),
        (Address, "石川県金沢市木町1-2-3 東A201", "石川県金沢市木町1-2-3 A201"),
        (Address, "石川県金沢市木町1-2-3 甲イ201", "石川県金沢市木町1-2-3 イ201"),
        (Address, "石川県金沢市木町10番地乙A201", "石川県金沢市木町10番地A201"),
        (Address, "京都府京都市中京区烏丸通四条下ル瓦町12", "京都府京都市中京区烏丸通四条下瓦町12"),
        (Address, "青森県五所川原市大字栄町字東20-1", "青森県五所川原市小字栄町東20-1"),
        (Address, "和歌山県和歌山市木町3番丁5", "和歌山県和歌山市木町3丁目5"),
        (Address, "栃木県宇都宮市本町壱壱壱-11", "栃木県宇都宮市本町一一一-11"),
        (Address, "栃木県宇都宮市本町壱壱壱番地11", "栃木県宇都宮市本町111番地11"),
        (Address, "石川県金沢市木町5番 8番地3 101号", "石川県金沢市木町5番 101号"),
        (Address, "石川県金沢市木町5番地、6番地 メゾン101", "石川県金沢市木町5番地 101"),
        (Address, "石川県金沢市木町10-1・2 コーポ 201", "石川県金沢市木町10-1 201"),
        (Address, "石川県金沢市木町1-2-3 字北 101", "石川県金沢市木町1-2-3 101"),
        (Kanji, "ЛИ НА", "ЛИНА"),
        (Address, "(〒106-0044) 東京都港区東麻布1-8-1", "東京都港区東麻布1-8-1"),
        (Address, "石川県金沢市木町1-2-3 サンハイツ2 101 鈴木方", "石川県金沢市木町1-2-3 サンハイツ2101 佐藤方"),
        (Address, "石川県金沢市木町1-2-3 コーポA3F", "石川県金沢市木町1-2-3 3F"),
        (Address, "石川県金沢市木町1-2-3 東側3F", "石川県金沢市木町1-2-3 3F"),
        (Address, "栃木県宇都宮市本町1-2-3 地下 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 地階 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 最上階 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 R階 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 屋上 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 東側201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 右側 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 海側201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 東塔 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 A塔201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 東タワー 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 イーストタワー201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 西ウイング201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 サウス館201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 離れ 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 母屋 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 アネックス201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 2番館201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 一番館201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 弐番館 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 イ号 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 A号201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 甲号201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 2号 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 い号室201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 2街区201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 2組201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 2班201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 Ⅱ期 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 第2 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 第二201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 #2 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 No.2 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 A-1 201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 1階の201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 東の201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 上の201", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "石川県金沢市木町10番地イハイツ201", "石川県金沢市木町10番地 201"),
        (Address, "石川県金沢市木町10番地甲桜荘201", "石川県金沢市木町10番地 201"),
        (Address, "石川県金沢市木町31番地一のAコーポB410号", "石川県金沢市木町31-1 B410号"),
        (Address, "石川県金沢市木町5-1Aコーポ201", "石川県金沢市木町5-1 201"),
        (Address, "石川県金沢市木町1-2-3 コーポ二 3号棟", "石川県金沢市木町1-2-3 コーポ23号棟"),
        (Address, "石川県金沢市木町大字一第3地割5", "石川県金沢市木町大字一3地割5"),
    ] {
        let (found, codes) = check(field, left, right);
        if found.is_same() {
            wrong.push(format!("{left} / {right}: {found} {codes}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn common_notations_stay_the_same() {
    use FieldKind::*;
    for (field, left, right) in [
        (Address, "栃木県宇都宮市本町1-2-3 (201)", "栃木県宇都宮市本町1-2-3 ( 201)"),
        (Address, "石川県金沢市木町1-2-3 コーポ三 二〇一", "石川県金沢市木町1-2-3 コーポ三 201"),
        (Address, "愛知県一宮市篭屋5丁目8-1", "愛知県一宮市篭屋5丁目 8番 1号"),
        (Address, "石川県金沢市木町1丁目2番 3号", "石川県金沢市木町1丁目2番3号"),
        (Address, "北海道札幌市白石区南郷通1丁目北22-1-201", "北海道札幌市白石区南郷通1丁目北22-1 201"),
        (Kanji, "José GARCIA", "JOSÉ GARCIA"),
        (Kanji, "NGUYỄN VĂN AN", "Nguyễn Văn An"),
        (Address, "栃木県宇都宮市本町1-2-3-201号室", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町1-2-3 メゾン桜201号室", "栃木県宇都宮市本町1-2-3 201"),
        (Address, "栃木県宇都宮市本町10番地の5 コーポ桜 201", "栃木県宇都宮市本町10番地5 201"),
        (Address, "栃木県宇都宮市本町1-2-3 A-201", "栃木県宇都宮市本町1-2-3 A201"),
        (Address, "栃木県宇都宮市本町1-2-3 コーポA-201", "栃木県宇都宮市本町1-2-3 A201"),
    ] {
        let (found, codes) = check(field, left, right);
        assert!(found.is_same(), "{left} / {right}: {found} {codes}");
    }
}

#[test]
fn one_bullet_alone_counts_as_notation_for_the_record() {
    let bullet = compare(FieldKind::Kanji, "渡● 太郎", "渡邉　太郎");
    let two = compare(FieldKind::Kanji, "渡● ●郎", "渡邉　太郎");
    let same = compare(FieldKind::Kana, "ワタナベ", "ワタナベ");
    let voiced = compare(FieldKind::Kana, "トヨタ", "トヨダ");
    assert!(bullet.placeholder && !two.placeholder);
    assert!(record_counts_as_notation(&[&bullet, &same]));
    assert!(!record_counts_as_notation(&[&bullet, &bullet]));
    assert!(!record_counts_as_notation(&[&two, &same]));
    assert!(!record_counts_as_notation(&[&bullet, &voiced]));
    assert!(!record_counts_as_notation(&[]));
}

#[test]
fn reasons_point_both_ways() {
    let forward = compare(FieldKind::Kanji, "高崎", "髙崎");
    let backward = compare(FieldKind::Kanji, "髙崎", "高崎");
    assert_eq!(forward.reasons[0].text, "異体字 高→髙");
    assert_eq!(backward.reasons[0].text, "異体字 髙→高");
    assert_eq!(forward.reasons[0].left, 0..3);
}

/// Surnames and given names are aligned with each other whatever their lengths, and reasons contain whole names.
#[test]
fn names_are_aligned_part_by_part() {
    let found = compare(FieldKind::Kanji, "藤川　隆志", "藤川　孝");
    let last = found.aligned.last().expect("spans");
    assert_eq!((last.left.end, last.right.end), (15, 12));
    assert!(
        found.aligned.iter().all(|span| span.left.is_empty() || span.left.start < 9 || span.right.end > 9),
        "{found:?}"
    );
    let texts =
        |left, right| compare(FieldKind::Kana, left, right).reasons.into_iter().map(|r| r.text).collect::<Vec<_>>();
    assert_eq!(texts("サトウ　コウタ", "サトウ　ユタカ"), ["名の読みが異なる コウタ→ユタカ"]);
    assert_eq!(texts("サトウ　コウタ", "スズキ　コウタ"), ["氏が異なり名は同じ サトウ→スズキ"]);
    assert_eq!(texts("サトウ　コウタ", "コウタ　サトウ"), ["氏名の語順が異なる サトウ　コウタ→コウタ　サトウ"]);
    assert_eq!(texts("サトウ", "サトウエン"), ["文字の有無 (なし)→エン"]);
}

/// The reason names the reading of an era code.
#[test]
fn reasons_name_the_reading_of_an_era_code() {
    let texts =
        |left, right| compare(FieldKind::Birth, left, right).reasons.into_iter().map(|r| r.text).collect::<Vec<_>>();
    assert_eq!(texts("3600203", "19850203"), ["元号コード(3=昭和と読む場合) 3600203→19850203"]);
    assert_eq!(texts("19210203", "3100203"), ["元号コード(3=大正と読む場合) 19210203→3100203"]);
    assert_eq!(texts("5050203", "2023/2/3"), ["元号コード(5=令和と読む場合) 5050203→2023/2/3"]);
    assert_eq!(
        texts("3600203", "5600203"),
        ["元号コード(3=昭和と読む場合) 3600203→5600203", "元号コード(5=昭和と読む場合) 3600203→5600203"]
    );
    assert_eq!(texts("31384", "19851203"), ["片方が日付として読めない値(表計算ソフトの日付番号の可能性)"]);
}

#[test]
fn words_and_codes_read_back() {
    for field in FieldKind::ALL {
        assert_eq!(field.word().parse(), Ok(field));
        assert_eq!(FieldKind::ALL[field.index()], field);
    }
    for code in Code::ALL {
        assert_eq!(code.to_string().parse(), Ok(*code));
    }
    assert!("漢字".parse::<FieldKind>().is_err() && "Z1".parse::<Code>().is_err());
}

#[test]
fn keys_join_and_search() {
    assert_eq!(search_fold("ﾀｶﾊｼ"), search_fold("たかはし"));
    assert_eq!(search_fold("髙橋　太郎"), search_fold("高橋太郎"));
    assert_eq!(search_fold("Ｓｍｉｔｈ"), search_fold("SMITH"));
    assert_eq!(split_name(" 山田　太郎 "), Some(("山田", "太郎")));
    assert_eq!(split_name("山田太郎"), None);
    assert_eq!(fold(FieldKind::Birth, "S60.12.3"), "19851203");
    assert_eq!(fold(FieldKind::Sex, "男性"), fold(FieldKind::Sex, "1"));
    assert_eq!(
        fold(FieldKind::Address, "港区赤坂1丁目2番3号 201号室"),
        fold(FieldKind::Address, "東京都港区赤坂1-2-3 201")
    );
}

/// Scores the labelled pairs beside the checkout, if there are any: no different pair may be called the same.
#[test]
fn labelled_pairs_have_no_false_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pairs");
    let mut false_same = Vec::new();
    for field in FieldKind::ALL {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{}.tsv", field.word()))) else { continue };
        let mut tally = std::collections::BTreeMap::<(String, &str), u32>::new();
        let mut missed = Vec::new();
        for line in text.lines() {
            let columns: Vec<&str> = line.split('\t').collect();
            let [_, left, right, label, why, ..] = columns.as_slice() else { continue };
            let forward = compare(field, left, right);
            let backward = compare(field, right, left);
            assert_eq!(forward.verdict, backward.verdict, "{line}");
            assert_eq!(forward.codes(), backward.codes(), "{line}");
            let word = forward.verdict.word();
            *tally.entry(((*label).to_owned(), word)).or_default() += 1;
            if *label != word && (*label != "uncertain" || std::env::var_os("ALL").is_some()) {
                missed.push(format!(
                    "{word} {label} {why}: {left} | {right} {:?}",
                    forward.reasons.iter().map(|r| &r.text).collect::<Vec<_>>()
                ));
            }
            if *label == "different" && word == "same" {
                false_same.push(line.to_owned());
            }
        }
        let of = |label: &str, word| *tally.get(&(label.to_owned(), word)).unwrap_or(&0);
        let same = of("same", "same") + of("same", "uncertain") + of("same", "different");
        eprintln!("{field}: recall of same {}/{same}; {tally:?}", of("same", "same"));
        for line in missed {
            eprintln!("  {line}");
        }
    }
    assert!(false_same.is_empty(), "{false_same:#?}");
}

/// Reads the sample files beside the checkout, if there are any, and compares the verdicts of their rows with the truth tables.
#[test]
fn sample_rows_agree_with_their_truth() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let (mut missed, mut wrong, mut expected) = (Vec::new(), Vec::new(), 0);
    for name in ["sample_city", "sample_city_delta"] {
        let Ok(bytes) = std::fs::read(folder.join(format!("{name}_cp932.csv"))) else { continue };
        let truth = std::fs::read_to_string(folder.join(format!("{name}_truth.tsv"))).expect("truth beside the sample");
        let truth: std::collections::HashMap<&str, Vec<&str>> =
            truth.lines().map(|l| l.split('\t').collect::<Vec<_>>()).map(|c| (c[0], c)).collect();
        let text = encoding_rs::SHIFT_JIS.decode(&bytes).0;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("header").clone();
        let column = |name: &str| header.iter().position(|h| h == name).expect("canonical column");
        let columns = FieldKind::ALL
            .map(|f| ["加入者情報_", "J-LIS情報_", "判定結果_"].map(|side| column(&format!("{side}{}", f.label()))));
        for row in reader.records() {
            let row = row.expect("row");
            let truth = &truth[&row[column("整理番号")]];
            let all: Vec<(FieldKind, Comparison, [&str; 3])> = FieldKind::ALL
                .iter()
                .zip(&columns)
                .map(|(f, c)| (*f, compare(*f, &row[c[0]], &row[c[1]]), c.map(|c| &row[c])))
                .collect();
            let marked: Vec<&Comparison> = all.iter().filter(|(_, _, t)| t[2] == "×").map(|(_, c, _)| c).collect();
            if marked.is_empty() {
                continue;
            }
            let birth_or_sex = all[2].2[2] == "×" || all[3].2[2] == "×";
            let notation = record_counts_as_notation(&marked) && !birth_or_sex;
            let expect = truth[10] == "1";
            expected += usize::from(expect);
            let line = || {
                let fields: Vec<_> = all
                    .iter()
                    .filter(|(_, _, t)| t[2] == "×")
                    .map(|(f, c, t)| format!("{} {}|{} {} {:?}", f.short(), t[0], t[1], c.verdict, c.codes()))
                    .collect();
                format!("{} {} {}: {}", truth[0], truth[5], truth[12], fields.join("; "))
            };
            if expect && !notation {
                missed.push(line());
            }
            if !expect && notation && truth[10] == "0" {
                wrong.push(format!("same_person={} {}", truth[4], line()));
            }
        }
    }
    eprintln!("expected {expected}, missed {}, beyond {}", missed.len(), wrong.len());
    for line in missed.iter().take(60) {
        eprintln!("  missed {line}");
    }
    for line in wrong.iter().take(60) {
        eprintln!("  beyond {line}");
    }
}
