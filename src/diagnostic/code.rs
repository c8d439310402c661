//! The closed list of codes: each a number that stays, a name, a severity and what it means.

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; decides nothing.
    Advice,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $number:literal $name:literal $severity:ident $meaning:literal;)*) => {
        /// What kind of problem a diagnostic is about. Numbers stay for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The number: `C0101`.
            pub const fn number(self) -> &'static str {
                match self { $(Self::$variant => $number,)* }
            }

            /// The name: `unexpected-text`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How bad it is where nothing else says so.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it means, in a sentence or two.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// Its page in Markdown: what it means, why it is so, how to mend it, an example. The same as in `docs/codes/`.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("../../docs/codes/", $number, ".md")),)* }
            }
        }
    };
}

codes! {
    // The text of a policy.
    UnexpectedText "C0101" "unexpected-text" Error "The text at this place is not part of the language.";
    UnclosedBracket "C0102" "unclosed-bracket" Error "A brace, bracket or parenthesis is opened and never closed, or closed and never opened.";
    UnclosedString "C0103" "unclosed-string" Error "A string does not end on its line.";
    BadEscape "C0104" "bad-escape" Error "A string holds an escape that is not one of TOML's basic escapes.";
    ControlCharacter "C0105" "control-character" Error "The file holds a control or bidirectional character, which could make it read differently from what it says.";
    NotUtf8 "C0106" "not-utf8" Error "The file is not UTF-8.";
    TooLarge "C0107" "too-large" Error "The file, or all files together, are larger than credcheck reads.";
    TooDeep "C0108" "too-deep" Error "Brackets or expressions nest deeper than 64.";
    TooManyProblems "C0109" "too-many-problems" Error "The file has more problems than are shown.";
    BadLiteral "C0110" "bad-literal" Error "A number, date or duration that cannot be read.";
    MixedLogic "C0111" "mixed-logic" Error "`and` and `or` stand side by side without parentheses.";
    ChainedComparison "C0112" "chained-comparison" Error "Comparisons do not chain.";
    BrokenStatement "C0113" "broken-statement" Error "A blank line stands inside a statement, or a statement has no end that can be seen.";
    RepeatedClause "C0114" "repeated-clause" Error "A clause that can stand once stands twice.";
    MissingClause "C0115" "missing-clause" Error "A part that is needed is missing.";
    Interpolation "C0116" "interpolation" Warning "Strings hold `${`, which is not replaced by anything: the language has no interpolation.";
    LiteralToken "C0117" "literal-token" Error "A token stands in a file. Whoever reads the file has it; revoke it.";
    // Names and types.
    UnknownHost "C0201" "unknown-host" Error "A host kind that credcheck does not know.";
    UnknownFact "C0202" "unknown-fact" Error "A fact that this host does not have.";
    UnknownName "C0203" "unknown-name" Error "A name that is neither a constant, an input, nor a value of the type expected here.";
    UnknownScope "C0204" "unknown-scope" Error "A scope that this host does not have. `--allow-unknown-names` makes it a warning.";
    UnknownPermission "C0205" "unknown-permission" Error "A permission that this host does not have. `--allow-unknown-names` makes it a warning.";
    UnknownLevel "C0206" "unknown-level" Error "A level that this permission or role does not have.";
    UnknownRule "C0207" "unknown-rule" Error "A rule that no loaded file has.";
    UnknownCause "C0208" "unknown-cause" Error "A cause that is not one of the causes of the unknown.";
    TypeMismatch "C0209" "type-mismatch" Error "Two things of unlike types are compared, or an operator meets a type it cannot work on.";
    NotPortable "C0210" "not-portable" Error "A fact that not every host of the block has, or not with one type.";
    DuplicateName "C0211" "duplicate-name" Error "A name is declared twice.";
    ReservedName "C0212" "reserved-name" Error "A word of the language, or a built-in rule's name, cannot be a name.";
    BadPattern "C0213" "bad-pattern" Error "A regular expression that cannot be compiled, or would become too large.";
    BadLink "C0214" "bad-link" Error "A link that is not an `https` address.";
    EmptyRule "C0215" "empty-rule" Error "A rule without a statement.";
    UnusedName "C0216" "unused-name" Warning "A constant that nothing reads.";
    AmbiguousWord "C0217" "ambiguous-word" Warning "A word that is both a value of the type expected here and a constant; the value is taken.";
    UnknownEdition "C0218" "unknown-edition" Error "An edition of the language that this credcheck does not know.";
    MisplacedFact "C0219" "misplaced-fact" Error "A fact that cannot be read or given here.";
    // Files, imports, inputs.
    UnreadablePolicy "C0301" "unreadable-policy" Error "A policy file that cannot be read.";
    ImportRefused "C0302" "import-refused" Error "An import that leads out of the policy's tree, or to something that is not a policy.";
    ImportCycle "C0303" "import-cycle" Error "Files that import each other in a circle.";
    TooManyFiles "C0304" "too-many-files" Error "More files, or more text, than one policy may have.";
    UnknownBuiltin "C0305" "unknown-builtin" Error "A ready-made policy that this credcheck does not have.";
    ConflictingInput "C0306" "conflicting-input" Error "Two files declare an input under one name with different types or defaults.";
    InputValue "C0307" "input-value" Error "A value given for an input that cannot be read as its type.";
    InputMissing "C0308" "input-missing" Error "A required input that nobody gave.";
    UnknownInput "C0309" "unknown-input" Error "A value given for an input that no policy declares.";
    // Waivers.
    WaiverExpired "C0401" "waiver-expired" Warning "A waiver whose last day has passed: it has no effect.";
    WaiverIdle "C0402" "waiver-idle" Warning "A waiver that had nothing to waive.";
    WaiverBuiltin "C0403" "waiver-builtin" Error "Built-in rules cannot be waived.";
    // Settings and the command line.
    BadSettings "C0501" "bad-settings" Error "A settings file that is not TOML, or has a value of the wrong type.";
    UnknownSetting "C0502" "unknown-setting" Error "A key that settings do not have.";
    UntrustedSettings "C0503" "untrusted-settings" Error "Credentials in a settings file inside the policy's own tree, where whoever proposes a change could redirect a token.";
    BadAddress "C0504" "bad-address" Error "An address that credentials must not be sent to: user information, no bare host, or plain http.";
    BadScope "C0505" "bad-scope" Error "A repository in scope that no host could have.";
    UnreadableSettings "C0506" "unreadable-settings" Error "A settings file that cannot be read.";
    DuplicateCredential "C0507" "duplicate-credential" Error "Two credentials have one name.";
    CommandLine "C0508" "command-line" Error "The command line asks for something that does not exist or is ambiguous.";
    CredentialUnused "C0509" "credential-unused" Advice "A credential lies in the environment and is not checked.";
    // Verdicts on the policy's statements.
    Violation "C0601" "violation" Error "A `require` or `forbid` does not hold.";
    Warning "C0602" "warning" Warning "A `prefer` or `avoid` does not hold.";
    Undetermined "C0603" "undetermined" Error "Whether the statement holds could not be decided. Unknown never passes.";
    Accepted "C0604" "accepted" Advice "Undecided, and the rule accepts that in writing.";
    Waived "C0605" "waived" Advice "Would be broken; a waiver covers it until its date.";
    OutOfScope "C0606" "out-of-scope" Error "No repository (or organisation) to ask about.";
    FilterMatchesNothing "C0607" "filter-matches-nothing" Error "The `at` or `credential` filter of a block matches none of the credentials of its kind.";
    SelectorMatchesNothing "C0608" "selector-matches-nothing" Error "An `each` that matches no repository in scope.";
    // Built-in rules.
    CredentialRefused "C0701" "credential-refused" Error "The host refuses the credential: revoked, expired or unknown.";
    NoSecret "C0702" "no-secret" Error "A declared credential has no secret.";
    WrongHost "C0703" "wrong-host" Error "The secret's shape belongs to another vendor, or the username cannot go with it. Nothing was sent.";
    NotAccepted "C0704" "not-accepted" Error "An organisation or instance refuses this credential.";
    NotVisible "C0705" "not-visible" Error "A repository in scope answers as if it did not exist.";
    UsernameDiffers "C0706" "username-differs" Error "The configured username is not the live one.";
    KindNotCovered "C0707" "kind-not-covered" Error "No statement judges this kind of credential.";
    PermissionsNotApproved "C0708" "permissions-not-approved" Warning "A GitHub App asks for more than the account that installed it has approved: the bot does not have it yet.";
    // The run itself.
    NothingDecided "C0801" "nothing-decided" Error "The run decided nothing, which is not a success.";
    CannotWrite "C0802" "cannot-write" Error "A report or record could not be written.";
    BadRecord "C0803" "bad-record" Error "A record, baseline or report that cannot be used.";
    RepositoryRenamed "C0804" "repository-renamed" Advice "A repository has another name now.";
    Note "C0805" "note" Advice "Something the host said that is worth knowing.";
    ClockOff "C0806" "clock-off" Warning "This machine's clock and the host's differ by more than a minute, so expiry is judged wrongly by as much.";
    ShardMissing "C0807" "shard-missing" Error "A part of the credentials was checked nowhere: its report is not among those that were merged.";
    // Tests of policies.
    TestFailed "C0901" "test-failed" Error "A policy's test expects something else than what its facts lead to.";
    NoTests "C0902" "no-tests" Error "There is no test to run, which is not a success.";
    TestNotRun "C0903" "test-not-run" Error "A test that cannot be run.";
    NotCovered "C0904" "not-covered" Warning "A statement of which no test expects one of its outcomes: passing, failing, or undetermined where its facts can be unknown.";
    TooLittleCovered "C0905" "too-little-covered" Error "Less of a policy is covered by its tests than `--min` asks for.";
    MutantSurvived "C0906" "mutant-survived" Error "A policy can be changed at this place without any test noticing.";
    MutantsUntried "C0907" "mutants-untried" Error "Changes to a policy were left untried, for there were too many of them or no time was left.";
    // The formatter.
    FormatRefused "C0911" "format-refused" Error "Formatting would have changed what a policy says, so the file stays as it is. This is a mistake in credcheck; please report it.";
    NotFormatted "C0912" "not-formatted" Error "A policy is not in the one style: `fmt --check` found it.";
    // Lints: what can be said of a policy without asking a host.
    NeverDecided "C1001" "never-decided" Error "A statement that no kind of credential of its host can ever decide.";
    UndecidedKinds "C1002" "undecided-kinds" Warning "A statement that some kinds of credential can never decide, though no guard rules them out and nothing accepts that.";
    ImpossibleGrant "C1003" "impossible-grant" Warning "A scope or permission is demanded that a kind of credential cannot have.";
    UncoveredKinds "C1004" "uncovered-kinds" Warning "Kinds of credential that every rule of their host leaves out, and that the policy never names.";
    NeverHolds "C1005" "never-holds" Error "A statement that nothing can satisfy.";
    Contradiction "C1006" "contradiction" Error "Two statements that cannot both hold.";
    ImpliedStatement "C1007" "implied-statement" Warning "A statement that another one implies: it adds nothing.";
    ConstantGuard "C1008" "constant-guard" Warning "A guard that always holds, or never does.";
    AlwaysHolds "C1009" "always-holds" Warning "A statement that nothing can break.";
    IdleSelector "C1010" "idle-selector" Warning "An `each`, or a part of one, that changes nothing or selects nothing.";
    UnusedInput "C1011" "unused-input" Warning "An input that no rule reads.";
    UnusedImport "C1012" "unused-import" Warning "An import that brings no rule and no input that is read.";
    WaiverEndsSoon "C1013" "waiver-ends-soon" Warning "A waiver whose last day is near.";
    WaiverUseless "C1014" "waiver-useless" Warning "A waiver that can never apply, or that another one covers.";
    MatchesEverything "C1015" "matches-everything" Warning "A pattern that matches everything.";
    RepeatedItem "C1016" "repeated-item" Warning "A list names one thing twice.";
    CoveredItem "C1017" "covered-item" Warning "An item of a list that another item of it covers.";
    PartialOrder "C1018" "partial-order" Warning "An order comparison with a level that stands beside others: what cannot be compared is false.";
    EmptyPolicy "C1019" "empty-policy" Warning "A policy without a statement: it demands nothing, so a check by it decides nothing.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_unique_and_sorted() {
        let numbers: Vec<&str> = Code::ALL.iter().map(|code| code.number()).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(numbers, sorted);
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(Code::ALL.iter().all(|code| code.meaning().ends_with('.')));
    }
}
