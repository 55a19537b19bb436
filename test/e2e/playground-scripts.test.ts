import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFragment } from '../../src/capabilities/execution/web/program-link.ts';
import { openPage } from '../support/browser.ts';
import {
  browsers,
  output,
  password,
  result,
  run,
  type Visitor,
  visit,
  write,
} from '../support/playground.ts';

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
  await write(page, 'print("changed")\n');
  await page.getByRole('region', { name: 'Your earlier runs' }).locator('[aria-current]').click();
  await page.locator('.cm-content').getByText('print("earlier")').waitFor();
});
