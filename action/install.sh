#!/usr/bin/env bash
# Fetches one version of credcheck into the runner's temporary folder, and puts it on PATH once its checksum is right.
#
# Reads VERSION, CHECKSUM, RELEASES, RUNNER_OS, RUNNER_ARCH, RUNNER_TEMP; writes GITHUB_OUTPUT
# (`program`) and GITHUB_PATH.
set -euo pipefail
# shellcheck source=action/shared.sh
source "$(dirname "${BASH_SOURCE[0]}")/shared.sh"

number='(0|[1-9][0-9]{0,5})'
if ! [[ $VERSION =~ ^$number\.$number\.$number$ ]]; then
  refuse "the input \`version\` is one version, such as \`0.1.0\`: no \`v\`, no range, no \`latest\`; not \`$(shown "$VERSION")\`"
fi

case $RUNNER_OS/$RUNNER_ARCH in
  Linux/X64) target=x86_64-unknown-linux-musl ;;
  Linux/ARM64) target=aarch64-unknown-linux-musl ;;
  macOS/X64) target=x86_64-apple-darwin ;;
  macOS/ARM64) target=aarch64-apple-darwin ;;
  *) refuse "there is no archive for \`$(shown "$RUNNER_OS/$RUNNER_ARCH")\`: run the job on Linux or macOS" ;;
esac

[[ $RELEASES =~ ^https://[A-Za-z0-9._~:/%+-]+$ ]] ||
  refuse "the input \`releases\` is an address that begins with https://; not \`$(shown "$RELEASES")\`"

# A file of the release. No settings of the user's, no other scheme after a redirect.
fetch() {
  curl -q --proto '=https' --proto-redir '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 \
    --connect-timeout 20 --max-time 300 --max-filesize 104857600 --output "$2" "${RELEASES%/}/v$VERSION/$1" ||
    refuse "\`$1\` of version $VERSION could not be fetched"
}

sum() {
  if command -v sha256sum >/dev/null; then
    sha256sum <"$1"
  else
    shasum -a 256 <"$1"
  fi | cut -d ' ' -f 1
}

archive=credcheck-$target-v$VERSION.tgz
folder=$(TMPDIR=$RUNNER_TEMP mktemp -d)

wanted=$CHECKSUM
if [[ -z $wanted ]]; then
  fetch SHA256SUMS "$folder/SHA256SUMS"
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$folder/SHA256SUMS")
fi
[[ $wanted =~ ^[0-9a-f]{64}$ ]] ||
  refuse "there is no SHA-256 for \`$archive\`: \`$(shown "$wanted")\` is none"

fetch "$archive" "$folder/$archive"
have=$(sum "$folder/$archive")
if [[ $have != "$wanted" ]]; then
  rm -f "$folder/$archive"
  refuse "\`$archive\` is not what was released: its SHA-256 is $(shown "$have"), and should be $wanted"
fi

tar -xzf "$folder/$archive" -C "$folder" --no-same-owner
program=
# Archives hold the program at their top, or in one folder of their own name.
for place in "$folder/credcheck" "$folder/${archive%.tgz}/credcheck"; do
  if [[ -f $place && -x $place ]]; then
    program=$place
    break
  fi
done
[[ -n $program ]] || refuse "\`$archive\` holds no program \`credcheck\`"

says=$("$program" --version)
[[ $says == "credcheck $VERSION" ]] || refuse "the program says that it is \`$(shown "$says")\`, and not version $VERSION"

printf 'program=%s\n' "$program" >>"$GITHUB_OUTPUT"
dirname "$program" >>"$GITHUB_PATH"
printf 'credcheck %s, SHA-256 %s\n' "$VERSION" "$have"
