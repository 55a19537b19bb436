import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** `npm run web` serves the pages with hot reload and passes everything else on to a running `gantry up`. */
const served = /^\/(api\/v1|api\/auth|api\/openapi|metrics|health|docs\/errors)/.source;
const locales = new URL('src/web/locales/', import.meta.url);

export default defineConfig({
  root: 'src/web',
  plugins: [textsWithModules(), react()],
  // The server puts a fresh nonce here with every page.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    manifest: true,
  },
  server: { proxy: { [served]: { target: 'http://127.0.0.1:7070', ws: true } } },
});

/**
 * Texts come with the modules that show them, so that a page's are loaded when the page is: each module that asks for an
 * area imports it, and adds it to the texts.
 */
function textsWithModules(): Plugin {
  const areas = listAreas();
  return {
    name: 'texts-with-modules',
    enforce: 'pre',
    transform: {
      filter: { id: /\/(src\/web|capabilities\/[^/]+\/web)\/.*\.tsx?$/ },
      handler(code) {
        const lines = [...areasIn(code, areas)].map(
          (area) =>
            `import { ${area} as texts_${area} } from ${JSON.stringify(areas.get(area))};\naddTexts('${area}', texts_${area});`,
        );
        if (lines.length === 0) return undefined;
        const adder = `import { addTexts } from ${JSON.stringify(fileURLToPath(new URL('texts.ts', locales)))};`;
        return { code: [code, adder, ...lines].join('\n'), map: null };
      },
    },
  };
}

/** Areas by name with the file that has their texts, as the catalogue lists them. */
function listAreas(): Map<string, string> {
  const catalogue = readFileSync(new URL('en.ts', locales), 'utf8');
  const found = new Map<string, string>();
  for (const [, names = '', path = ''] of catalogue.matchAll(/import \{ ([^}]+) \} from '([^']+)'/g))
    for (const name of names.split(',')) found.set(name.trim(), fileURLToPath(new URL(path, locales)));
  return found;
}

/** `useTranslation('run')`, `useTranslation(['run', 'parts'])`, `t('runs:x')`; without a name it is the shell's. */
function areasIn(code: string, areas: ReadonlyMap<string, string>): Set<string> {
  const hooks = [...code.matchAll(/useTranslation\(([^)]*)\)/g)].flatMap(([, given = '']) =>
    given === '' ? ['shell'] : [...given.matchAll(/'(\w+)'/g)].map(([, name = '']) => name),
  );
  const named = [...code.matchAll(/['"`](\w+):[\w$]/g)].map(([, name = '']) => name);
  return new Set([...hooks, ...named].filter((name) => areas.has(name)));
}
