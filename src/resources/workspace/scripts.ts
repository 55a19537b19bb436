/**
 * What Gantry runs in a sandbox beside the run's own programs. All git here works in `/private/git`, which the run's
 * programs never see: its configuration, attributes and index are ours, whatever the repository's own say. Files are kept
 * byte by byte, without filters or line endings.
 */

/** Where the mirror stands in a sandbox: layers name this place, so it is the same for all of them. */
export const mirrorTarget = '/repository';

/** The name of the directory that is kept for these scripts. */
export const privateName = 'checkpoints';

const settings: Readonly<Record<string, string>> = {
  'safe.directory': '*',
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.splitIndex': 'false',
  'core.autocrlf': 'false',
  'core.protectNTFS': 'false',
  'core.protectHFS': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.bigFileThreshold': '32m',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'protocol.allow': 'never',
  'pack.threads': '1',
  'advice.addEmbeddedRepo': 'false',
  'init.defaultBranch': 'main',
  'fetch.fsckObjects': 'true',
  'diff.external': '',
};

/** The environment of these scripts. Times are fixed, so that the same files give the same commit on any machine. */
export const scriptEnvironment: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_AUTHOR_NAME: 'Gantry',
  GIT_AUTHOR_EMAIL: 'gantry@localhost',
  GIT_AUTHOR_DATE: '2000-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Gantry',
  GIT_COMMITTER_EMAIL: 'gantry@localhost',
  GIT_COMMITTER_DATE: '2000-01-01T00:00:00Z',
  GIT_CONFIG_COUNT: String(Object.keys(settings).length),
  ...Object.fromEntries(
    Object.entries(settings).flatMap(([name, value], n) => [
      [`GIT_CONFIG_KEY_${n}`, name],
      [`GIT_CONFIG_VALUE_${n}`, value],
    ]),
  ),
};

/* Directories that are made again from lockfiles, or by running; files in them count only if the repository has them. */
const madeAgain = [
  'node_modules/',
  '.venv/',
  'venv/',
  '__pycache__/',
  '.pytest_cache/',
  '.mypy_cache/',
  '.ruff_cache/',
  '.tox/',
  '.gradle/',
  '.gantry/',
  '*.egg-info/',
];

/** What git can't hold at all, then what it shouldn't. */
const excludes = ['.[gG][iI][tT]', ...madeAgain].join('\\n');

const begin = `set -eu
umask 022
cd /workspace
`;

const privately = `export GIT_DIR=/private/git GIT_WORK_TREE=/workspace
`;

/* Prints the tree of all files. Looks at those first that nobody may read, and gives their modes back. */
const filesTree = `
list_modes() {
  : > /private/locked
  find . -mindepth 1 -path ./.git -prune -o -name node_modules -prune -o \\( \\
    \\( -type d ! -perm -500 -o -type f ! -perm -400 \\) -fprintf /private/locked '%m\\0./%P\\0' -exec chmod u+rX {} \\; , \\
    \\( -type d \\( ! -perm 755 -o -empty \\) -o -type f ! -perm 644 ! -perm 755 \\) -printf '%y\\0%m\\0./%P\\0' \\) > /private/modes
}
add_new() {
  git ls-files -z -o -X "$1" > /private/new
  [ -s /private/new ] || return 0
  { grep -zv '/$' /private/new || true; } | git update-index --add --replace -z --stdin
}
nested() {
  main=$GIT_INDEX_FILE
  export GIT_WORK_TREE="/workspace/$1" GIT_INDEX_FILE=/private/nested.index
  rm -f "$GIT_INDEX_FILE"
  cd "/workspace/$1" || { export GIT_WORK_TREE=/workspace GIT_INDEX_FILE=$main; return 0; }
  add_new /private/excludes
  inner=$(git write-tree)
  export GIT_WORK_TREE=/workspace GIT_INDEX_FILE=$main
  cd /workspace
  git rm -r -q -f --cached --ignore-unmatch -- "$1"
  git read-tree --prefix="$1" "$inner"
}
files_tree() {
  export GIT_INDEX_FILE=/private/git/index
  git add -u -- .
  { cat /private/always; for f in Cargo.toml pom.xml; do [ ! -e $f ] || echo /target/; done; git ls-files -z -- | grep -z -E '(^|/)(Cargo.toml|pom.xml)$' | tr '\\0\\n' '\\n?' \\
    | sed -n -e 's|[^/]*$|target/|' -e '/[][*?!\\\\]/!s|^|/|p'; } > /private/excludes
  add_new /private/excludes
  if grep -z '/$' /private/new > /private/repositories; then
    while IFS= read -r repository; do nested "$repository"; done <<END
$(tr '\\0\\n' '\\n?' < /private/repositories)
END
  fi
  git write-tree
}
`;

/* Prints the tree of what is not files: the repository's own git directory, its index, modes, empty directories. */
const stateTree = `
state_tree() {
  {
    printf '100644 blob %s\\tmodes\\0' "$(git hash-object -w --no-filters /private/modes)"
    if [ -d .git ] && [ ! -L .git ]; then
      if GIT_INDEX_FILE=/workspace/.git/index git ls-files -s -z > /private/staged 2>/dev/null; then
        printf '100644 blob %s\\tindex\\0' "$(git hash-object -w --no-filters /private/staged)"
      fi
      printf '040000 tree %s\\tgit\\0' "$(
        export GIT_WORK_TREE=/workspace/.git GIT_INDEX_FILE=/private/git/own.index
        cd .git
        git add -u -- .
        add_new /private/own-excludes
        git write-tree)"
    fi
  } | git mktree -z
}
`;

/**
 * Makes the layer of a commit from the mirror. Arguments: commit, branch or nothing, address of `origin` or nothing.
 */
export const checkoutScript = `${begin}
git init -q --template= .
mkdir -p .git/info .git/objects/info
echo ${mirrorTarget}/objects > .git/objects/info/alternates
[ -z "$3" ] || git config remote.origin.url "$3"
git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
if [ -n "$2" ]; then
  git update-ref "refs/heads/$2" "$1"
  git symbolic-ref HEAD "refs/heads/$2"
else
  git update-ref --no-deref HEAD "$1"
fi
git reset -q --hard "$1"
: > .git/gantry
git ls-files -s | grep -q '^160000 ' && echo submodules >> .git/gantry
git grep -q -I -e 'filter=lfs' HEAD -- .gitattributes && echo lfs >> .git/gantry
[ -n "$(GIT_LITERAL_PATHSPECS=0 git ls-files -- '.gitattributes' '**/.gitattributes' | head -n 1)" ] && echo converts >> .git/gantry
rm -f .git/ORIG_HEAD
exit 0
`;

/**
 * Makes the layer of an uploaded bundle, which comes as the input. Arguments: ref or nothing. Nothing in it is believed:
 * git checks every object. Prints commit and branch.
 */
export const unbundleScript = `${begin}
cat > /private/upload
git init -q --template= .
git bundle list-heads /private/upload > /private/heads || { echo 'no bundle' >&2; exit 3; }
git bundle verify -q /private/upload 2>/private/said || { cat /private/said >&2; exit 3; }
GIT_ALLOW_PROTOCOL=file git -c protocol.file.allow=always fetch -q --no-tags --no-write-fetch-head /private/upload \\
  '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' '+HEAD:refs/gantry/head' 2>/private/said ||
  GIT_ALLOW_PROTOCOL=file git -c protocol.file.allow=always fetch -q --no-tags --no-write-fetch-head /private/upload \\
  '+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*' 2>/private/said || { cat /private/said >&2; exit 3; }
branch=
if [ -n "$1" ]; then
  for name in "refs/remotes/origin/$1" "refs/tags/$1" "$1"; do
    commit=$(git rev-parse -q --verify --end-of-options "$name^{commit}") && break
  done || commit=
  [ -n "$commit" ] || exit 4
  git rev-parse -q --verify "refs/remotes/origin/$1" > /dev/null && branch=$1
else
  commit=$(git rev-parse -q --verify 'refs/gantry/head^{commit}' ||
    git for-each-ref --count=1 --format='%(objectname)' refs/remotes/origin)
  [ -n "$commit" ] || exit 5
  branch=$(git for-each-ref --count=1 --points-at="$commit" --format='%(refname:lstrip=3)' refs/remotes/origin)
fi
git update-ref -d refs/gantry/head
if [ -n "$branch" ]; then
  git update-ref "refs/heads/$branch" "$commit"
  git symbolic-ref HEAD "refs/heads/$branch"
else
  git update-ref --no-deref HEAD "$commit"
fi
git reset -q --hard "$commit" || exit 3
rm -f .git/ORIG_HEAD
: > .git/gantry
git ls-files -s | grep -q '^160000 ' && echo submodules >> .git/gantry
git grep -q -I -e 'filter=lfs' HEAD -- .gitattributes && echo lfs >> .git/gantry
[ -n "$(GIT_LITERAL_PATHSPECS=0 git ls-files -- '.gitattributes' '**/.gitattributes' | head -n 1)" ] && echo converts >> .git/gantry
printf '%s %s\\n' "$commit" "$branch"
exit 0
`;

/**
 * Makes a workspace ready on its layers, and brings a checkpoint back. Arguments: base commit or nothing, checkpoint or
 * nothing, names to leave out, whether packages lie over the checkout, then the size of each pack that comes as the input, in
 * order. Prints the root, its tree and the tree of its state, then what there is to tell of the repository.
 */
export const openScript = `${begin}
base=$1 checkpoint=$2 ignore=$3 packages=$4
shift 4
if [ -z "$base" ] && [ ! -e .git ]; then
  git init -q --template= .
  : > .git/gantry
fi
git init -q --bare --template= /private/git
mkdir -p /private/git/info
echo '* -text -ident !eol !filter !working-tree-encoding' > /private/git/info/attributes
printf '${excludes}\\n' > /private/always
printf '%s\\n' "$ignore" >> /private/always
printf '/index\\n*.lock\\ntmp_*\\n.[gG][iI][tT]\\n' > /private/own-excludes
if [ -d ${mirrorTarget}/objects ]; then
  echo ${mirrorTarget}/objects > /private/git/objects/info/alternates
  if [ -n "$base" ] && [ -z "$checkpoint" ]; then
    git --git-dir=${mirrorTarget} for-each-ref \\
      --format='%(objectname) refs/remotes/origin/%(refname:lstrip=2)' refs/heads > .git/packed-refs
    git --git-dir=${mirrorTarget} for-each-ref --format='%(objectname) %(refname)' refs/tags >> .git/packed-refs
  fi
else
  cp -r .git/objects/. /private/git/objects/
  (cd .git && find objects -type f -printf '/%p\\n') >> /private/own-excludes
fi
${privately}${filesTree}${stateTree}
if [ -z "$base" ]; then
  root= tree=$(git mktree < /dev/null)
elif grep -q -e submodules -e converts .git/gantry; then
  list_modes
  tree=$(files_tree)
  root=$(git commit-tree "$tree" -p "$base" -m 'As checked out')
else
  root=$base tree=$(git rev-parse "$base^{tree}")
  if [ -n "$packages" ]; then GIT_INDEX_FILE=/private/git/index git read-tree "$base"
  else cp .git/index /private/git/index; fi
fi
if [ -n "$root" ]; then git update-ref refs/gantry/root "$root"; fi
cat .git/gantry > /private/told
for size; do head -c "$size" | git index-pack --stdin --fix-thin > /private/said; done
list_modes
if [ -n "$checkpoint" ]; then
  own=$(state_tree)
  state=$(git log -1 --format='%(trailers:key=Gantry-State,valueonly,separator=%x20)' "$checkpoint")
  export GIT_INDEX_FILE=/private/git/index
  git read-tree --reset -u "$checkpoint"
  git cat-file blob "$state:modes" > /private/modes
  xargs -0 -r -n 3 sh -c '[ "$0" != d ] || mkdir -p -- "$2"' < /private/modes
  xargs -0 -r -n 3 sh -c 'chmod "$1" -- "$2"' < /private/modes || true
  if git cat-file -e "$state:git" 2>/dev/null; then
    (export GIT_WORK_TREE=/workspace/.git GIT_INDEX_FILE=/private/git/own.index
     cd .git
     git read-tree --reset -u "$state:git"
     rm -f index)
    if git cat-file blob "$state:index" > /private/staged 2>/dev/null; then
      GIT_INDEX_FILE=/workspace/.git/index git update-index -z --index-info < /private/staged
      GIT_INDEX_FILE=/workspace/.git/index git update-index -q --refresh > /dev/null || true
    fi
  else
    rm -rf .git
  fi
  printf '%s %s %s %s\\n' "$root" "$(git rev-parse "$checkpoint^{tree}")" "$(git rev-parse "$state^{tree}")" "$state"
else
  printf '%s %s %s -\\n' "\${root:--}" "$tree" "$(state_tree)"
fi
cat /private/told
`;

/**
 * Keeps what was changed. Arguments: the commit before or nothing, its tree, the commit of its state or nothing, the tree
 * of that, the commit since which to bundle or nothing, the state since which or nothing, title. Prints `same`, or commit,
 * tree, state, the state's tree and the length of the list of changes; then that list and the bundle.
 */
export const checkpointScript = `${begin}
before=$1 before_tree=$2 before_state=$3 before_state_tree=$4 since=$5 since_state=$6 title=$7
${privately}${filesTree}${stateTree}
list_modes
tree=$(files_tree)
state_tree=$(state_tree)
if [ -s /private/locked ]; then xargs -0 -r -n 2 chmod < /private/locked || true; fi
if [ "$tree" = "$before_tree" ] && [ "$state_tree" = "$before_state_tree" ]; then
  echo same
  exit 0
fi
state=$(git commit-tree "$state_tree" \${before_state:+-p "$before_state"} -m state)
commit=$(printf '%s\\n\\nGantry-State: %s\\n' "$title" "$state" | git commit-tree "$tree" \${before:+-p "$before"})
git diff-tree -r -z --raw --numstat --no-renames --no-ext-diff --no-textconv "$before_tree" "$tree" > /private/changes
printf 'update refs/gantry/files %s\\nupdate refs/gantry/state %s\\n' "$commit" "$state" | git update-ref --stdin
printf '%s %s %s %s %s\\n' "$commit" "$tree" "$state" "$state_tree" "$(wc -c < /private/changes)"
cat /private/changes
git bundle create -q - refs/gantry/files refs/gantry/state \${since:+"^$since"} \${since_state:+"^$since_state"}
`;

/** Prints the difference between a tree and the files as they are. Arguments: the tree. */
export const diffScript = `${begin}${privately}${filesTree}
list_modes
tree=$(files_tree)
if [ -s /private/locked ]; then xargs -0 -r -n 2 chmod < /private/locked || true; fi
git diff-tree -r -p --no-ext-diff --no-textconv --no-color --no-renames "$1" "$tree"
`;
