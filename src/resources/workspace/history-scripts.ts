import { mirrorTarget } from './scripts.ts';

/*
 * What is asked of commits alone, in a sandbox of its own in which no program of anybody has run: an empty git directory
 * that stands on the repository's objects, and the run's packs, of which git checks every object.
 */
const begin = `set -eu
umask 022
mkdir -p /private/git/objects/info /private/git/refs/heads
echo 'ref: refs/heads/main' > /private/git/HEAD
printf '[core]\\nrepositoryformatversion = 0\\nbare = true\\n' > /private/git/config
for place in ${mirrorTarget} /workspace/.git; do
  [ ! -d "$place/objects" ] || echo "$place/objects" >> /private/git/objects/info/alternates
done
export GIT_DIR=/private/git
cd /private
take_packs() {
  for size; do head -c "$size" | git index-pack --strict --stdin --fix-thin > /private/said 2>&1 || refuse; done
  for each in $commits; do git cat-file -e "$each^{commit}" 2> /private/said || exit 6; done
}
refuse() {
  cat /private/said >&2
  exit 8
}
`;

/** Prints the names of files in conflict, a null byte after each. Arguments: the two commits, then the sizes of packs. */
export const conflictsScript = `${begin}
commits="$1 $2"
one=$1 other=$2
shift 2
take_packs "$@"
git merge-tree --write-tree -z --name-only --no-messages --allow-unrelated-histories "$one" "$other" > /private/merged ||
  [ $? = 1 ]
tail -c +42 /private/merged
`;

/** Prints a unified diff. Arguments: the two commits, then the sizes of packs. */
export const compareScript = `${begin}
commits="$1 $2"
from=$1 to=$2
shift 2
take_packs "$@"
git diff-tree -r -p --no-ext-diff --no-textconv --no-color --no-renames "$from" "$to"
`;

/* Ends with 7 when a commit that is neither the repository's nor the run's leads to the head. */
const onlyOwn = `
only_own() {
  { echo "$head"; for root in $roots; do echo "^$root"; done; } > /private/range
  git rev-list --stdin < /private/range | sort > /private/between
  for each in $own; do echo "$each"; done | sort > /private/own
  [ -z "$(comm -23 /private/between /private/own)" ] || exit 7
  git rev-list --objects --stdin < /private/range > /private/objects 2> /private/said || refuse
}
`;

/**
 * Prints a git bundle. Arguments: the head, the branch, the repository's commits that it stands on, the run's commits, then
 * the sizes of packs.
 */
export const bundleScript = `${begin}${onlyOwn}
head=$1 branch=$2 roots=$3 own=$4
commits="$1 $3"
shift 4
take_packs "$@"
only_own
git update-ref "refs/heads/$branch" "$head"
git bundle create -q - "refs/heads/$branch" $(for root in $roots; do printf '^%s ' "$root"; done)
`;

/**
 * Prints the sizes of a pack and its index, then both. Arguments: the head, the most bytes of a pack, the repository's commits
 * that it stands on, the run's commits, then the sizes of packs. Ends with 9 for a pack that is larger.
 */
export const packScript = `${begin}${onlyOwn}
head=$1 most=$2 roots=$3 own=$4
commits="$1 $3"
shift 4
take_packs "$@"
only_own
git pack-objects -q --revs --stdout < /private/range > /private/one.pack
bytes=$(stat -c %s /private/one.pack)
[ "$bytes" -le "$most" ] || exit 9
git index-pack --strict -o /private/one.idx /private/one.pack > /private/said 2>&1 || refuse
printf '%s %s\\n' "$bytes" "$(stat -c %s /private/one.idx)"
cat /private/one.pack /private/one.idx
`;
