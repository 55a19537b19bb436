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
export const madeAgain = [
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

/* The mirror's branches as those of `origin`, and its tags. */
const remoteRefs =
  '%(objectname) %(if:equals=refs/heads)%(refname:rstrip=-2)%(then)refs/remotes/origin/%(refname:lstrip=2)%(else)%(refname)%(end)';

export const begin = `set -eu
umask 022
cd /workspace
`;

/* The private git directory is made when it is first needed. */
export const privately = `
make_git() {
  mkdir -p /private/git/objects/info /private/git/refs /private/git/info
  echo 'ref: refs/heads/main' > /private/git/HEAD
  printf '[core]\\nrepositoryformatversion = 0\\nbare = true\\n' > /private/git/config
  echo '* -text -ident !eol !filter !working-tree-encoding' > /private/git/info/attributes
  { printf '${excludes}\\n'; cat /private/ignored; } > /private/always
  printf '/index\\n*.lock\\ntmp_*\\n.[gG][iI][tT]\\n' > /private/own-excludes
  if [ -d ${mirrorTarget}/objects ]; then
    echo ${mirrorTarget}/objects > /private/git/objects/info/alternates
    [ ! -e /private/first/index ] || cp /private/first/index /private/git/index
  else
    cp -r .git/objects/. /private/git/objects/
    (cd .git && find objects -type f -printf '/%p\\n') >> /private/own-excludes
  fi
  : > /private/made
}
[ -e /private/made ] || make_git
export GIT_DIR=/private/git GIT_WORK_TREE=/workspace
`;

/*
 * `look_around` walks once: what stands in `.git`, nested repositories, build files since the stamp, files that nobody may
 * read (their modes are given back later), and modes that git does not keep. Times of change are the kernel's: no program
 * sets them back. `files_tree` prints the tree of all files.
 */
export const filesTree = `
look_around() {
  find . -mindepth 1 \\( -path ./.git -o -path './.git/*' \\) \\( -cnewer "$stamp" -fprintf /private/own x -o -true \\) -o \\
    -name .git -fprintf /private/nested x -prune -o -name node_modules -prune -o \\( \\
    \\( -name Cargo.toml -o -name pom.xml \\) -cnewer "$stamp" -fprintf /private/builds '%P\\0' , \\
    \\( -type d ! -perm -500 -o -type f ! -perm -400 \\) -fprintf /private/locked '%m\\0./%P\\0' -exec chmod u+rX {} \\; , \\
    \\( -type d \\( ! -perm 755 -o -empty \\) -o -type f ! -perm 644 ! -perm 755 \\) -printf './%P %y %m\\0' \\) > /private/odd
  if [ -s /private/odd ]; then sort -z -r /private/odd > "$modes"; else : > "$modes"; fi
}
unlock() {
  [ ! -s /private/locked ] || xargs -0 -r -n 2 chmod < /private/locked || true
}
add_new() {
  git ls-files -z -o -X "$1" > /private/new
  [ -s /private/new ] || return 0
  if [ -s /private/nested ]; then
    { grep -zv '/$' /private/new || true; } | git update-index --add --replace -z --stdin
  else
    git update-index --add --replace -z --stdin < /private/new
  fi
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
find_excludes() {
  { cat /private/always; for f in Cargo.toml pom.xml; do [ ! -e $f ] || echo /target/; done
    { cat /private/builds; git ls-files -z --; } | grep -z -E '(^|/)(Cargo.toml|pom.xml)$' | tr '\\0\\n' '\\n?' \\
    | sed -n -e 's|[^/]*$|target/|' -e '/[][*?!\\\\]/!s|^|/|p'; } > /private/excludes.new
  mv -f /private/excludes.new /private/excludes
}
files_tree() {
  export GIT_INDEX_FILE=/private/git/index
  git add -u -- .
  [ -e /private/excludes ] && [ ! -s /private/builds ] || find_excludes
  add_new /private/excludes
  if [ -s /private/nested ] && grep -z '/$' /private/new > /private/repositories; then
    while IFS= read -r repository; do nested "$repository"; done <<END
$(tr '\\0\\n' '\\n?' < /private/repositories)
END
  fi
  git write-tree
}
`;

/*
 * Prints the tree of what is not files: the repository's own git directory, its index, modes, empty directories.
 * Arguments: the git directory, the list of modes.
 */
const stateTree = `
state_tree() {
  {
    printf '100644 blob %s\\tmodes\\0' "$(git hash-object -w --no-filters "$2")"
    if [ -d "$1" ] && [ ! -L "$1" ]; then
      if [ -f "$1/index" ] && GIT_INDEX_FILE="$1/index" git ls-files -s -z > /private/staged 2>/dev/null; then
        printf '100644 blob %s\\tindex\\0' "$(git hash-object -w --no-filters /private/staged)"
      fi
      printf '040000 tree %s\\tgit\\0' "$(
        export GIT_WORK_TREE="$1" GIT_INDEX_FILE=/private/git/own.index
        cd "$1"
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
git rev-parse 'HEAD^{tree}' > .git/gantry-tree
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
 * order. Prints the root, its tree, the tree of its state (`-` where only a checkpoint has to know it) and the state, then
 * what there is to tell of the repository.
 */
export const openScript = `${begin}
base=$1 checkpoint=$2 ignore=$3 packages=$4
shift 4
if [ -z "$base" ] && [ ! -e .git ]; then
  git init -q --template= .
  : > .git/gantry
fi
printf '%s\\n' "$ignore" > /private/ignored
plain=
if [ -d ${mirrorTarget}/objects ] && [ -n "$base" ] && [ -z "$checkpoint" ]; then
  [ -n "$packages" ] || plain=yes
  git --git-dir=${mirrorTarget} for-each-ref --format='${remoteRefs}' refs/heads refs/tags > .git/packed-refs
fi
told=
converts=
while read -r word; do
  told="$told$word
"
  case $word in submodules | converts) converts=yes plain= ;; esac
done < .git/gantry
stamp=/private/stamp.a modes=/private/modes.a
: > $stamp
if [ -n "$plain" ]; then
  : > $modes
  cp -r .git /private/first
  read -r tree < .git/gantry-tree
  printf '%s %s - -\\n%s' "$base" "$tree" "$told"
  exit 0
fi
${privately}${filesTree}${stateTree}
look_around
if [ -z "$base" ]; then
  root= tree=$(git mktree < /dev/null)
elif [ -n "$converts" ]; then
  tree=$(files_tree)
  root=$(git commit-tree "$tree" -p "$base" -m 'As checked out')
else
  root=$base tree=$(git rev-parse "$base^{tree}")
  if [ -n "$packages" ]; then GIT_INDEX_FILE=/private/git/index git read-tree "$base"
  else cp .git/index /private/git/index; fi
fi
for size; do head -c "$size" | git index-pack --stdin --fix-thin > /private/said; done
if [ -n "$checkpoint" ]; then
  own=$(state_tree /workspace/.git $modes)
  state=$(git log -1 --format='%(trailers:key=Gantry-State,valueonly,separator=%x20)' "$checkpoint")
  export GIT_INDEX_FILE=/private/git/index
  git read-tree --reset -u "$checkpoint"
  git cat-file blob "$state:modes" > $modes
  xargs -0 -r sh -c 'for odd; do case $odd in *" d "*) at=\${odd% *}; mkdir -p -- "\${at% d}" ;; esac; done' sh < $modes
  xargs -0 -r sh -c 'for odd; do at=\${odd% *}; chmod "\${odd##* }" -- "\${at% ?}"; done' sh < $modes || true
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
  : > $stamp
  printf '%s %s %s %s\\n' "$root" "$(git rev-parse "$checkpoint^{tree}")" "$(git rev-parse "$state^{tree}")" "$state"
else
  printf '%s %s %s -\\n' "\${root:--}" "$tree" "$(state_tree /workspace/.git $modes)"
  unlock
fi
printf '%s' "$told"
`;

/**
 * Keeps what was changed. Arguments: the commit before or nothing, its tree, the commit of its state or nothing, the tree
 * of that or `-`, the commit since which to bundle or nothing, the state since which or nothing, title, the letter of the
 * stamp that the last kept moment left, and the letter for this one's. Prints `same`, or commit, tree, state and the state's
 * tree; then the list of changes, a null byte, and the bundle.
 */
export const checkpointScript = `${begin}
before=$1 before_tree=$2 before_state=$3 before_state_tree=$4 since=$5 since_state=$6 title=$7
stamp=/private/stamp.$8 modes=/private/modes.$9
: > /private/stamp.$9
${privately}${filesTree}${stateTree}
look_around
moved=
if [ -s /private/own ] || [ ! -d .git ] || [ -L .git ] || ! cmp -s "/private/modes.$8" "$modes"; then moved=yes; fi
state_tree=$before_state_tree
if [ "$before_state_tree" = - ]; then
  if [ -n "$moved" ]; then before_state_tree=$(state_tree /private/first "/private/modes.$8"); fi
  state_tree=$(state_tree /workspace/.git "$modes")
  [ -n "$moved" ] || before_state_tree=$state_tree
elif [ -n "$moved" ]; then
  state_tree=$(state_tree /workspace/.git "$modes")
fi
tree=$(files_tree)
unlock
if [ "$tree" = "$before_tree" ] && [ "$state_tree" = "$before_state_tree" ]; then
  echo same "$state_tree"
  exit 0
fi
state=$before_state
if [ -z "$state" ] || [ "$state_tree" != "$before_state_tree" ]; then
  state=$(git commit-tree "$state_tree" \${before_state:+-p "$before_state"} -m state)
fi
commit=$(git commit-tree "$tree" \${before:+-p "$before"} <<END
$title

Gantry-State: $state
END
)
printf '%s %s %s %s\\n' "$commit" "$tree" "$state" "$state_tree"
git diff-tree -r -z --raw --numstat --no-renames --no-ext-diff --no-textconv "$before_tree" "$tree"
printf '\\0# v2 git bundle\\n'
for known in $since $since_state; do printf -- '-%s\\n' "$known"; done
printf '%s refs/gantry/files\\n%s refs/gantry/state\\n\\n' "$commit" "$state"
git pack-objects -q --stdout --thin --delta-base-offset --revs <<END
$commit
$state
\${since:+^$since}
\${since_state:+^$since_state}
END
`;

/** Prints the difference between a tree and the files as they are. Arguments: the tree, the letter of the last stamp. */
export const diffScript = `${begin}
stamp=/private/stamp.$2 modes=/private/modes
${privately}${filesTree}
look_around
tree=$(files_tree)
unlock
git diff-tree -r -p --no-ext-diff --no-textconv --no-color --no-renames "$1" "$tree"
`;
