import type { MarkedSpan } from './marked-span.ts';
import classes from './log-text.module.css';

/** A line's spans: colours are classes of a closed set, text is text. */
export function LogText({ spans }: { spans: readonly MarkedSpan[] }) {
  return spans.map((span, index) => {
    const { text, marked } = span;
    const plain = Object.keys(span).length === 1;
    if (plain) return text;
    const Tag = marked ? 'mark' : 'span';
    return (
      <Tag
        key={index}
        className={classes.span}
        data-ink={span.ink}
        data-paper={span.paper}
        data-bold={span.bold}
        data-dim={span.dim}
        data-italic={span.italic}
        data-line={span.strike ? 'strike' : span.underline ? 'under' : undefined}
      >
        {text}
      </Tag>
    );
  });
}
