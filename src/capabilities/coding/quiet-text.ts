/*
 * What a model wrote may follow text of strangers. At a forge, words alone act: they ping people, close issues, skip CI, give
 * orders to the forge (GitLab's quick actions, bots that hear `/lgtm`), and fetch addresses when they are looked at. Here
 * they become words that only say something. A mark without width stands where nothing else would keep the words readable.
 */
const mark = '\u200b';

const mention = /(?<![\w.+-])@(?=\w)/g;
const closing =
  /\b(close[sd]?|closing|fix(?:e[sd]|ing)?|resolve[sd]?|resolving|implement(?:s|ed|ing)?)\b([\s:[(<*_`~"'-]{0,20}(?:issues?\s{1,20})?)(?=[#!]\d|[\w.-]{1,200}(?:\/[\w.-]{1,200}){0,20}[#!]\d|https?:|[a-z]\w*-\d)/gi;
/** `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip actions]`, `[circleci skip]` and their like. */
const skipping = /\[(?=[^\]\n]{0,40}(?:skip|\bno\b))([^\]\n]{1,40})\]/gi;
const skipWords = /(skip-checks)(?=\s*:)|(\*\*\*)(?=NO_CI)/gi;

function quietWords(text: string): string {
  return text
    .replace(mention, `@${mark}`)
    .replace(closing, `$1$2${mark}`)
    .replace(skipping, '($1)')
    .replace(skipWords, `$&${mark}`);
}

const order = /^([ \t>*-]*)\/(?=[a-z_]+(?:[ \t]|$))/gim;
const hidden = /<(?=!--)/g;
const fetching =
  /<(?=\/?(?:img|picture|source|video|audio|details|svg|iframe|object|embed|input|template|link|meta)\b)/gi;

/** Markdown by a model for a pull request or comment. */
export function quietMarkdown(text: string): string {
  return quietWords(text)
    .replace(order, '$1\\/')
    .replace(hidden, '&lt;')
    .replace(fetching, '&lt;')
    .replace(/!\[/g, '!\\[');
}

/** The title of a pull request: a squashed merge has it as its message. */
export function quietTitle(text: string): string {
  return quietWords(text);
}

/** Lines that would say who else wrote, read or signed a commit. */
const trailer = /^([ \t]*[a-z][a-z-]*-by)(?=[ \t]*:)/gim;

/** The message of a commit. */
export function quietMessage(text: string): string {
  return quietWords(text).replace(trailer, `$1${mark}`);
}
