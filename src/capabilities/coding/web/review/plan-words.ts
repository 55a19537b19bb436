import type { TFunction } from 'i18next';
import type { PlanStep } from '../../schema.ts';
import type { PlanChange } from '../../plan/plan-diff.ts';

type Words = TFunction<'codingReview'>;

const counted = ['new', 'changed', 'moved', 'removed'] as const;

/** "1 step added, 2 changed", or that nothing changed. */
export function countsOf(changes: readonly PlanChange[], t: Words): string {
  const words = counted.flatMap((change) => {
    const count = changes.filter((each) => each.change === change).length;
    return count > 0 ? [t(`plan.counts.${change}`, { count })] : [];
  });
  return words.length > 0 ? words.join(', ') : t('plan.counts.same');
}

/** "title, files": what of a step is different. */
export function fieldsOf({ fields = [], moved }: PlanChange, t: Words): string {
  return [
    ...fields.map((field) => t(`plan.fields.${field}`)),
    ...(moved && fields.length > 0 ? [t('plan.tag.moved').toLowerCase()] : []),
  ].join(', ');
}

/** What a step is called where its title may be missing. */
export function titleOf({ title }: Pick<PlanStep, 'title'>, t: Words): string {
  return title.trim() === '' ? t('plan.untitled') : title.slice(0, 300);
}

/** The plan as plain text, to be kept or sent by other means. */
export function planText(steps: readonly PlanStep[]): string {
  return steps
    .map(({ title, description, files, acceptance }, index) =>
      [
        `${index + 1}. ${title}`,
        ...(description.trim() === '' ? [] : [`   ${description}`]),
        ...files.map((file) => `   ${file}`),
        ...acceptance.map((each) => `   - ${each}`),
      ].join('\n'),
    )
    .join('\n\n');
}
