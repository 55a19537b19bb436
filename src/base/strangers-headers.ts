/** What keeps a stranger's bytes from becoming a page of this site, and their name from becoming a header. */
export function strangersHeaders(name: string, inline = false): Record<string, string> {
  return {
    'content-disposition': `${inline ? 'inline' : 'attachment'}; ${fileNameOf(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
}

/** The last part of the path, as RFC 6266 and 8187 ask: in ASCII for the old, in UTF-8 for the others. */
function fileNameOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/^\.+/, '_');
  const ascii = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 200) || '_';
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  );
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
