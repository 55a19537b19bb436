import '@fontsource-variable/schibsted-grotesk';
import '@fontsource/commit-mono/400.css';
import '@fontsource/commit-mono/700.css';
import './theme/tokens.css';
import './theme/base.css';
import '@mantine/core/styles.layer.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { styleNonce } from './nonce.ts';
import { router } from './router.tsx';
import { theme } from './theme/theme.ts';
import { resolveVariables } from './theme/variables.ts';

// Under this name, what keeps the page from scrolling behind a dialog looks for the nonce of its style element.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
const place = document.querySelector('#root');
if (place === null) throw new Error('The page has no place for the app.');
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      colorSchemeManager={localStorageColorSchemeManager({ key: 'gantry-scheme' })}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
