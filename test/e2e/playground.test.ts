import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { linkFragment } from '../../src/capabilities/execution/web/program-link.ts';
import { axeViolations } from '../support/axe.ts';
import { openPage, signInByLink, withBrowser } from '../support/browser.ts';
import { withServer } from '../support/gantry-up.ts';

const house = withServer();
const browsers = withBrowser();
const password = 'correct horse battery';
type Cookies = Awaited<ReturnType<BrowserContext['storageState']>>['cookies'];
const signedIn = new Map<string, Cookies>();

interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly at: string;
  /** Fails when axe, the content security policy or a script found a fault, or when anything of a stranger ran. */
  sound(what: string): Promise<void>;
}

/** A person's own browser, signed in, on the playground. The owner is the one who started the server. */
async function visit(
  t: TestContext,
  { as = 'owner', path = '/playground', size }: { as?: Role; path?: string; size?: 'narrow' } = {},
): Promise<Visitor | undefined> {
  const context = await browsers.person(t, size ? { size: { width: 390, height: 844 } } : {});
  if (!context) return undefined;
  await signIn(context, as);
  const at = house.server().url;
  const { page, problems } = await openPage(context);
  await page.goto(`${at}${path}`);
  await page.locator('.cm-content').waitFor();
  const sound = async (what: string) => {
    assert.deepEqual(await axeViolations(page), [], what);
    assert.deepEqual(problems, [], what);
    assert.equal(await page.evaluate('window.harmed'), undefined, what);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), false, what);
  };
  return { page, context, at, sound };
}

type Role = 'owner' | 'member' | 'viewer';

async function signIn(context: BrowserContext, as: Role): Promise<void> {
  const { url, signInLink } = house.server();
  const known = signedIn.get(as);
  if (known) return context.addCookies(known);
  if (as === 'owner') await signInByLink(context, signInLink);
  else {
    const email = `${as}@example.com`;
    const owner = signedIn.get('owner') ?? (await ownersCookies(context));
    const headers = { origin: url };
    await context.addCookies(owner);
    const made = await context.request.post(`${url}/api/v1/users`, {
      headers,
      data: { name: as, email, role: as, password },
    });
    assert.equal(made.status(), 201, await made.text());
    await context.clearCookies();
    const entered = await context.request.post(`${url}/api/auth/sign-in/email`, {
      headers,
      data: { email, password },
    });
    assert.equal(entered.status(), 200, await entered.text());
  }
  signedIn.set(as, (await context.storageState()).cookies);
}

async function ownersCookies(context: BrowserContext): Promise<Cookies> {
  await signIn(context, 'owner');
  return signedIn.get('owner') ?? [];
}

/** Replaces the text of the editor as pasting does. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  // What is typed over a selection, Chromium would give a style of its own, which the policy refuses and reports.
  await page.keyboard.press('Backspace');
  await page.keyboard.insertText(text);
}

async function chooseInput(page: Page, mode: string): Promise<void> {
  await page.getByRole('tab', { name: /^stdin/ }).click();
  await page.getByText(mode, { exact: true }).click();
  const first = page.getByLabel('What it reads first (optional)');
  if (await first.isVisible()) await first.fill('');
  await page.getByRole('tab', { name: /^main/ }).click();
}

const run = (page: Page) => page.getByRole('button', { name: /^Run/ }).click();
const output = (page: Page) => page.getByRole('log', { name: 'Output of the program' });
const result = (page: Page, words: string | RegExp) =>
  page.getByRole('region', { name: 'Output' }).getByRole('status').filter({ hasText: words }).waitFor();

const endless = `import time
for count in range(600):
    print(f"line {count}", flush=True)
    time.sleep(0.1)
`;

test('output is seen while the program runs, and stays when it is stopped', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(page, endless);
  await page.keyboard.press('Control+Enter');
  await output(page).getByText('line 3', { exact: true }).waitFor();
  const card = page.getByRole('region', { name: 'Output', exact: true });
  await card.getByText('Running', { exact: true }).first().waitFor();
  await sound('running');
  await page.getByRole('button', { name: 'Stop' }).click();
  await result(page, 'Stopped by hand. The output up to then is kept.');
  await output(page).getByText('line 3', { exact: true }).waitFor();
  await sound('stopped');
});

test('a program that asks gets its answers', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(page, 'name = input("Who? ")\nprint(f"Hello, {name}.")\nprint(input("And? "))\n');
  await chooseInput(page, 'Line by line');
  await run(page);
  const line = page.getByLabel('Input for the program');
  await output(page).getByText('Who?').waitFor();
  await line.fill('<b>Mira</b>');
  await sound('asked');
  await line.press('Enter');
  await output(page).getByText('Hello, <b>Mira</b>.').waitFor();
  await line.fill('$HOME');
  await page.getByRole('button', { name: 'Send' }).click();
  await result(page, /^Ended well/);
  await output(page).getByText('$HOME').waitFor();
});

test('after a reload the page goes on where it was: the program, the output once, and its questions', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page } = visitor;
  await write(page, 'print("first")\nprint("got", input())\n');
  await chooseInput(page, 'Line by line');
  await run(page);
  await output(page).getByText('first', { exact: true }).waitFor();
  await page.waitForURL(/run=/);
  await page.reload();
  await page.locator('.cm-content').getByText('print("first")').waitFor();
  await output(page).getByText('first', { exact: true }).waitFor();
  await page.getByLabel('Input for the program').fill('after');
  await page.keyboard.press('Enter');
  await output(page).getByText('got after').waitFor();
  await result(page, /^Ended well/);
  assert.equal(await output(page).getByText('first', { exact: true }).count(), 1);
});

test('a program on a terminal sees one, and gets its keys', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(
    page,
    'import os\nprint("tty", os.isatty(0), "\\033[38;2;9;200;9mtrue\\033[0m")\nprint("got", input("> "))\ninput()\n',
  );
  await chooseInput(page, 'Terminal');
  const socket = page.waitForEvent('websocket');
  await run(page);
  const rows = page.locator('.xterm-rows');
  await rows.getByText('tty True').waitFor();
  await page.keyboard.type('hello');
  await page.keyboard.press('Enter');
  await rows.getByText('got hello').waitFor();
  assert.match((await socket).url(), /\/executions\/[\w-]+\/terminal\?after=/);
  await sound('terminal');
  await page.keyboard.press('Enter');
  await result(page, /^Ended well/);
});

test('hostile output and files are shown as text, images as images', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound, at } = visitor;
  const evil = '<img src=x onerror=window.harmed=1>';
  await write(
    page,
    `import base64, sys
print('${evil}\\x1b]0;title\\x07\\x1b[2J\\u202eabc \\x1b[31mred\\x1b[0m')
print('x' * 10000)
print('<script>window.harmed=1</script>', file=sys.stderr)
open('/output/${evil}.html', 'w').write('<script>window.harmed=1</script>')
open('/output/dot.png', 'wb').write(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC'))
open('/output/fake.png', 'w').write('<svg xmlns="http://www.w3.org/2000/svg" onload="window.harmed=1"/>')
`,
  );
  await run(page);
  await result(page, /^Ended well/);
  await page.getByText('3 files left in /output').waitFor();
  await page.getByRole('button', { name: `View ${evil}.html` }).click();
  await page
    .getByRole('region', { name: `${evil}.html` })
    .getByText('<script>window.harmed=1</script>')
    .waitFor();
  const image = page.getByRole('img', { name: 'dot.png' });
  await page.waitForFunction('document.querySelector(\'img[alt="dot.png"]\')?.naturalWidth === 1');
  assert.match((await image.getAttribute('src')) ?? '', /view=inline$/);
  await output(page).press('Home');
  await output(page).getByText('\\u202eabc').waitFor();
  await sound('hostile');
  const fake = await page.getByRole('link', { name: 'Download fake.png' }).getAttribute('href');
  await page.goto(`${at}${fake}?view=inline`);
  assert.equal(await page.evaluate('window.harmed'), undefined);
});

test('a reached limit is told in words, and one out of range is not taken', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(page, 'print("before", flush=True)\nwhile True: pass\n');
  await page.getByRole('button', { name: 'Limits' }).click();
  const drawer = page.getByRole('dialog', { name: 'Limits' });
  const wall = drawer.getByLabel('Wall time', { exact: true });
  await wall.fill('9999');
  await wall.blur();
  await drawer.getByText('Give 0.001 s to 300 s.').waitFor();
  await sound('limits');
  await wall.fill('1');
  await drawer.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Limits (1)' }).waitFor();
  await run(page);
  await result(page, 'Stopped after 1 s, its wall-time limit. The output up to then is kept.');
  await output(page).getByText('before').waitFor();
  await sound('limit reached');
});

test('a program is saved in versions, compared and restored; a shared one is others’ to read', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  const name = '<img src=x onerror=window.harmed=1> & "quotes"';
  await write(page, 'print("one")\n');
  await page.getByRole('button', { name: 'Scripts' }).click();
  const drawer = page.getByRole('dialog', { name: 'Saved scripts' });
  await drawer.getByLabel('Save as').fill(name);
  await drawer.getByLabel('Let everybody on this Gantry see it').check();
  await drawer.getByRole('button', { name: 'Save', exact: true }).click();
  await drawer.getByText(`Saved “${name}”, version 1.`).waitFor();
  await sound('saved');
  await page.keyboard.press('Escape');
  await page.getByText('Saved as').waitFor();
  await write(page, 'print("two")\n');
  await page.getByRole('button', { name: 'Scripts' }).click();
  await drawer.getByLabel('What changed (optional)').fill('says two');
  await drawer.getByRole('button', { name: 'Save version 2' }).click();
  await drawer.getByText(', version 2.').waitFor();
  await drawer.getByRole('button', { name: `Actions for ${name}` }).click();
  await drawer.getByRole('menuitem', { name: 'Versions' }).click();
  await drawer.getByRole('button', { name: 'Compare with the newest' }).click();
  await drawer.getByRole('row', { name: '+ print("two")' }).waitFor();
  await sound('versions');
  await drawer.getByRole('button', { name: 'Restore' }).click();
  await drawer.getByRole('link', { name: 'Version 3' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.cm-content').getByText('print("one")').waitFor();

  const other = await visit(t, { as: 'member' });
  await other?.page.getByRole('button', { name: 'Scripts' }).click();
  await other?.page.getByText('Shared', { exact: true }).click();
  await other?.page.getByRole('link', { name }).click();
  await other?.page.locator('.cm-content').getByText('print("one")').waitFor();
  await other?.sound('shared');
  if (other) await run(other.page);
  if (other) await output(other.page).getByText('one', { exact: true }).waitFor();
});

test('of two who save at once the second is told, and loses nothing', async (t) => {
  const first = await visit(t);
  const second = await visit(t);
  if (!first || !second) return;
  await write(first.page, 'print("base")\n');
  await first.page.getByRole('button', { name: 'Scripts' }).click();
  await first.page.getByLabel('Save as').fill('both');
  await first.page.getByRole('button', { name: 'Save', exact: true }).last().click();
  await first.page.getByText('Saved “both”, version 1.').waitFor();
  await second.page.getByRole('button', { name: 'Scripts' }).click();
  await second.page.getByRole('link', { name: 'both' }).click();
  await second.page.locator('.cm-content').getByText('print("base")').waitFor();
  const saveAs2 = async ({ page }: Visitor, text: string) => {
    await page.keyboard.press('Escape');
    await write(page, text);
    await page.getByRole('button', { name: 'Scripts' }).click();
    await page.getByRole('button', { name: 'Save version 2' }).click();
  };
  await saveAs2(first, 'print("theirs")\n');
  await first.page.getByText('Saved “both”, version 2.').waitFor();
  await saveAs2(second, 'print("mine")\n');
  await second.page.getByText('Nothing is lost').waitFor();
  await second.sound('conflict');
  await second.page.getByRole('button', { name: 'Save mine after theirs' }).click();
  await second.page.getByText('Saved “both”, version 3.').waitFor();
});

test('a link brings its program and runs nothing; one that is broken says so', async (t) => {
  const program = { language: 'bash', files: [{ name: 'main.sh', content: 'echo linked' }], args: ["it's"] };
  const visitor = await visit(t, { as: 'member', path: `/playground#${await linkFragment(program)}` });
  if (!visitor) return;
  const { page, at, context, sound } = visitor;
  await page.locator('.cm-content').getByText('echo linked').waitFor();
  await page.waitForURL(`${at}/playground`);
  const runs = await context.request.get(`${at}/api/v1/runs?q=main.sh`);
  assert.deepEqual(((await runs.json()) as { items: unknown[] }).items, []);
  await write(page, 'echo changed');
  await page.goto(`${at}/playground?x#code=1.AAAA`);
  await page.getByText('This link holds no program that can be read.').waitFor();
  await page.locator('.cm-content').getByText('echo changed').waitFor();
  await sound('broken link');
});

test('a link is still whole after signing in', async (t) => {
  const visitor = await visit(t, { as: 'member' });
  const context = await browsers.person(t);
  if (!visitor || !context) return;
  const program = { language: 'bash', files: [{ name: 'main.sh', content: 'echo after signing in' }] };
  const { page } = await openPage(context);
  await page.goto(`${visitor.at}/playground#${await linkFragment(program)}`);
  await page.getByLabel('E-mail').fill('member@example.com');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.cm-content').getByText('echo after signing in').waitFor();
});

test('a viewer reads a run of others and copies it, and is told why nothing runs', async (t) => {
  const owner = await visit(t);
  const viewer = await visit(t, { as: 'viewer' });
  if (!owner || !viewer) return;
  await write(owner.page, 'print("to be seen")\n');
  await run(owner.page);
  await owner.page.waitForURL(/run=/);
  await result(owner.page, /^Ended well/);
  const { page, sound } = viewer;
  await page.getByText('Your role is viewer: you can read').waitFor();
  assert.ok(await page.getByRole('button', { name: /^Run/ }).isDisabled());
  await page.goto(owner.page.url());
  await page.locator('.cm-content').getByText('print("to be seen")').waitFor();
  await output(page).getByText('to be seen', { exact: true }).waitFor();
  await page.keyboard.press('Control+Enter');
  await sound('viewer');
  const own = await viewer.context.request.get(`${viewer.at}/api/v1/executions`);
  assert.deepEqual(((await own.json()) as { items: unknown[] }).items, []);
});

test('files are added, named, deleted and brought back, and all of it survives a reload', async (t) => {
  const visitor = await visit(t);
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(page, 'import words\nprint(words.hello, open("data.bin", "rb").read())\n');
  await page.getByRole('button', { name: 'New file' }).click();
  const dialog = page.getByRole('dialog', { name: 'Name of the file' });
  await dialog.getByLabel('Name').fill('../x');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await dialog.getByText('The name must not hold the part "..".').waitFor();
  await sound('a bad name');
  await dialog.getByLabel('Name').fill('words.py');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('tab', { name: 'words.py', selected: true }).waitFor();
  await write(page, 'hello = "hi"\n');
  const chosen = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Upload files' }).click();
  await (await chosen).setFiles({ name: 'data.bin', mimeType: '', buffer: Buffer.from([0, 255, 1]) });
  await page.getByText('A binary file, 3 B.').waitFor();
  await page.getByRole('tab', { name: 'words.py' }).click();
  await page.getByRole('button', { name: 'Files', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByText('Deleted words.py.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('tab', { name: 'words.py' }).waitFor();
  await page.reload();
  await page.getByRole('tab', { name: 'data.bin' }).waitFor();
  await sound('files');
  await run(page);
  await output(page).getByText("hi b'\\x00\\xff\\x01'").waitFor();
});

test('the call is given as code, and an earlier run is opened by a click', async (t) => {
  const visitor = await visit(t, { size: 'narrow' });
  if (!visitor) return;
  const { page, sound } = visitor;
  await write(page, 'print("earlier")\n');
  await run(page);
  await result(page, /^Ended well/);
  const earlier = page.url();
  await write(page, 'print("later")\n');
  await run(page);
  await output(page).getByText('later', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'As code' }).click();
  const dialog = page.getByRole('dialog', { name: 'The same call as code' });
  await dialog.getByText('GANTRY_API_KEY').first().waitFor();
  await dialog.getByRole('tab', { name: 'TypeScript' }).click();
  await dialog.getByText('await fetch').waitFor();
  await sound('as code');
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Your earlier runs' }).getByRole('link').nth(1).click();
  await page.waitForURL(earlier);
  await page.locator('.cm-content').getByText('print("earlier")').waitFor();
  await output(page).getByText('earlier', { exact: true }).waitFor();
  await sound('narrow');
});
