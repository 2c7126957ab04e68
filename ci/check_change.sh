#!/usr/bin/env bash
# Judges the templates of a change, and compares them with those of its base.
#
# Run in the repository of the templates. It reads the environment, and from nowhere else:
#   NEXIS_PATHS              what is judged, one path a line: templates, folders of them, cloud assemblies
#   NEXIS_SYNTH              a command that writes these paths, such as `npx cdk synth`; it is run for the base as well
#   NEXIS_BASE               the commit or branch to compare with; otherwise NEXIS_EVENT_BASE; neither: no comparison
#   NEXIS_WAIVERS NEXIS_BASELINE NEXIS_PARAMETERS NEXIS_SCOPE    as the options of `nexis check`
#   NEXIS_STRICT_PARAMETERS  true or false (false)
#   NEXIS_BASELINE_MAY_GROW  true or false (false): whether the baseline file may have entries that the base's has not
#   NEXIS_FAIL_ON            weaker (also what gets weaker without a finding), or findings (these, and what is fatal)
#   NEXIS_REPORTS            the folder for the reports (nexis-reports)
#   NEXIS                    the command (nexis)
#
# Ends with 0 when nothing fails, 1 with findings or something weaker, 2 when something could not be judged or compared.
set -euo pipefail

readonly PASSED=0 FAILED=1 NOT_JUDGED=2
readonly LARGEST_COMMENT=60000   # bytes; GitHub takes 65,536 characters, GitLab a million

nexis="${NEXIS:-nexis}"
reports="${NEXIS_REPORTS:-nexis-reports}"
fail_on="${NEXIS_FAIL_ON:-weaker}"
baseline="${NEXIS_BASELINE:-}"
work=""
made=""
base_tree=""
worst=$PASSED
said=()

say() { said+=("$1"); printf 'nexis: %s\n' "$1"; }

# Keeps the worst exit code. Whatever is no answer (a crash, a signal, a missing command) counts as not judged.
note() {
  local code=$1
  if (( code != PASSED && code != FAILED )); then code=$NOT_JUDGED; fi
  if (( code > worst )); then worst=$code; fi
}

stop() { say "$1"; note $NOT_JUDGED; finish; }

clean_up() {
  if [[ -n "$base_tree" ]]; then git worktree remove --force "$base_tree" >/dev/null 2>&1 || true; fi
  if [[ -n "$work" ]]; then rm -rf "$work"; git worktree prune >/dev/null 2>&1 || true; fi
}
trap clean_up EXIT

# Names come from the templates of the change, so nothing in this text may be taken for a command of the runner.
show() {
  if [[ "${GITHUB_ACTIONS:-}" != true ]]; then cat -- "$1"; return; fi
  local token
  token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '::stop-commands::%s\n' "$token"
  cat -- "$1"
  printf '\n::%s::\n' "$token"
}

# Cuts a text that is too long for a comment at the end of a line.
fit() {
  LC_ALL=C awk -v most="$LARGEST_COMMENT" '
    { size += length($0) + 1
      if (size > most) {
        if (folded) print "\n</details>"
        print "\n*The rest is in the reports of this run.*"
        exit
      }
      if ($0 ~ /^<details>/) folded = 1
      if ($0 ~ /^<\/details>/) folded = 0
      print }' "$1"
}

finish() {
  local word="nothing fails"
  case $worst in
    "$FAILED") word="something fails" ;;
    "$NOT_JUDGED") word="something could not be judged, so nothing is known of it" ;;
  esac
  mkdir -p "$reports"
  if [[ -n "$made" ]]; then cp -R -- "$made/." "$reports/"; fi
  {
    printf '## nexis: %s\n\n' "$word"
    local line
    for line in "${said[@]+"${said[@]}"}"; do printf -- '- %s\n' "$line"; done
    for line in changes.md findings.md; do
      if [[ -s "$reports/$line" ]]; then printf '\n'; cat -- "$reports/$line"; fi
    done
  } > "$reports/whole.md"
  fit "$reports/whole.md" > "$reports/comment.md"
  rm -f "$reports/whole.md"
  if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then cat -- "$reports/comment.md" >> "$GITHUB_STEP_SUMMARY"; fi
  if [[ -n "${GITHUB_OUTPUT:-}" ]]; then
    local result=passed
    case $worst in "$FAILED") result=failed ;; "$NOT_JUDGED") result=not-judged ;; esac
    printf 'result=%s\n' "$result" >> "$GITHUB_OUTPUT"
  fi
  printf 'nexis: %s (exit code %d)\n' "$word" "$worst"
  if [[ "${GITHUB_ACTIONS:-}" == true && $worst -eq $NOT_JUDGED ]]; then
    printf '::error title=nexis could not judge::%s\n' "See the lines of this step that name the file and the reason."
  fi
  exit "$worst"
}

nothing_in() { printf '{"Resources": {}}\n' > "$1"; }

is_true() {
  case "${2:-false}" in
    true) return 0 ;;
    false) return 1 ;;
    *) stop "$1 is '$2', expected true or false" ;;
  esac
}

exists_in_base() { [[ -n "$base_tree" ]] && { [[ -e "$base_tree/$prefix$1" ]] || [[ -L "$base_tree/$prefix$1" ]]; }; }

# Finds the commit that the change starts from, and prints nothing if there is none to compare with.
find_base() {
  local wanted="${NEXIS_BASE:-}" commit nearest
  if [[ -z "$wanted" ]]; then
    # GitHub checks out the merge of a pull request: its first parent is exactly what the change would be merged into.
    if [[ "${GITHUB_REF:-}" =~ ^refs/pull/[0-9]+/merge$ && "$(git rev-parse HEAD)" == "${GITHUB_SHA:-}" ]] &&
      git rev-parse --verify --quiet 'HEAD^2' >/dev/null && git rev-parse --verify --quiet 'HEAD^1^{commit}'; then
      return 0
    fi
    wanted="${NEXIS_EVENT_BASE:-}"
  fi
  if [[ -z "$wanted" || "$wanted" =~ ^0+$ ]]; then return 0; fi
  if [[ "$wanted" == -* ]]; then return 1; fi
  if ! commit="$(git rev-parse --verify --quiet "$wanted^{commit}")"; then
    git fetch --quiet --no-tags --depth=1 origin "$wanted" >&2 || return 1
    commit="$(git rev-parse --verify --quiet 'FETCH_HEAD^{commit}')" || return 1
  fi
  # What was merged into the base meanwhile is no part of the change. In a shallow clone that cannot be told apart.
  nearest="$(git merge-base "$commit" HEAD 2>/dev/null)" || nearest="$commit"
  printf '%s\n' "$nearest"
}

# --- what is asked ---------------------------------------------------------------------------------------------------

case "$fail_on" in weaker | findings) ;; *) stop "fail-on is '$fail_on', expected weaker or findings" ;; esac
if is_true strict-parameters "${NEXIS_STRICT_PARAMETERS:-}"; then strict=(--strict-parameters); else strict=(); fi
if is_true baseline-may-grow "${NEXIS_BASELINE_MAY_GROW:-}"; then may_grow=true; else may_grow=false; fi

paths=()
while IFS= read -r line || [[ -n "$line" ]]; do
  line="${line%$'\r'}"
  line="${line#"${line%%[![:space:]]*}"}"
  line="${line%"${line##*[![:space:]]}"}"
  while [[ "$line" == ./* ]]; do line="${line#./}"; done
  while [[ "$line" == */ && "$line" != / ]]; do line="${line%/}"; done
  if [[ -n "$line" ]]; then paths+=("${line//\/\//\/}"); fi
done <<< "${NEXIS_PATHS:-}"
if (( ${#paths[@]} == 0 )); then stop "no path is named; expected templates, folders of them or a cdk.out"; fi
for path in "${paths[@]}" "${baseline:-.}"; do
  case "/$path/" in
    //* | */../*) stop "the path '$path' leads out of the repository; name one inside, as seen from its folder" ;;
  esac
done

mkdir -p "$reports"
rm -f "$reports"/findings.* "$reports"/changes.* "$reports"/annotations.txt "$reports"/codequality.json \
  "$reports"/comment.md
prefix="$(git rev-parse --show-prefix)" || stop "this is no git repository; check it out first"
work="$(mktemp -d)"
made="$work/made"   # the reports, until all is read: their own folder may lie in what is judged and compared
mkdir "$made"

if [[ -n "${NEXIS_SYNTH:-}" ]]; then
  code=0
  bash -euo pipefail -c "$NEXIS_SYNTH" || code=$?
  if (( code != 0 )); then stop "the synth command ended with $code, so there is nothing to judge"; fi
fi

# --- the base --------------------------------------------------------------------------------------------------------

compared=true
trouble=""
if ! base="$(find_base)"; then
  trouble="the base '${NEXIS_BASE:-${NEXIS_EVENT_BASE:-}}' is not in this clone; check out with fetch-depth: 0"
elif [[ -z "$base" ]]; then
  compared=false
  say "there is no base to compare with, so nothing is compared"
elif ! git -c core.hooksPath=/dev/null worktree add --quiet --detach "$work/base" "$base"; then
  trouble="the base $base cannot be checked out beside this change"
else
  base_tree="$work/base"
  if [[ -n "${NEXIS_SYNTH:-}" ]]; then
    code=0
    (cd -- "$base_tree/$prefix" && bash -euo pipefail -c "$NEXIS_SYNTH") || code=$?
    if (( code != 0 )); then trouble="the synth command ended with $code for the base $base"; fi
  fi
fi

# --- the findings ----------------------------------------------------------------------------------------------------

judged=()
for path in "${paths[@]}"; do
  if [[ ! -e "$path" && ! -L "$path" && -z "${NEXIS_SYNTH:-}" ]] && exists_in_base "$path"; then
    say "'$path' is deleted by this change, so it is compared and not judged"
  else
    judged+=("$path")
  fi
done

if (( ${#judged[@]} == 0 )); then  # what is recorded of them is still looked at
  nothing_in "$work/empty.json"
  judged=("$work/empty.json")
fi

options=()
if [[ -n "${NEXIS_WAIVERS:-}" ]]; then options+=("--waivers=$NEXIS_WAIVERS"); fi
if [[ -n "${NEXIS_PARAMETERS:-}" ]]; then options+=("--parameters=$NEXIS_PARAMETERS"); fi
if [[ -n "${NEXIS_SCOPE:-}" ]]; then options+=("--scope=$NEXIS_SCOPE"); fi
options+=("${strict[@]+"${strict[@]}"}")

code=0
"$nexis" check "${options[@]+"${options[@]}"}" ${baseline:+"--baseline=$baseline"} --format text \
  --output "$made/findings.txt" \
  --also "github=$made/annotations.txt" --also "markdown=$made/findings.md" \
  --also "sarif=$made/findings.sarif" --also "json=$made/findings.json" \
  --also "junit=$made/findings.xml" --also "gitlab=$made/codequality.json" \
  -- "${judged[@]}" 2> "$work/trouble.txt" || code=$?
if [[ -s "$work/trouble.txt" ]]; then show "$work/trouble.txt"; fi
if [[ -s "$made/findings.txt" ]]; then show "$made/findings.txt"; fi
if [[ "${GITHUB_ACTIONS:-}" == true && -s "$made/annotations.txt" ]]; then cat -- "$made/annotations.txt"; fi
note "$code"
case $code in
  "$PASSED") ;;
  "$FAILED") say "the check has findings" ;;
  *) say "the check could not judge everything (\`nexis check\` ended with $code)" ;;
esac

# --- the baseline file -----------------------------------------------------------------------------------------------

if [[ -n "$baseline" && -n "$base_tree" ]]; then
  if ! exists_in_base "$baseline"; then
    say "'$baseline' is new: the findings in it are known from now on, so read it before you agree"
  else
    code=0
    "$nexis" baseline "--file=$baseline" "--compare-with=$base_tree/$prefix$baseline" > "$work/grown.txt" 2>&1 || code=$?
    show "$work/grown.txt"
    if (( code == FAILED )) && [[ "$may_grow" == true ]]; then
      say "'$baseline' has more entries than before, and this run allows it (baseline-may-grow)"
    elif (( code == FAILED )); then
      note $FAILED
      say "'$baseline' has more entries than before; it may only shrink"
    elif (( code != PASSED )); then
      note $NOT_JUDGED
      say "'$baseline' cannot be compared with the one of the base (\`nexis baseline\` ended with $code)"
    fi
  fi
fi

# --- what gets weaker ------------------------------------------------------------------------------------------------

# Puts the named paths of one side into a folder, as links: what the side has not is not there.
gather() {
  local from="$1" into="$2" path other covered
  mkdir "$into"
  for path in "${paths[@]}"; do
    covered=false  # by a folder that is named as well
    for other in "${paths[@]}"; do
      if [[ "$path" == "$other"/* ]]; then covered=true; fi
    done
    if [[ "$covered" == true || ! ( -e "$from/$path" || -L "$from/$path" ) || -L "$into/$path" ]]; then continue; fi
    mkdir -p "$into/$(dirname -- "./$path")"
    ln -s "$from/$path" "$into/$path"
  done
}

weaker() {
  "$nexis" diff "${options[@]+"${options[@]}"}" --format "$1" --output "$made/changes.$1" -- \
    "$work/before" "$work/after"
}

if [[ -n "$base_tree" && -z "$trouble" ]]; then
  code=0
  if [[ " ${paths[*]} " == *" . "* ]]; then paths=(.); fi
  if [[ "${paths[0]}" == . ]]; then
    ln -s "$base_tree/$prefix." "$work/before"
    ln -s "$PWD" "$work/after"
  else
    gather "$base_tree/${prefix%/}" "$work/before"
    gather "$PWD" "$work/after"
  fi
  for format in json text markdown; do
    again=0
    weaker "$format" 2> "$work/trouble.txt" || again=$?
    if (( again > code )); then code=$again; fi
  done
  if (( code != PASSED && code != FAILED )); then show "$work/trouble.txt"; fi
  if [[ -s "$made/changes.text" ]]; then
    mv -- "$made/changes.text" "$made/changes.txt"
    show "$made/changes.txt"
  fi
  if [[ -s "$made/changes.markdown" ]]; then mv -- "$made/changes.markdown" "$made/changes.md"; fi
  case $code in
    "$PASSED") ;;
    "$FAILED")
      say "the change makes something weaker"
      if [[ "$fail_on" == weaker ]]; then
        note $FAILED
      elif ! grep -Eq '"fatal": *0[,}]' "$made/changes.json"; then
        say "some of that is fatal, and nobody can agree to it"
        note $FAILED
      fi
      ;;
    *) trouble="the change cannot be compared with its base (\`nexis diff\` ended with $code)" ;;
  esac
fi
if [[ -n "$trouble" ]]; then
  say "$trouble"
  if [[ "$fail_on" == weaker ]]; then note $NOT_JUDGED; fi
elif [[ "$compared" == true ]]; then
  say "compared with $base"
fi

finish
