import { useTranslation } from 'react-i18next';
import { inert } from '../../../../base/inert.ts';
import { Card } from '../../../../web/parts/card.tsx';
import { CopyButton } from '../../../../web/parts/copy-button.tsx';
import { Fact, Facts } from '../../../../web/run/fact.tsx';
import type { SessionView } from '../../session-view.ts';
import { PullLink } from './pull-link.tsx';

/** Where the work goes: the branch, from which commit, whether the remote has it, and the pull request. */
export function BranchCard({ session: { branch, pull }, isOver }: { session: SessionView; isOver: boolean }) {
  const { t } = useTranslation('codingWork');
  if (!branch) return null;
  const { name, base, baseCommit, commits, pushed } = branch;
  return (
    <Card title={t('branch.title')}>
      <Facts>
        <Fact mono name={t('branch.name')}>
          <bdi title={inert(name.slice(0, 300))}>{inert(name.slice(0, 100))}</bdi>
          <CopyButton text={name} what={t('branch.copy')} />
        </Fact>
        <Fact mono name={t('branch.base')}>
          <bdi>{inert(base.slice(0, 100))}</bdi> <span title={baseCommit}>{baseCommit.slice(0, 7)}</span>
        </Fact>
        <Fact mono name={t('branch.commits')}>
          {commits.length}
        </Fact>
        <Fact name={t('branch.pushed')}>
          {pushed === null
            ? t(isOver ? 'branch.pushedNever' : 'branch.pushedNo')
            : t('branch.pushedYes', { sha: pushed.slice(0, 7) })}
        </Fact>
        <Fact name={t('branch.pull')}>
          {pull ? <PullLink pull={pull} /> : t(isOver ? 'branch.never' : 'branch.none')}
        </Fact>
      </Facts>
    </Card>
  );
}
