#!/usr/bin/env bash
# What an exit code of credcheck means for the job.
#
# Reads EXIT_CODE, COMMAND, FAIL_ON.
set -euo pipefail
# shellcheck source=action/shared.sh
source "$(dirname "${BASH_SOURCE[0]}")/shared.sh"

# Ends the step with the code where the input `fail-on` has the word, else shows the words as a warning.
judge() {
  if [[ $COMMAND != check ]] || fails_on "$FAIL_ON" "$1"; then
    printf '::error title=credcheck::%s\n' "$2"
    exit "$EXIT_CODE"
  fi
  printf '::warning title=credcheck::%s\n' "$2"
  exit 0
}

case $COMMAND/$EXIT_CODE in
  install/) exit 0 ;;
  */0) exit 0 ;;
  check/1) judge violation "a credential violates the policy" ;;
  */1) judge violation "\`credcheck $COMMAND\` found something to mend" ;;
  */3) judge undetermined "something stayed undetermined, or nothing was decided: that is no pass" ;;
  */2) message="the command line is wrong" ;;
  */4) message="a policy or the settings are invalid" ;;
  */5) message="a report could not be written" ;;
  */130 | */143) message="the run was interrupted" ;;
  *) message="credcheck ended with \`$(shown "$EXIT_CODE")\`" ;;
esac
printf '::error title=credcheck::%s\n' "$message"
[[ $EXIT_CODE =~ ^[1-9][0-9]{0,2}$ ]] || exit 1
exit "$EXIT_CODE"
