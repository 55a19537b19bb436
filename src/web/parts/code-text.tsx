/** A sentence of the server with what stands in backticks as code. */
export function CodeText({ text }: { text: string }) {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece));
}
