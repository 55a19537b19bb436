import type { ComponentProps } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import classes from './prose.module.css';

const longest = 200_000;

/** Smaller than the page's own headings, whatever the model thinks of its answer. */
const components: Components = { a: Outward, pre: Scrollable, h1: 'h4', h2: 'h4', h3: 'h4' };

/**
 * Markdown that a model wrote, as elements: no markup of its own gets through, no picture is loaded, and links, which
 * may lead anywhere, show where.
 */
export default function Prose({ text }: { text: string }) {
  return (
    <div className={classes.prose}>
      <Markdown
        remarkPlugins={[remarkGfm]}
        skipHtml
        disallowedElements={['img', 'input']}
        components={components}
      >
        {text.slice(0, longest)}
      </Markdown>
    </div>
  );
}

function Outward({ href, children }: ComponentProps<'a'>) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow" title={href}>
      {children}
    </a>
  );
}

/* A region that scrolls is reached by the keyboard. */
function Scrollable({ children }: ComponentProps<'pre'>) {
  return <pre tabIndex={0}>{children}</pre>;
}
