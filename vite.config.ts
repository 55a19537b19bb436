import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npm run web` serves the pages with hot reload and passes everything else on to a running `gantry up`. */
const served = /^\/(api\/v1|api\/auth|api\/openapi|metrics|health|docs\/errors)/.source;

export default defineConfig({
  root: 'src/web',
  plugins: [react()],
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
