import { inert } from '../../base/inert.ts';
import type { Secret, SecretGrant } from '../../contract/secret.ts';
import { webCapability } from '../capabilities.ts';
import type { Texts } from '../locales/texts.ts';

/** A grant in words: "Runs on acme/shop". */
export function grantWords(t: Texts, grant: SecretGrant, scope: Secret['scope']): string {
  if (grant.kind === 'everyone') return t(scope === 'user' ? 'secrets:everyoneOwn' : 'secrets:everyone');
  if (grant.kind === 'repository') return t('secrets:runsOn', { name: inert(grant.subject) });
  const name = webCapability(grant.subject)?.kind(t) ?? inert(grant.subject);
  return t('secrets:runsOf', { name });
}
