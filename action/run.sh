#!/usr/bin/env bash
# Runs credcheck as the inputs say. The exit code is an output: what it means for the job is decided by verdict.sh, after
# a report was uploaded.
#
# Reads PROGRAM, COMMAND, POLICY, CONFIG, ARGUMENTS, REPORTS, FORMAT, UPLOAD_SARIF, FAIL_ON, GITHUB_EVENT_NAME,
# RUNNER_TEMP; writes GITHUB_OUTPUT (`exit-code`, `sarif-file`).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/shared.sh
source "$here/shared.sh"

case $COMMAND in
  check | plan | lint | fmt | test) ;;
  install) exit 0 ;;
  *) refuse "the input \`command\` is check, plan, lint, fmt, test or install; not \`$(shown "$COMMAND")\`" ;;
esac
case $FORMAT in
  github | concise | human | narrated) ;;
  *) refuse "the input \`format\` is github, concise, human or narrated; not \`$(shown "$FORMAT")\`" ;;
esac
case $UPLOAD_SARIF in
  true | false) ;;
  *) refuse "the input \`upload-sarif\` is true or false; not \`$(shown "$UPLOAD_SARIF")\`" ;;
esac
fails_on "$FAIL_ON" violation || true

# Only these run what the repository's own branches hold. Every other event may bring what somebody proposes.
case $GITHUB_EVENT_NAME in
  push | schedule | workflow_dispatch | repository_dispatch) proposed=false ;;
  *) proposed=true ;;
esac
if [[ $proposed == true && $COMMAND == check ]]; then
  refuse "\`check\` asks hosts with real credentials, and is not run on \`$(shown "$GITHUB_EVENT_NAME")\`: use lint, fmt, test or plan there, and \`check\` on push, schedule or workflow_dispatch"
fi

line=("$PROGRAM" "$COMMAND")
[[ $COMMAND == fmt ]] && line+=(--check)
# The requests of a plan are for people to read.
[[ $COMMAND == plan ]] && FORMAT=human
line+=(--format "$FORMAT")

if [[ $proposed == true ]]; then
  [[ -z $CONFIG ]] || refuse "the input \`config\` is for \`check\` on push, schedule or workflow_dispatch: settings can name commands"
  if [[ $COMMAND == plan ]]; then
    # Settings can name commands, and a plan runs them to see what a secret looks like: these name none.
    : >"$RUNNER_TEMP/credcheck-no-settings.toml"
    line+=("--config=$RUNNER_TEMP/credcheck-no-settings.toml")
  fi
elif [[ -n $CONFIG ]]; then
  line+=("--config=$CONFIG")
fi

while IFS= read -r argument; do
  argument=${argument%$'\r'}
  [[ -n $argument ]] || continue
  if [[ $proposed == true ]]; then
    case $argument in
      --config | --config=* | --trust-config) refuse "\`$(shown "$argument")\` is not taken on \`$(shown "$GITHUB_EVENT_NAME")\`" ;;
    esac
  fi
  line+=("$argument")
done <<<"$ARGUMENTS"

sarif=
while IFS= read -r report; do
  report=${report%$'\r'}
  [[ -n $report ]] || continue
  [[ $report =~ ^[a-z-]+=.+$ ]] || refuse "the input \`reports\` has FORMAT=FILE in each line; not \`$(shown "$report")\`"
  line+=(--report "$report")
  [[ $report == sarif=* && -z $sarif ]] && sarif=${report#sarif=}
done <<<"$REPORTS"
if [[ $UPLOAD_SARIF == true && -z $sarif ]]; then
  sarif=$RUNNER_TEMP/credcheck.sarif
  line+=(--report "sarif=$sarif")
fi
if [[ $COMMAND == plan && -n $sarif ]]; then
  refuse "\`plan\` decides nothing, so there is no SARIF of it"
fi
[[ -z $sarif ]] || rm -f -- "$sarif"

line+=(--)
policies=0
while IFS= read -r file; do
  file=${file%$'\r'}
  [[ -n $file ]] || continue
  line+=("$file")
  policies=$((policies + 1))
done <<<"$POLICY"
case $COMMAND in
  check | plan) ((policies)) || refuse "the input \`policy\` names the policies to $COMMAND, one a line" ;;
esac

# What is shown holds names that others chose: with every format but the one that writes commands, none is obeyed.
stop=
if [[ $FORMAT == concise ]]; then
  printf '::add-matcher::%s\n' "$here/problem-matcher.json"
fi
if [[ $FORMAT != github ]]; then
  stop=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '::stop-commands::%s\n' "$stop"
fi
code=0
"${line[@]}" </dev/null || code=$?
if [[ -n $stop ]]; then
  printf '::%s::\n' "$stop"
fi
if [[ $FORMAT == concise ]]; then
  printf '::remove-matcher owner=credcheck::\n'
fi

printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"
# An upload marks as fixed what it does not hold. So none of a run that was cut short, or that decided nothing: its report
# says that it did not succeed. No text in the report can say so in its place, since quotes in text are escaped.
case $code in
  0 | 1 | 3)
    if [[ -n $sarif && -f $sarif ]] && grep -Eq '"executionSuccessful"[[:space:]]*:[[:space:]]*true' -- "$sarif"; then
      [[ $sarif != *$'\n'* ]] && printf 'sarif-file=%s\n' "$sarif" >>"$GITHUB_OUTPUT"
    fi
    ;;
esac
exit 0
