//! What `--help` says beyond `-h`: how a command is used, with examples. The rest of both comes from `args`.

/// Command and text; subcommands of a command share its text.
const LONG: &[(&str, &str)] = &[
    (
        "meken",
        "コマンドなしで実行すると確認画面を開きます。はじめての方は meken demo で試せます。\n\n\
         例:\n  meken demo                         架空のデータで確認画面を開く\n  \
         meken import 突合結果.csv          取り込む\n  meken                              確認する\n  \
         meken status                       進み具合を見る\n  meken export release -o 解除.csv   解除リストを書き出す",
    ),
    (
        "demo",
        "架空の人だけの作業フォルダ($XDG_DATA_HOME/meken/demo)を作り、確認画面を開きます。実際のデータには触れません。\n\n\
         例:\n  meken demo --rows 500 --fresh\n  meken demo --keymap tenkey   テンキーだけで操作してみる",
    ),
    (
        "sample",
        "標準の列のファイルを作ります。同じ --rows と --seed からは、いつも同じファイルができます。\n\n\
         例:\n  meken sample --rows 1000 --truth 正解.tsv -o 試用.csv",
    ),
    (
        "import",
        "全部入るか、何も変わらないかのどちらかです。使えない行は隔離し、行番号と理由を表示します。\n\
         列が分からないファイルは受け付けず(終了コード 3)、書き込み用の対応表を表示します。\n\n\
         例:\n  meken import --check 突合結果.csv           調べるだけ\n  \
         meken import 突合結果.csv\n  meken import --layout 対応表.toml 突合結果.csv",
    ),
    (
        "layout",
        "見出しが違うファイルは、列の対応表(TOML)で読めます。guess が書き出した対応表を直し、check で確かめてから取り込みます。\n\
         一度使った対応表は見出しとともに覚えるので、次からは指定がいりません。\n\n\
         例:\n  meken layout guess 突合結果.csv > 対応表.toml\n  meken layout check 対応表.toml 突合結果.csv\n  \
         meken import --layout 対応表.toml 突合結果.csv",
    ),
    (
        "review",
        "キーは ? で見られます。キー割り当てと配色は settings.toml の [screen] keymap と theme、環境変数 MEKEN_KEYMAP と\n\
         MEKEN_THEME、オプションの順に優先されます。動いている間にファイルを直すと読み直します(F9、SIGUSR1 でも)。\n\n\
         例:\n  meken review --keymap vim --theme light",
    ),
    (
        "status",
        "ほかの人が確認中でも、どの端末からでも見られます。\n\n例:\n  meken status --brief\n  meken status --watch 60",
    ),
    (
        "list",
        "確認対象(設問1)の記録を、確認画面と同じ順に並べます。個人番号は出しません。\n\n\
         例:\n  meken list --filter 'class:② state:未着手'\n  meken list --all --format csv > 一覧.csv",
    ),
    (
        "show",
        "両側の値、判定、理由、根拠、履歴の要点を表示します。個人番号は下4桁だけです。\n\n例:\n  meken show 0001234",
    ),
    (
        "decide",
        "確認画面と同じ規則で確かめます。足りないものがあれば、何も変えずに名指しします(終了コード 1)。\n\
         CSV は全部入るか何も変わらないかで、受け付けない行をすべて名指しします。\n\n\
         例:\n  meken decide 0001234 2-3 --evidence 届出書:2023-11-20\n  meken decide 0001234 2-1 --lost 2023-09-01\n  \
         meken decide 0001234 hold --due 2023-12-20 --note 電話待ち\n  \
         meken decide 0001234 4-2 --safe-way 窓口で手渡し\n  meken decide --from 判断.csv",
    ),
    ("undo", "取消も履歴に残ります。\n\n例:\n  meken undo\n  meken undo 0001234"),
    ("reopen", "前の決定は履歴に残ります。\n\n例:\n  meken reopen 0001234 --reason 返事があったため"),
    (
        "flag",
        "印のある記録には、確かめた安全な送付方法(decide の --safe-way)がない限り 4-1・4-2 を付けられません。\n\n\
         例:\n  meken flag 0001234 dv on --reason 申出\n  meken flag 0001234 dv off --reason 終了を確認",
    ),
    (
        "report",
        "件数の整合(2 = 2-1+2-2+2-3+2-4 など)も確かめます。整合しないときは確定できません。\n\n例:\n  meken report --freeze",
    ),
    (
        "export",
        "ファイルと、その内容を示す FILE.manifest.json を書きます。途中で止めても半端なファイルは残りません。\n\n\
         例:\n  meken export release --preview\n  meken export release -o 解除.csv --encoding cp932",
    ),
    (
        "batch",
        "回は後から変わりません。書き直すと一字一句同じになります。取り下げた記録は確認中に戻り、決定し直すまで載りません。\n\n例:\n  meken batch list\n  meken batch write 1 -o 解除.csv\n  \
         meken batch withdraw 1 0001234 --reason 別人の疑い",
    ),
    (
        "quarantine",
        "ファイル、行番号、理由を表示します。直すには meken export quarantine で書き出し、直して取り込みます。\n\n\
         例:\n  meken quarantine\n  meken quarantine dismiss 3 7-9 --reason 資格のない行",
    ),
    ("log", "誰が、いつ、何をしたかを古い順に表示します。\n\n例:\n  meken log 0001234"),
    ("verify", "履歴の鎖、件数、保存データの検査値を確かめます。何も変えません。\n\n例:\n  meken verify"),
    (
        "compare",
        "項目は kanji kana birth sex address です。判定、記号、理由をタブ区切りで出します。\n\n\
         例:\n  printf 'kanji\\t高崎\\t髙﨑\\n' | meken compare",
    ),
    (
        "keys",
        "組込は default、vim、tenkey(テンキーだけで操作)です。自分のファイルは $XDG_CONFIG_HOME/meken/keymaps/名前.toml に\n\
         置き、settings.toml の [screen] に keymap = \"名前\" と書きます。inherits で引き継ぎ、変える行だけを書けます。\n\n\
         例:\n  meken keys print tenkey\n  meken keys check ~/.config/meken/keymaps/mine.toml",
    ),
    (
        "themes",
        "組込は dark、light、contrast(色覚によらない)、dark-rgb(24ビット色)、mono です。自分のファイルは\n\
         $XDG_CONFIG_HOME/meken/themes/名前.toml に置き、settings.toml の [screen] に theme = \"名前\" と書きます。\n\n\
         例:\n  meken themes print light\n  meken themes check ~/.config/meken/themes/mine.toml",
    ),
    (
        "doctor",
        "端末で実行すると、文字の幅を端末に尋ねて meken の数え方と比べ、settings.toml・tmux・PuTTY・Tera Term で何を\n\
         設定すればよいかを示します。端末でなければ事実だけを表示します。\n\n例:\n  meken doctor",
    ),
    (
        "completions",
        "例:\n  meken completions bash > ~/.local/share/bash-completion/completions/meken\n  \
         meken completions zsh  > ~/.zfunc/_meken",
    ),
    ("man", "例:\n  meken man > ~/.local/share/man/man1/meken.1"),
];

/// Returns what `--help` of a command says beyond `-h`.
pub(super) fn long(command: &str) -> Option<&'static str> {
    LONG.iter().find(|(name, _)| *name == command).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Cli;
    use crate::cli::messages::localise;

    /// Whether a text has Japanese in it.
    fn japanese(text: &str) -> bool {
        text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
    }

    fn walk(command: &clap::Command, path: &str, check: &mut dyn FnMut(&clap::Command, &str)) {
        check(command, path);
        for sub in command.get_subcommands() {
            walk(sub, &format!("{path} {}", sub.get_name()), check);
        }
    }

    /// Every command and every argument says in Japanese what it is for, in the help, the manual and the completions alike.
    #[test]
    fn everything_is_described_in_japanese() {
        let mut command = localise(Cli::command());
        command.build();
        let mut commands = 0;
        walk(&command, "meken", &mut |command, path| {
            commands += 1;
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(japanese(&about), "{path}: {about}");
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(japanese(&help), "{path} {}: {help}", arg.get_id());
            }
            let mut own = command.clone();
            let (short, long) = (own.render_help().to_string(), own.render_long_help().to_string());
            for english in
                ["Usage", "Options", "Arguments", "default:", "possible values", "Possible values", "env:", "Print "]
            {
                assert!(!short.contains(english) && !long.contains(english), "{path}: {english}\n{long}");
            }
            assert!(long.len() > short.len(), "{path}: --help says no more than -h");
        });
        assert!(commands > 24, "{commands}");
        // Arguments stand in the order in which they are typed, and what every command takes comes last.
        let withdraw = command.find_subcommand("batch").and_then(|batch| batch.find_subcommand("withdraw"));
        let text = withdraw.map(|sub| sub.clone().render_help().to_string()).unwrap_or_default();
        let place = |word: &str| text.find(word).unwrap_or_else(|| panic!("{word}: {text}"));
        let arguments = place("引数:");
        let in_order = text[arguments..].find("<NUMBER>") < text[arguments..].find("<ID>");
        assert!(in_order && place("--reason") < place("--workspace"), "{text}");
        // What the table explains exists, and everything that exists is explained.
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        for (name, text) in LONG {
            assert!(*name == "meken" || names.contains(name), "{name}");
            assert!(text.contains("例:"), "{name}");
        }
        for name in names {
            assert!(long(name).is_some(), "{name} has no long help");
        }
    }
}
