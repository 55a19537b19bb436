import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { gitHubPayload } from '../../../test/support/deliver.ts';
import { forgeDeliverySchema } from '../../resources/ports/forge-delivery.ts';
import { readGitHubDelivery, readGitHubWebhook } from './github/webhook.ts';
import { readGitLabDelivery, readGitLabWebhook } from './gitlab/webhook.ts';

const secret = 'a-secret-of-some-length';
const issue = { number: 7, title: 'A bug\0', state: 'open', user: { login: 'ada' } };

describe('github', () => {
  const by = (sender: string, rest: object) =>
    gitHubPayload('acme/shop', 'https://github.com', sender, { ...rest });
  const about = {
    ...{ forge: 'github', repository: 'acme/shop', pageUrl: 'https://github.com/acme/shop' },
    ...{ actor: 'ada', byBot: false },
  };
  const pull = { number: 8, head: { ref: 'gantry/1', sha: 'a'.repeat(40) }, merged: false };

  test('events that somebody needs become deliveries', () => {
    const cases: readonly (readonly [string, object, object])[] = [
      [
        'issues',
        { action: 'labeled', issue, label: { name: 'gantry' } },
        { kind: 'issue-labelled', number: 7, title: 'A bug\u{fffd}', labels: ['gantry'] },
      ],
      [
        'issue_comment',
        { action: 'created', issue, comment: { id: 5, body: '/gantry go' } },
        {
          ...{ kind: 'issue-commented', number: 7, title: 'A bug\u{fffd}' },
          comment: { id: '5', body: '/gantry go' },
        },
      ],
      [
        'issue_comment',
        { action: 'created', issue: { ...issue, pull_request: {} }, comment: { id: 5, body: null } },
        { kind: 'pull-commented', number: 7, branch: null, comment: { id: '5', body: '' } },
      ],
      [
        'pull_request_review_comment',
        { action: 'created', pull_request: pull },
        { kind: 'pull-reviewed', number: 8, branch: 'gantry/1' },
      ],
      [
        'pull_request_review',
        { action: 'submitted', pull_request: pull },
        { kind: 'pull-reviewed', number: 8, branch: 'gantry/1' },
      ],
      [
        'pull_request',
        { action: 'synchronize', pull_request: pull },
        { kind: 'pull-pushed', number: 8, branch: 'gantry/1' },
      ],
      [
        'pull_request',
        { action: 'closed', pull_request: pull },
        { kind: 'pull-closed', number: 8, branch: 'gantry/1' },
      ],
      [
        'pull_request',
        { action: 'closed', pull_request: { ...pull, merged: true } },
        { kind: 'pull-merged', number: 8, branch: 'gantry/1' },
      ],
      [
        'check_suite',
        { action: 'completed', check_suite: { head_sha: 'b', head_branch: 'gantry/1' } },
        { kind: 'checks-finished', commit: 'b', branch: 'gantry/1' },
      ],
      ['status', { sha: 'b', state: 'failure' }, { kind: 'checks-finished', commit: 'b', branch: null }],
    ];
    for (const [event, payload, expected] of cases) {
      const read = readGitHubDelivery(event, by('ada', payload));
      assert.deepEqual(read, { ...about, ...expected }, event);
      assert.deepEqual(forgeDeliverySchema.parse(read), read);
    }
  });

  test('other events, edits, and payloads of another shape are nobody’s business', () => {
    const none: readonly (readonly [string, unknown])[] = [
      ['ping', by('ada', { zen: 'x' })],
      ['issues', by('ada', { action: 'opened', issue })],
      ['issue_comment', by('ada', { action: 'edited', issue, comment: { id: 5, body: '/gantry' } })],
      ['issues', by('ada', { action: 'labeled', issue: { number: -1, title: 'x' }, label: { name: 'x' } })],
      [
        'issues',
        by('ada', { action: 'labeled', issue: { ...issue, pull_request: {} }, label: { name: 'x' } }),
      ],
      ['status', by('ada', { sha: 'b', state: 'pending' })],
      ['issues', { action: 'labeled', issue, label: { name: 'gantry' } }],
      ['issues', gitHubPayload('acme/shop', 'javascript:', 'ada', { action: 'labeled', issue })],
      ['issues', null],
      ['issues', [1]],
      ['', 'text'],
    ];
    for (const [event, payload] of none) assert.equal(readGitHubDelivery(event, payload), null, event);
  });

  test('a bot is told as one', () => {
    const payload = by('gantry[bot]', { action: 'labeled', issue, label: { name: 'gantry' } });
    assert.equal(readGitHubDelivery('issues', payload)?.byBot, true);
  });

  test('only what one of the secrets signed counts, as JSON or as a form', () => {
    const send = (body: string, signature: string | undefined, type = 'application/json') => {
      const headers: Record<string, string | undefined> = {
        ...{ 'x-hub-signature-256': signature, 'content-type': type },
        ...{ 'x-github-event': 'issues', 'x-github-delivery': 'd-1' },
      };
      return readGitHubWebhook({ header: (name) => headers[name], body: Buffer.from(body) }, [
        'another-secret-of-some',
        secret,
      ]);
    };
    const sign = (body: string, by = secret) =>
      `sha256=${createHmac('sha256', by).update(body).digest('hex')}`;
    const body = JSON.stringify(by('ada', { action: 'labeled', issue, label: { name: 'gantry' } }));
    const read = send(body, sign(body));
    assert.ok(read.kind === 'signed' && read.id === 'd-1' && read.delivery?.kind === 'issue-labelled');
    const form = `payload=${encodeURIComponent(body)}`;
    const formed = send(form, sign(form), 'application/x-www-form-urlencoded');
    assert.ok(formed.kind === 'signed' && formed.delivery?.kind === 'issue-labelled');
    for (const wrong of [
      undefined,
      '',
      'sha256=',
      sign(body, 'guess'),
      sign(body, ''),
      sign(body).slice(0, -1),
      sign(body).toUpperCase(),
      sign(`${body} `),
      `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
    ])
      assert.deepEqual(send(body, wrong), { kind: 'unsigned' }, String(wrong));
    assert.throws(() => send('no json', sign('no json')), { code: 'INPUT_INVALID' });
    const unset = readGitHubWebhook({ header: () => sign(body, ''), body: Buffer.from(body) }, []);
    assert.deepEqual(unset, { kind: 'unsigned' });
  });
});

describe('gitlab', () => {
  const project = { path_with_namespace: 'acme/shop', web_url: 'https://gitlab.com/acme/shop' };
  const about = {
    ...{ forge: 'gitlab', repository: 'acme/shop', pageUrl: project.web_url },
    ...{ actor: 'ada', byBot: false },
  };
  const by = (rest: object) => ({ project, user: { username: 'ada' }, ...rest });
  const labels = (...titles: string[]) => titles.map((title) => ({ title }));
  const attributes = { iid: 7, title: 'A bug' };

  test('events that somebody needs become deliveries', () => {
    const note = { id: 5, note: '/gantry go', action: 'create', system: false };
    const merge = { iid: 8, source_branch: 'gantry/1' };
    const cases: readonly (readonly [object, object])[] = [
      [
        {
          ...{ object_kind: 'issue', object_attributes: { ...attributes, action: 'update' } },
          changes: { labels: { previous: labels('old'), current: labels('old', 'gantry', 'more') } },
        },
        { kind: 'issue-labelled', number: 7, title: 'A bug', labels: ['gantry', 'more'] },
      ],
      [
        {
          ...{ object_kind: 'issue', object_attributes: { ...attributes, action: 'open' } },
          labels: labels('gantry'),
        },
        { kind: 'issue-labelled', number: 7, title: 'A bug', labels: ['gantry'] },
      ],
      [
        { object_kind: 'note', object_attributes: { ...note, noteable_type: 'Issue' }, issue: attributes },
        {
          ...{ kind: 'issue-commented', number: 7, title: 'A bug' },
          comment: { id: '5', body: '/gantry go' },
        },
      ],
      [
        {
          ...{ object_kind: 'note', object_attributes: { ...note, noteable_type: 'MergeRequest' } },
          merge_request: merge,
        },
        {
          ...{ kind: 'pull-commented', number: 8, branch: 'gantry/1' },
          comment: { id: '5', body: '/gantry go' },
        },
      ],
      [
        { object_kind: 'merge_request', object_attributes: { ...merge, action: 'merge' } },
        { kind: 'pull-merged', number: 8, branch: 'gantry/1' },
      ],
      [
        { object_kind: 'merge_request', object_attributes: { ...merge, action: 'close' } },
        { kind: 'pull-closed', number: 8, branch: 'gantry/1' },
      ],
      [
        { object_kind: 'merge_request', object_attributes: { ...merge, action: 'update', oldrev: 'a' } },
        { kind: 'pull-pushed', number: 8, branch: 'gantry/1' },
      ],
      [
        { object_kind: 'pipeline', object_attributes: { sha: 'b', status: 'failed', ref: 'gantry/1' } },
        { kind: 'checks-finished', commit: 'b', branch: 'gantry/1' },
      ],
    ];
    for (const [payload, expected] of cases) {
      const read = readGitLabDelivery(by(payload));
      assert.deepEqual(read, { ...about, ...expected });
      assert.deepEqual(forgeDeliverySchema.parse(read), read);
    }
  });

  test('what is confidential, changed, said by GitLab itself, or of another shape is nobody’s business', () => {
    const note = { id: 5, note: '/gantry', noteable_type: 'Issue' };
    for (const payload of [
      by({
        object_kind: 'note',
        event_type: 'confidential_note',
        object_attributes: note,
        issue: attributes,
      }),
      by({ object_kind: 'note', object_attributes: note, issue: { ...attributes, confidential: true } }),
      by({ object_kind: 'note', object_attributes: { ...note, system: true }, issue: attributes }),
      by({ object_kind: 'note', object_attributes: { ...note, action: 'update' }, issue: attributes }),
      by({
        object_kind: 'issue',
        object_attributes: { ...attributes, action: 'update' },
        labels: labels('x'),
      }),
      by({ object_kind: 'pipeline', object_attributes: { sha: 'b', status: 'running' } }),
      by({ object_kind: 'push' }),
      { object_kind: 'issue', object_attributes: attributes },
      null,
      'text',
    ])
      assert.equal(readGitLabDelivery(payload), null);
  });

  test('accounts of access tokens are bots, and only the secret token lets in', () => {
    const payload = by({
      object_kind: 'merge_request',
      object_attributes: { iid: 1, source_branch: 'x', action: 'merge' },
    });
    for (const [username, byBot] of [
      ['project_12_bot', true],
      ['group_3_bot_af12', true],
      ['project_manager', false],
      ['my_project_12_bot', false],
    ] as const)
      assert.equal(readGitLabDelivery({ ...payload, user: { username } })?.byBot, byBot, username);
    const body = Buffer.from(JSON.stringify(payload));
    const send = (token: string | undefined, secrets: readonly string[]) =>
      readGitLabWebhook({ header: (name) => (name === 'x-gitlab-token' ? token : undefined), body }, secrets);
    assert.equal(send(secret, ['another-one', secret]).kind, 'signed');
    for (const token of [undefined, '', 'x', `${secret} `])
      assert.equal(send(token, [secret]).kind, 'unsigned');
    assert.equal(send('', []).kind, 'unsigned');
    assert.equal(send(undefined, []).kind, 'unsigned');
  });
});
