import assert from 'node:assert/strict';
import { until } from '../support/until.ts';
import { test } from 'node:test';
import { chooseInput, endless, output, result, run, visit, write } from '../support/playground.ts';

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
  await until(() =>
    page.evaluate<boolean>('document.querySelector(\'img[alt="dot.png"]\')?.naturalWidth === 1'),
  );
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
