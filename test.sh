#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the formatting, runs all tests of the solution, and packs and
# inspects the packages. The last line is "N passed, N failed, N skipped". Exit code 0 means that all of it is well.
#
#   ./test.sh --all                    also runs the tests marked slow: the verification kit's whole table of rules and faulty
#                                      sinks, and many seeds over good ones; some fifteen minutes more
#   CONFIGURATION=Release ./test.sh    tests the optimised build, without the debug assertions (default: Debug)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration="${CONFIGURATION:-Debug}"
filter=(--filter "Category!=Slow")
[[ "${1:-}" != --all ]] || filter=()
solution=Mvx.Sink.sln
results="$PWD/artifacts/test-results"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDTERMINALLOGGER=off
broken=()

# A step that fails is named at the end; those after it still run, so that one run shows everything that is wrong.
step() {
    local name="$1" since=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        printf '== %s: done in %d s\n' "$name" $((SECONDS - since))
    else
        printf '== %s: FAILED (exit code %d)\n' "$name" $?
        broken+=("$name")
    fi
}

# Without these two there is nothing to test.
need() {
    step "$@"
    if ((${#broken[@]} > 0)); then
        printf '\n%s failed, so nothing was tested.\n0 passed, 1 failed, 0 skipped\n' "${broken[0]}"
        exit 1
    fi
}

restore() {
    dotnet tool restore && dotnet restore "$solution"
}

test_projects() {
    dotnet sln "$solution" list | tr '\\' '/' | tr -d '\r' | grep -E '^tests/.*\.(cs|fs)proj$'
}

# Sums the outcomes of all tests in all result files.
count_outcomes() {
    local outcomes
    outcomes="$(cat "$results"/*.trx 2>/dev/null | grep -o '<UnitTestResult [^>]*>' | grep -o ' outcome="[A-Za-z]*"' || true)"
    passed="$(grep -c '"Passed"' <<<"$outcomes" || true)"
    skipped="$(grep -c '"NotExecuted"' <<<"$outcomes" || true)"
    failed="$(grep -c '"' <<<"$outcomes" || true)"
    failed=$((failed - passed - skipped))
}

# The failed tests of all result files, each with the first line of what it said: whoever sees only the end of a run's output
# still learns which they were.
list_failures() {
    cat "$results"/*.trx 2>/dev/null | tr -d '\r' | awk '
        /<UnitTestResult / {
            failed = /outcome="Failed"/
            name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name)
            if (failed) printf "FAILED: %s\n", name
        }
        failed && sub(/.*<Message>/, "") { sub(/<\/Message>.*/, ""); print "        " substr($0, 1, 300); failed = 0 }
    ' | sed -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#x[AD];/ /g; s/&amp;/\&/g' || true
}

need "restore" restore
need "build ($configuration, warnings are errors)" \
    dotnet build "$solution" --no-restore --configuration "$configuration" -maxcpucount:1 -warnaserror --verbosity quiet
step "format: whitespace" dotnet format whitespace "$solution" --no-restore --verify-no-changes
step "format: style" dotnet format style "$solution" --no-restore --verify-no-changes
step "format: F#" dotnet fantomas --check src tests

rm -rf "$results"
crashed=0
projects="$(test_projects || true)"
[[ -n "$projects" ]] || broken+=("no test project was found")
for project in $projects; do
    name="$(basename "${project%.*}")"
    before=${#broken[@]}
    step "test: $name" dotnet test "$project" --no-build --configuration "$configuration" "${filter[@]}" \
        --logger "console;verbosity=minimal" --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
        --blame-hang-timeout 5min --blame-hang-dump-type none
    # A test host that died or found no test leaves no failed test behind: that counts as one.
    if ! grep -qs '<UnitTestResult ' "$results/$name.trx"; then
        broken+=("test: $name ran no test")
        crashed=$((crashed + 1))
    elif ((${#broken[@]} > before)) && ! grep -qs '<UnitTestResult [^>]* outcome="Failed"' "$results/$name.trx"; then
        crashed=$((crashed + 1))
    fi
done

step "packages" eng/verify-packages.sh

count_outcomes
failed=$((failed + crashed))
printf '\n'
((${#filter[@]} == 0)) || printf 'Not run: the tests marked slow (the verification kit at length); ./test.sh --all runs them too.\n'
((${#broken[@]} == 0)) || printf 'FAILED: %s\n' "${broken[@]}"
list_failures
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
((${#broken[@]} == 0 && failed == 0 && passed > 0))
