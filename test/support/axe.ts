import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong on the page as it stands, a line for each place. Evaluated from outside, so that no policy is loosened. */
export async function axeViolations(page: Page, about: 'all' | 'colours' = 'all'): Promise<string[]> {
  await page.evaluate(source);
  const only =
    about === 'all'
      ? { type: 'tag', values: tags }
      : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
  const results = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(only)} })`,
  )) as AxeResults;
  if (results.passes.length === 0) throw new Error('axe looked at nothing');
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
