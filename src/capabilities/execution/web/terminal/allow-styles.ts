let users = 0;

/**
 * xterm makes style elements and writes style attributes, which the content security policy refuses. While it is there,
 * style elements get the page's nonce, and what new elements are given as a style attribute goes through CSSOM, which the
 * policy allows. Call the answer when it has gone.
 */
export function allowStyles(nonce: string): () => void {
  users += 1;
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element = Document.prototype.createElement.call(document, tag, options);
    if (tag === 'style') element.nonce = nonce;
    element.setAttribute = (name, value) => {
      if (name === 'style') element.style.cssText = value;
      else Element.prototype.setAttribute.call(element, name, value);
    };
    return element;
  };
  return () => {
    users -= 1;
    if (users === 0) Reflect.deleteProperty(document, 'createElement');
  };
}
