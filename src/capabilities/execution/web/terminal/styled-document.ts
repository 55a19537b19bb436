/*
 * xterm makes style elements and style attributes, which the content security policy refuses. With this document its
 * style elements carry the page's nonce, and what it writes as an attribute goes through CSSOM, which is allowed.
 */

/** The document as a terminal is to see it. */
export function styledDocument(nonce: string): Document {
  return new Proxy(document, {
    get: (target, name) => {
      if (name === 'createElement') return (tag: string) => styledElement(tag, nonce);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Runs `work`, in which also those who take the page's own document make style elements with the nonce. */
export function withStyleNonce(nonce: string, work: () => void): void {
  const own = Document.prototype.createElement;
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element = own.call(document, tag, options);
    if (tag === 'style') element.nonce = nonce;
    return element;
  };
  try {
    work();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}

function styledElement(tag: string, nonce: string): HTMLElement {
  const element = document.createElement(tag);
  if (tag === 'style') element.nonce = nonce;
  else {
    element.setAttribute = (name, value) => {
      if (name === 'style') element.style.cssText = value;
      else Element.prototype.setAttribute.call(element, name, value);
    };
  }
  return element;
}
