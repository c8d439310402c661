# shellcheck shell=bash
# What the action's steps share. Sourced, never run.

# Text of somebody else's, as it may stand in a log: one line, nothing that a runner would take for a command.
shown() {
  local text
  text=$(printf '%s' "$1" | LC_ALL=C tr -c 'A-Za-z0-9._/=+-' '?')
  printf '%s' "${text:0:80}"
}

# Ends the step: the action was called wrongly, or what it fetched is not what was asked for.
refuse() {
  printf '::error title=credcheck::%s\n' "$1"
  exit 2
}

# Whether the input `fail-on` ($1) names $2. Anything but the known words is refused, so that no slip lets a run pass.
fails_on() {
  local found=1 words=0 never=0 word
  local list=${1//,/ }
  list=${list//$'\n'/ }
  set -f
  for word in $list; do
    words=$((words + 1))
    case $word in
      violation | undetermined) [[ $word == "$2" ]] && found=0 ;;
      never) never=1 ;;
      *) refuse "the input \`fail-on\` takes \`violation\` and \`undetermined\`, or \`never\`; not \`$(shown "$word")\`" ;;
    esac
  done
  set +f
  if ((words == 0)) || ((never && words > 1)); then
    refuse "the input \`fail-on\` takes \`violation\` and \`undetermined\`, or \`never\` alone"
  fi
  return "$found"
}
