import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GantryError } from './base/errors.ts';
import { configSchema, explainConfig, hiddenSettings, loadConfig, variableName } from './config.ts';

function withFile(text: string, check: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'gantry-config-'));
  const path = join(directory, 'gantry.yaml');
  try {
    writeFileSync(path, text);
    check(path);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const mistakes = (env: Record<string, string>) => {
  try {
    loadConfig(env);
  } catch (error) {
    return (error as GantryError).problems.map((problem) => problem.path);
  }
  return [];
};

test('without any setting there is a configuration', () => {
  const config = loadConfig({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 7070);
  assert.equal(config.sandboxAllowUnsafe, false);
});

test('a variable wins over the file, and the file over the default', () =>
  withFile('port: 7001\nhost: 0.0.0.0\n', (path) => {
    const config = loadConfig({ GANTRY_CONFIG: path, GANTRY_PORT: '7002' });
    assert.deepEqual([config.port, config.host, config.logLevel], [7002, '0.0.0.0', 'info']);
    const sources = new Map(
      explainConfig({ GANTRY_CONFIG: path, GANTRY_PORT: '7002' }).map((each) => [each.name, each.source]),
    );
    assert.deepEqual(
      [sources.get('port'), sources.get('host'), sources.get('logLevel')],
      ['GANTRY_PORT', path, 'default'],
    );
  }));

test('all mistakes are reported at once, each with its place', () =>
  withFile('prot: 1\nlogLevel: loud\n', (path) => {
    const found = mistakes({
      GANTRY_CONFIG: path,
      GANTRY_PORT: '99999',
      GANTRY_WORKER_SLOTS: 'many',
      GANTRY_MASTER_KEY_FILE: '/no/such/file',
    });
    assert.ok(
      found.includes('port') &&
        found.includes('workerSlots') &&
        found.includes('logLevel') &&
        found.includes('GANTRY_MASTER_KEY_FILE'),
    );
    assert.equal(found.length, 5);
  }));

test('a data directory among the kernel’s own files is refused', () => {
  for (const path of ['/proc/none', '/sys', '/dev/x', '/tmp/../proc/1'])
    assert.deepEqual(mistakes({ GANTRY_DATA_DIR: path }), ['dataDir']);
  assert.deepEqual(mistakes({ GANTRY_DATA_DIR: '/processes' }), []);
});

test('a setting can be given as a file', () =>
  withFile('  a-key-from-a-file\n', (path) => {
    assert.equal(loadConfig({ GANTRY_MASTER_KEY_FILE: path }).masterKey, 'a-key-from-a-file');
  }));

test('a file that is named but missing, is no YAML or is no list of settings, is refused', () => {
  assert.throws(() => loadConfig({ GANTRY_CONFIG: '/no/such/gantry.yaml' }), { code: 'CONFIG_INVALID' });
  for (const text of ['a: b: c', '- 1\n- 2\n', '42\n']) {
    withFile(text, (path) =>
      assert.throws(() => loadConfig({ GANTRY_CONFIG: path }), { code: 'CONFIG_INVALID' }),
    );
  }
  withFile('', (path) => assert.equal(loadConfig({ GANTRY_CONFIG: path }).port, 7070));
});

test('where a key is sent is never up to a file', () =>
  withFile('url: https://example.org\napiKey: gtr_x\n', (path) => {
    assert.deepEqual(mistakes({ GANTRY_CONFIG: path }).sort(), ['apiKey', 'url']);
  }));

test('the names that scripts rely on are the names of the settings', () => {
  const fixed = ['port', 'host', 'dataDir', 'databaseUrl', 'logLevel'].map(variableName);
  assert.deepEqual(fixed, [
    'GANTRY_PORT',
    'GANTRY_HOST',
    'GANTRY_DATA_DIR',
    'GANTRY_DATABASE_URL',
    'GANTRY_LOG_LEVEL',
  ]);
});

test('keys of model providers come by the names that everybody knows, also from files', () =>
  withFile('sk-from-a-file\n', (path) => {
    const config = loadConfig({
      OPENAI_API_KEY: 'sk-plain',
      ANTHROPIC_API_KEY_FILE: path,
      OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1',
      DEEPSEEK_API_KEY: '',
    });
    assert.deepEqual(
      [config.openaiApiKey, config.anthropicApiKey, config.openaiBaseUrl, config.deepseekApiKey],
      ['sk-plain', 'sk-from-a-file', 'http://127.0.0.1:11434/v1', undefined],
    );
    assert.equal(variableName('googleGenerativeAiApiKey'), 'GOOGLE_GENERATIVE_AI_API_KEY');
    const source = explainConfig({ ANTHROPIC_API_KEY_FILE: path }).find(
      ({ name }) => name === 'anthropicApiKey',
    );
    assert.equal(source?.source, 'ANTHROPIC_API_KEY_FILE');
  }));

test('every setting that is a key is hidden', () => {
  const keys = Object.keys(configSchema.shape).filter((name) =>
    /(key|token|secret|password)(old)?$/i.test(name),
  );
  assert.deepEqual(keys.toSorted(), [...hiddenSettings].toSorted());
});

test('a price or size in another form is named as a mistake', () => {
  assert.deepEqual(mistakes({ GANTRY_MODEL_PRICES: 'openai/gpt-x=cheap' }), ['modelPrices']);
  assert.deepEqual(mistakes({ GANTRY_MODEL_SIZES: 'openai/gpt-x=1k' }), ['modelSizes']);
  const { modelPrices } = loadConfig({ GANTRY_MODEL_PRICES: 'openai/gpt-x=2.5/10, openai-compatible/*=0' });
  assert.deepEqual(modelPrices, ['openai/gpt-x=2.5/10', 'openai-compatible/*=0']);
});
