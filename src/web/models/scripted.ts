/** Scripts of models are sent by the command line and by tests. */
export function isScripted(model: string): boolean {
  return model.startsWith('scripted:');
}
