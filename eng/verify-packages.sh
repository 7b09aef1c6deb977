#!/usr/bin/env bash
# Packs every package into artifacts/packages and checks that a stranger could use it: licence, README, description, authors, tags,
# the assembly and its XML documentation, and dependencies that name the sibling packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=artifacts/packages
rm -rf "$packages"
faults=0

fault() {
    printf '%s: %s\n' "$1" "$2"
    faults=$((faults + 1))
}

for project in src/*/*.??proj; do
    dotnet pack "$project" --configuration Release --output "$packages" -maxcpucount:1 --verbosity quiet
done

for project in src/*/*.??proj; do
    id="$(basename "${project%.*}")"
    package="$(find "$packages" -name "$id.[0-9]*.nupkg" | head -n 1)"
    if [[ -z "$package" ]]; then
        fault "$id" "no package was made"
        continue
    fi

    # The manifest that the package was made from; it lists the package's files too.
    nuspec="$(cat "$(dirname "$project")/obj/Release/$(basename "$package" .nupkg).nuspec")"
    for target in /README.md "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
        grep -qF "target=\"$target\"" <<<"$nuspec" || fault "$id" "the package lacks $target"
    done
    readme="$(dirname "$project")/README.md"
    [[ -f "$readme" ]] || readme=eng/package/README.md
    if grep -oE '\]\([^)]*' "$readme" | grep -qvE '\]\(https?:'; then
        fault "$id" "its README has a link that leads nowhere outside the repository"
    fi
    for element in '<license type="expression">MIT</license>' '<readme>README.md</readme>' '<authors>The Mvx.Sink authors</authors>' '<tags>'; do
        grep -qF "$element" <<<"$nuspec" || fault "$id" "the nuspec lacks $element"
    done
    grep -qE '<description>.{40,}' <<<"$nuspec" || fault "$id" "the nuspec has no description worth the name"
    for sibling in $(grep -oE 'ProjectReference Include="[^"]*' "$project" | sed 's/.*[\\/]//; s/\.[a-z]*proj$//'); do
        grep -qF "<dependency id=\"$sibling\"" <<<"$nuspec" || fault "$id" "the nuspec does not depend on $sibling"
    done
    documented="$(grep -c '<member ' "$(dirname "$project")/bin/Release/net10.0/$id.xml" || true)"
    ((documented > 0)) || fault "$id" "no member is documented"
    printf '%s: %d documented members\n' "$(basename "$package")" "$documented"
done

((faults == 0))
