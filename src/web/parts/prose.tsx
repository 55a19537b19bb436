import type { ComponentProps } from 'react';
import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { inertLines } from '../../base/inert.ts';
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
        {inertLines(text.slice(0, longest))}
      </Markdown>
    </div>
  );
}

function Outward({ href, children }: ComponentProps<'a'>) {
  const host = href === undefined ? undefined : URL.parse(href)?.host;
  return (
    <>
      <a href={href} target="_blank" rel="noreferrer noopener nofollow" title={href}>
        {children}
      </a>
      {/* The words may name another place than the one that they lead to. */}
      {host && children !== href && <bdi> ({host})</bdi>}
    </>
  );
}

/* A region that scrolls is reached by the keyboard. */
function Scrollable({ children }: ComponentProps<'pre'>) {
  return <pre tabIndex={0}>{children}</pre>;
}
