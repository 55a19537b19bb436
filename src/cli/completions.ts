import type { Command } from 'commander';

/** Where the words stand that lead to a command (`runs follow`), and what may come next there. */
interface Place {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly summary: string }[];
  readonly options: readonly {
    readonly flags: readonly string[];
    readonly description: string;
    readonly takesFile: boolean;
  }[];
  readonly takesFiles: boolean;
}

/** The completion script of each shell, made from the command tree. */
export const completionScripts: Readonly<Record<string, (program: Command) => string>> = {
  bash: (program) => bash(places(program)),
  zsh: (program) => zsh(places(program)),
  fish: (program) => fish(places(program)),
};

function places(command: Command, path: readonly string[] = []): Place[] {
  const help = command.createHelp();
  const place: Place = {
    path: path.join(' '),
    commands: command.commands.map((sub) => ({ name: sub.name(), summary: help.subcommandDescription(sub) })),
    options: [...command.options, ...help.visibleGlobalOptions(command)].map((option) => ({
      flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
      description: help.optionDescription(option),
      takesFile: /file/.test(option.flags),
    })),
    takesFiles: command.registeredArguments.some((argument) => /file|program/.test(argument.name())),
  };
  return [place, ...command.commands.flatMap((sub) => places(sub, [...path, sub.name()]))];
}

function wordsAt({ commands, options }: Place): string {
  return [...commands.map(({ name }) => name), ...options.flatMap(({ flags }) => flags)].join(' ');
}

/** In each of the scripts, `$at` becomes the path of the command typed so far, with slashes where a list needs it. */
function bash(tree: readonly Place[]): string {
  const cases = tree.map(
    (place) =>
      `    ${quote(place.path)}) words=${quote(wordsAt(place))}; files=${place.takesFiles ? 1 : 0} ;;`,
  );
  return `# bash completions of gantry; load with: source <(gantry completions bash)
_gantry() {
  local at='' words='' files=0 cur=\${COMP_WORDS[COMP_CWORD]} i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case " ${paths(tree)} " in
      *" \${at:+$at/}$word "*) at=\${at:+$at/}$word ;;
    esac
  done
  case \${at//\\// } in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if ((files)); then COMPREPLY+=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _gantry gantry ./gantry`;
}

function zsh(tree: readonly Place[]): string {
  const cases = tree.map((place) => {
    const commands = place.commands.map(({ name, summary }) => quote(`${name}:${summary}`));
    const options = place.options.flatMap(({ flags, description }) =>
      flags.map((flag) => quote(`${flag}:${description}`)),
    );
    return `    ${quote(place.path)}) choices=(${[...commands, ...options].join(' ')}); files=${place.takesFiles ? 1 : 0} ;;`;
  });
  return `#compdef gantry
# zsh completions of gantry; put this as _gantry into a directory of $fpath
_gantry() {
  local at='' files=0 word
  local -a choices
  for word in \${words[2,CURRENT-1]}; do
    case " ${paths(tree)} " in
      *" \${at:+$at/}$word "*) at=\${at:+$at/}$word ;;
    esac
  done
  case \${at//\\// } in
${cases.join('\n')}
  esac
  _describe gantry choices
  if ((files)); then _files; fi
}
compdef _gantry gantry`;
}

function fish(tree: readonly Place[]): string {
  const lines = tree.flatMap((place) => {
    const when = `-n ${quote(`test "$(__gantry_at)" = ${quote(place.path)}`)}`;
    return [
      ...place.commands.map(
        ({ name, summary }) => `complete -c gantry ${when} -f -a ${name} -d ${quote(summary)}`,
      ),
      ...place.options.map(({ flags, description, takesFile }) => {
        const named = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        return `complete -c gantry ${when} ${named.join(' ')}${takesFile ? ' -r' : ''} -d ${quote(description)}`;
      }),
    ];
  });
  return `# fish completions of gantry; put this into ~/.config/fish/completions/gantry.fish
function __gantry_at
  set -l at ''
  for word in (commandline -opc)[2..]
    set -l next (string trim "$at $word")
    if contains -- $next ${tree
      .filter(({ path }) => path !== '')
      .map(({ path }) => quote(path))
      .join(' ')}
      set at $next
    end
  end
  echo $at
end
${lines.join('\n')}`;
}

function paths(tree: readonly Place[]): string {
  return tree.map(({ path }) => path.replaceAll(' ', '/')).join(' ');
}

/** One word for any of the three shells; no summary holds a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
