import { begin, filesTree, madeAgain, privately } from './scripts.ts';

/*
 * Commits and merges, made in an open workspace. What git keeps for checkpoints is used, and stays as it is; what the
 * repository's attributes say of line endings and encodings holds here alone, for its commits are to look like any other's.
 * Filters and merge drivers need a configuration, and there is none but ours.
 */

/** Where a mirror stands that has commits which the workspace's own may lack. */
export const latestTarget = '/latest';

/*
 * `take_history` brings commits of the repository from the other mirror, then the packs that come as the input.
 */
const takeHistory = `
take_history() {
  if [ -n "$imports" ] && [ -d ${latestTarget}/objects ]; then
    { printf '%s\\n' $imports; [ -z "$base" ] || echo "^$base"; } > /private/imports
    GIT_ALTERNATE_OBJECT_DIRECTORIES=${latestTarget}/objects git pack-objects -q --revs --stdout < /private/imports |
      git index-pack --stdin > /private/said
  fi
  for size; do head -c "$size" | git index-pack --stdin --fix-thin > /private/said; done
  for parent in $parents; do git cat-file -e "$parent^{commit}" 2> /private/said || exit 6; done
}
`;

/*
 * `clean_tree` sets `tree` to what a commit of the files would hold. Left out: what .gitignore files name, unless the first
 * parent has it; what lies where that has a submodule. Files that are as they were checked out stay as the base has them, and
 * others are brought to the form in which the repository keeps them. Only what git wrote itself is read for that.
 */
const cleanTree = `
plainly() {
  mkdir -p /private/plain/info /private/plain/refs /private/plain/objects
  echo 'ref: refs/heads/main' > /private/plain/HEAD
  printf '[core]\\nrepositoryformatversion = 0\\nbare = true\\n' > /private/plain/config
  echo '* !filter !merge !diff' > /private/plain/info/attributes
  export GIT_OBJECT_DIRECTORY=/private/git/objects GIT_DIR=/private/plain
}
leave_ignored() {
  git diff-tree -r -z --name-only --no-renames --diff-filter=A "$1" "$2" > /private/added
  [ -s /private/added ] || return 0
  rm -rf /private/scratch
  mkdir /private/scratch
  git ls-files -z | { grep -zE '(^|/)\\.gitignore$' || true; } |
    git checkout-index -q -f -z --stdin --prefix=/private/scratch/
  # A name may begin like a pattern; this command knows no other way to take it as it is.
  sed -z 's|^|./|' < /private/added > /private/asked
  (export GIT_WORK_TREE=/private/scratch GIT_INDEX_FILE=/private/no.index GIT_LITERAL_PATHSPECS=0
    cd /private/scratch
    git check-ignore --no-index -z --stdin < /private/asked > /private/left) || [ $? = 1 ]
  sed -z 's|^[.]/||' < /private/left | git update-index --force-remove -z --stdin
}
keep_links() {
  git ls-tree -r -z "$1" | { grep -z '^160000 ' || true; } > /private/links
  [ -s /private/links ] || return 0
  xargs -0 -n 1 sh -c 'at=\${1#*\t}; [ ! -d "./$at" ] || [ -L "./$at" ] || printf "%s\\0" "$1"' sh \\
    < /private/links > /private/kept-links
  sed -z 's/^[^\t]*\t//' < /private/kept-links | xargs -0 -r -n 1 git rm -r -q -f --cached --ignore-unmatch --
  git update-index --replace -z --index-info < /private/kept-links
}
convert() {
  now=$(git write-tree)
  git diff-tree -r -z --name-only --no-renames --diff-filter=AMT --ignore-submodules=all "$1" "$now" > /private/changed
  git diff-tree -r -z --name-only --no-renames --diff-filter=D --ignore-submodules=all "$1" "$now" > /private/gone
  git ls-files -s -z | { grep -z '^160000 ' || true; } > /private/links
  rm -rf /private/scratch
  mkdir /private/scratch
  { cat /private/changed; git ls-files -z | grep -zE '(^|/)\\.gitattributes$' || true; } |
    git checkout-index -q -f -z --stdin --prefix=/private/scratch/
  plainly
  export GIT_INDEX_FILE=/private/clean.index GIT_WORK_TREE=/private/scratch
  cd /private/scratch
  rm -f "$GIT_INDEX_FILE"
  git read-tree "$base"
  git ls-tree -r -z "$base" | { grep -z '^160000 ' || true; } | sed -z 's/^[^\t]*\t//' |
    git update-index --force-remove -z --stdin
  git update-index --force-remove -z --stdin < /private/gone
  # A file may say that it has an encoding which it has not; that one stays as it is.
  git update-index --add --replace -z --stdin < /private/changed 2> /private/said ||
    xargs -0 -r -n 1 sh -c 'git update-index --add --replace -- "$1" 2> /private/said ||
      GIT_DIR=/private/git git update-index --add --replace -- "$1"' sh < /private/changed
  git update-index --replace -z --index-info < /private/links
  cd /workspace
}
clean_tree() {
  look_around
  raw=$(files_tree)
  unlock
  export GIT_INDEX_FILE=/private/branch.index
  rm -f "$GIT_INDEX_FILE"
  git read-tree "$raw"
  leave_ignored "$1" "$raw"
  keep_links "$1"
  if [ -n "$converts" ]; then
    tree=$(convert "$2"; git write-tree)
  else
    tree=$(git write-tree)
  fi
}
`;

/* Sets `merged` to the tree of a merge, with markers where it conflicts, and leaves the names of those files. */
const mergeTrees = `
merge_trees() {
  git merge-tree --write-tree -z --name-only --no-messages --allow-unrelated-histories "$1" "$2" > /private/merged ||
    [ $? = 1 ]
  merged=$(head -c 40 /private/merged)
}
`;

/* Sets `before` to the first parent's tree, and `tree` to what a commit on these parents would hold. */
const treeOnParents = `
first=\${parents%% *} second=\${parents#* }
if [ -n "$first" ]; then before=$(git rev-parse "$first^{tree}"); else before=$(git mktree < /dev/null); fi
had=$before
if [ "$second" != "$first" ]; then
  merge_trees "$first" "$second"
  had=$merged
fi
clean_tree "$had" "$checked_out"
`;

/**
 * Makes a commit of the files as they are. Arguments: the letter of the last stamp, the base's commit or nothing, the tree
 * of the files as they were checked out, anything if that is not the base's, the parents, commits to bring from the other
 * mirror, commits that are known where this one goes, message, name and address of author and committer, date, then the size
 * of each pack that comes as the input. Prints `same`, or the commit; then the list of changes, a null byte, and the pack.
 * Ends with 6 when a parent is not there, with 8 for files that git refuses as harmful.
 */
export const commitScript = `${begin}
stamp=/private/stamp.$1 modes=/private/modes
base=$2 checked_out=$3 converts=$4 parents=$5 imports=$6 known=$7 message=$8
export GIT_AUTHOR_NAME="$9" GIT_AUTHOR_EMAIL="\${10}" GIT_COMMITTER_NAME="\${11}" GIT_COMMITTER_EMAIL="\${12}"
export GIT_AUTHOR_DATE="\${13}" GIT_COMMITTER_DATE="\${13}"
shift 13
${privately}${filesTree}${takeHistory}${mergeTrees}${cleanTree}
take_history "$@"
${treeOnParents}
if [ "$tree" = "$before" ] && { [ "$second" = "$first" ] || git merge-base --is-ancestor "$second" "$first"; }; then
  echo same
  exit 0
fi
commit=$(printf '%s\\n' "$message" |
  git commit-tree "$tree" $(for parent in $parents; do printf -- '-p %s ' "$parent"; done))
{ echo "$commit"; for each in $known; do echo "^$each"; done; } |
  git pack-objects -q --stdout --thin --delta-base-offset --revs > /private/commit.pack
# What forges would refuse is better known now than at the push.
mkdir -p /private/checked/info
echo /private/git/objects > /private/checked/info/alternates
GIT_OBJECT_DIRECTORY=/private/checked git index-pack --strict --stdin --fix-thin \\
  < /private/commit.pack > /private/said 2>&1 || { cat /private/said >&2; exit 8; }
rm -rf /private/checked
printf '%s\\n' "$commit"
git diff-tree -r -z --raw --numstat --no-renames --no-ext-diff --no-textconv "$before" "$tree"
printf '\\0'
cat /private/commit.pack
`;

const linksOf = `
links_of() {
  git ls-tree -r -z "$1" | { grep -z '^160000 ' || true; } | sed -z 's/^[^\t]*\t//' | sort -z
}
`;

const installed = madeAgain.map((name) => `-o -name '${name.slice(0, -1)}'`).join(' ');

/**
 * Takes away what a commit would not hold: files that it leaves out, empty directories, and modes that keep programs from
 * what they are to read. Arguments: as for a commit up to the commits to bring, then the size of each pack that comes as the
 * input.
 */
export const stripScript = `${begin}
stamp=/private/stamp.$1 modes=/private/modes
base=$2 checked_out=$3 converts=$4 parents=$5 imports=$6
shift 6
${privately}${filesTree}${takeHistory}${mergeTrees}${cleanTree}${linksOf}
take_history "$@"
${treeOnParents}
find . \\( -path ./.git -o -name node_modules \\) -prune -o -type d ! -perm -700 -exec chmod u+rwx {} \\; -o \\
  -type f ! -perm -600 -exec chmod u+rw {} +
git diff-tree -r -z --name-only --no-renames --diff-filter=D --ignore-submodules=all "$raw" "$tree" |
  xargs -0 -r rm -f --
links_of "$tree" > /private/links
find . -mindepth 1 \\( -path ./.git ${installed} \\) -prune -o -type d -empty -printf '%P\\0' | sort -z |
  comm -z -23 - /private/links | xargs -0 -r rmdir -p --ignore-fail-on-non-empty -- 2> /private/said || true
xargs -0 -r mkdir -p -- < /private/links
`;

/*
 * Directories are opened for writing where they have to be: programs may have closed them.
 */
const putFiles = `
put_files() {
  find . -path ./.git -prune -o -type d ! -perm -700 -exec chmod u+rwx {} \\;
  xargs -0 -r rm -f -- < /private/gone
  xargs -0 -r dirname -z -- < /private/gone | sort -z -u | { grep -zvx '[.]' || true; } |
    xargs -0 -r rmdir -p --ignore-fail-on-non-empty -- 2> /private/said || true
  links_of "$1" > /private/links.before
  links_of "$2" > /private/links.after
  comm -z -23 /private/links.before /private/links.after | xargs -0 -r rm -rf --
  (
    [ -z "$converts" ] || plainly
    export GIT_INDEX_FILE=/private/merge.index
    rm -f "$GIT_INDEX_FILE"
    git read-tree "$2"
    { grep -zE '(^|/)\\.gitattributes$' /private/changed || true; } | git checkout-index -q -f -z --stdin
    git checkout-index -q -f -z --stdin < /private/changed
  )
  xargs -0 -r mkdir -p -- < /private/links.after 2> /private/said || true
  GIT_INDEX_FILE=/private/git/index git update-index --add --replace -z --stdin < /private/changed
}
`;

/**
 * Brings the files to a merge. Arguments: as for a commit up to the commits to bring, then the size of each pack that comes
 * as the input. Prints `same` or `changed`, then the names of the files in conflict, a null byte after each.
 */
export const mergeScript = `${begin}
stamp=/private/stamp.$1 modes=/private/modes
base=$2 checked_out=$3 converts=$4 parents=$5 imports=$6
shift 6
${privately}${filesTree}${takeHistory}${mergeTrees}${cleanTree}${linksOf}${putFiles}
take_history "$@"
merge_trees "\${parents% *}" "\${parents#* }"
clean_tree "$(git rev-parse "\${parents% *}^{tree}")" "$checked_out"
changes() { git diff-tree -r -z --name-only --no-renames --ignore-submodules=all "$@"; }
changes --diff-filter=AMT "$tree" "$merged" > /private/changed
changes --diff-filter=D "$tree" "$merged" > /private/gone
if [ "$tree" = "$merged" ]; then
  echo same
else
  put_files "$tree" "$merged"
  echo changed
fi
tail -c +42 /private/merged
`;
