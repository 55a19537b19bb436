import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { withPeople } from '../support/people.ts';

const hostile = '<img src=x onerror="window.broken=1"> \\u001b[31mred\\u202e';

const script = {
  turns: [
    {
      reasoning: 'A plan first.',
      text: 'I look at **prices**. <script>window.broken=1</script> ![x](https://example.com/x.png)',
      calls: [
        {
          tool: 'plan',
          input: {
            items: [
              { text: 'Read', status: 'done' },
              { text: 'Answer', status: 'doing' },
            ],
          },
        },
        { tool: 'run', input: { command: `printf '${hostile}'; printf 'one\\ntwo\\n' > new.txt` } },
        { tool: 'read', input: { path: 'nothing.ts' } },
      ],
    },
    { text: 'One thing I must know.', calls: [{ tool: 'ask', input: { question: 'In which currency?' } }] },
    {
      calls: [
        {
          tool: 'answer',
          input: {
            answer: 'Prices are rounded to `two` decimals.',
            citations: [{ path: 'src/price.ts', line: 1 }],
          },
        },
      ],
    },
  ],
};

const directory = mkdtempSync(join(tmpdir(), 'gantry-ask-'));
const file = join(directory, 'model.json');
writeFileSync(file, JSON.stringify(script));
const house = withServer({ GANTRY_OUTGOING_ALLOW: '127.0.0.1', GANTRY_MODEL: `scripted:${file}` });
const { api, signedIn } = withPeople(house, withBrowser());

let git: GitServer;
before(async () => {
  git = await startGitServer();
});
after(async () => {
  await git.close();
  rmSync(directory, { recursive: true });
});

async function connect(): Promise<void> {
  const files = { 'README.md': '# Shop\n', 'src/price.ts': 'export const cents = 2;\n' };
  const { url } = await git.add('acme/shop', { public: true, commits: [{ message: 'Begin', files }] });
  const { status } = await api('POST', '/repositories', { url, name: 'acme/shop' });
  assert.equal(status, 201);
}

async function assertSound(page: Page): Promise<void> {
  assert.deepEqual(await axeViolations(page), []);
  assert.equal(await page.evaluate('window.broken'), undefined, 'what an agent wrote has run');
  assert.equal(await page.locator('main img').count(), 0);
}

test('a question is asked on a page, followed, answered back, told more, and its answer read', async (t) => {
  const [mia, vic] = [await signedIn(t, 'Mia', 'member'), await signedIn(t, 'Vic', 'viewer')];
  if (!mia || !vic) return;
  await connect();
  await mia.goto(`${house.server().url}/ask`);
  await mia.getByRole('button', { name: /^Ask/ }).click();
  await mia.getByText('Write a question.').waitFor();
  await mia.getByRole('textbox', { name: 'Question' }).fill('How is a price rounded?');
  await mia.getByRole('button', { name: /^Ask/ }).click();
  await mia.waitForURL(/\/runs\/[0-9a-f-]+/);

  const talk = mia.getByRole('tabpanel');
  await talk.getByText('One thing I must know.').waitFor({ timeout: 60_000 });
  await talk.getByText('1 of 2 done', { exact: true }).waitFor();
  await talk.getByText('<script>').waitFor({ state: 'detached' });
  const row = talk.getByRole('button', { name: /run printf/ });
  await row.getByText('+2').waitFor();
  await row.click();
  await talk.getByText('onerror="window.broken=1"').first().waitFor();
  await talk.getByRole('button', { name: /Failed read nothing\.ts/ }).waitFor();
  await assertSound(mia);

  await vic.goto(mia.url());
  await vic.getByRole('tabpanel').getByText('One thing I must know.').waitFor();
  assert.equal(await vic.getByLabel('Tell the agent something').count(), 0);

  await talk.getByLabel('Tell the agent something').fill('Euro only, please.');
  await talk.getByRole('button', { name: 'Send' }).click();
  await mia.getByRole('heading', { name: 'In which currency?' }).waitFor();
  await mia.reload();
  await mia.getByRole('heading', { name: 'In which currency?' }).waitFor();
  await mia
    .getByRole('textbox', { name: /comment|answer/i })
    .first()
    .fill('Euro');
  await mia.getByRole('button', { name: /^(Answer|Send answer|Reply)/ }).click();
  await mia.getByRole('main').getByText('Succeeded').first().waitFor();
  await talk.getByText('Euro only, please.').waitFor();
  await mia.getByRole('tab', { name: 'Result' }).click();
  await mia.getByText('src/price.ts:1').waitFor();
  await assertSound(mia);

  await mia.goto(`${house.server().url}/ask`);
  await mia.getByRole('link', { name: /Succeeded.*How is a price rounded\?/ }).waitFor();
  await assertSound(mia);
});
