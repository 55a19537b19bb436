import { newFile, type DraftFile } from '../draft.ts';

const largestFile = 8_388_608;

/** Files of this machine as files of a program: text where it is UTF-8, else base64. Larger than 8 MiB are left out. */
export async function readFiles(list: FileList | readonly File[]): Promise<DraftFile[]> {
  const files = [...list].filter(({ size }) => size <= largestFile);
  return Promise.all(
    files.map(async (file) => fileOfBytes(file.name, new Uint8Array(await file.arrayBuffer()))),
  );
}

/** One file of bytes. Text with NUL is kept as base64, since no editor shows it. */
function fileOfBytes(name: string, bytes: Uint8Array): DraftFile {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return newFile(name, text);
  } catch {
    // Not UTF-8.
  }
  return newFile(name, toBase64(bytes), 'base64');
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
